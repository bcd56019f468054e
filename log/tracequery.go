package log

import (
	"errors"
	"fmt"
	"maps"
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
	q := traceQuery{most: maxListed}
	var bad []web.FieldError
	rest := url.Values{"limit": {strconv.Itoa(defaultTraces)}}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values.Get(name)
		var err error
		switch name {
		case "service":
			q.service = value
		case "min":
			if q.min, err = time.ParseDuration(value); value != "" && (err != nil || q.min < 0) {
				err = fmt.Errorf("%q is not a duration such as 250ms", cut(value, 40))
			} else {
				err = nil
			}
		case "error":
			if q.failed = value; value != "" && value != "true" && value != "false" {
				err = fmt.Errorf("%q is neither true nor false", cut(value, 40))
			}
		case "since", "until", "limit", "format":
			if value != "" {
				rest[name] = values[name]
			}
		default:
			err = errors.New("is no parameter here: use service, min, error, since, until, limit or format")
		}
		if err != nil {
			bad = append(bad, web.FieldError{Field: cut(name, 40), Detail: err.Error()})
		}
	}
	var err error
	q.filter, err = parseFilter(rest, now)
	if p, ok := errors.AsType[*web.Problem](err); ok {
		bad = append(bad, p.Errors...)
	}
	if bad != nil {
		return traceQuery{}, web.Invalid(400, bad...)
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
