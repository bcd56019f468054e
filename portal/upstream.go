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
	callLimit = 5 * time.Second
	fileLimit = 60 * time.Second // to read or write a file of a whole class
)

// within returns the context of this request's calls to other services.
func within(r *http.Request, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(grades.WithActor(r.Context(), actor), limit)
}

// withinFile is within for a file, which may take longer to come and go than the
// server's own limits allow a page. A writer without deadlines needs none lifted.
func withinFile(w http.ResponseWriter, r *http.Request) (context.Context, context.CancelFunc) {
	control, until := http.NewResponseController(w), time.Now().Add(fileLimit+callLimit)
	control.SetReadDeadline(until)
	control.SetWriteDeadline(until)
	return within(r, fileLimit)
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
