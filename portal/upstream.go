package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"gradebook/grades"
	"gradebook/registry"
)

// The services the portal calls, as they are registered.
const (
	gradingService = "GradingService"
	logService     = "LogService"
)

// actor is who changes things until people sign in.
const actor = "portal"

// How long a page waits for another service.
const (
	callLimit   = 5 * time.Second
	importLimit = 60 * time.Second // a file of thousands of grades is one change
)

// within returns the context of this request's calls to other services.
func within(r *http.Request, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(grades.WithActor(r.Context(), actor), limit)
}

// outage is what is known about a service that could not be reached.
type outage struct {
	Service string    // "" when the error does not say
	Since   time.Time // zero when nobody knows
	Slow    bool      // it was there but did not answer in time
}

// outageOf reads from a client's error that a service is away. A refused
// connection, a missing provider and silence are all the same to a teacher.
func outageOf(err error) (outage, bool) {
	if missing, ok := errors.AsType[*registry.NoProviderError](err); ok {
		return outage{Service: missing.Service, Since: missing.Since}, true
	}
	call, ok := errors.AsType[*url.Error](err)
	slow := errors.Is(err, context.DeadlineExceeded)
	if !ok {
		return outage{Slow: slow}, slow
	}
	o := outage{Slow: slow}
	if u, err := url.Parse(call.URL); err == nil {
		o.Service = u.Hostname()
	}
	return o, true
}
