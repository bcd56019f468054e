package log

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gradebook/service/web"
)

const defaultTraces = 50

// traceQuery says which traces are listed.
type traceQuery struct {
	service string        // has a part in it; empty: any
	min     time.Duration // it took at least
	failed  string        // "true": something went wrong; "false": nothing did; empty: either
	most    int           // spans that are read for it
	filter                // since ≤ start < until, and the limit
}

// parseTraceQuery reads the parameters of GET /traces, as parseFilter does those of GET /log.
func parseTraceQuery(values url.Values, now time.Time) (traceQuery, error) {
	q := traceQuery{most: maxListed, service: values.Get("service"), failed: values.Get("error")}
	var bad []web.FieldError
	if text := values.Get("min"); text != "" {
		var err error
		if q.min, err = time.ParseDuration(text); err != nil || q.min < 0 {
			bad = append(bad, web.FieldError{Field: "min", Detail: fmt.Sprintf("%q is not a duration such as 250ms", cut(text, 40))})
		}
	}
	var err error
	q.filter, err = parseFilter(values, now)
	if p, ok := errors.AsType[*web.Problem](err); ok {
		bad = append(bad, p.Errors...)
	}
	if bad != nil {
		return traceQuery{}, web.Invalid(400, bad...)
	}
	if values.Get("limit") == "" {
		q.limit = defaultTraces
	}
	return q, nil
}

// matches looks at everything but the limit.
func (q *traceQuery) matches(s *TraceSummary) bool {
	start := s.Start.UnixNano()
	return start >= q.since && start < q.until && time.Duration(s.Duration) >= q.min &&
		(q.service == "" || slices.Contains(s.Services, q.service)) &&
		(q.failed == "" || q.failed == strconv.FormatBool(s.Error != ""))
}
