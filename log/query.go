package log

import (
	"fmt"
	"log/slog"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gradebook/service/web"
)

const (
	defaultLimit = 100
	maxLimit     = 1000
)

// Query says which entries a [Client] wants. The zero value of a field sets no condition.
type Query struct {
	Service      string    // exactly this service
	Level        string    // this level or above: debug, info, warn, error
	Text         string    // in the message or the attributes as text ("key=value"), in any letter case
	Trace        string    // exactly this trace id
	Since, Until time.Time // from Since on, before Until
	After        uint64    // offsets above it
	Before       uint64    // offsets below it
	Limit        int       // at most so many, the newest; 100 if 0, at most 1000
}

func (q Query) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	setTime := func(name string, t time.Time) {
		if !t.IsZero() {
			v.Set(name, t.Format(time.RFC3339Nano))
		}
	}
	setNumber := func(name string, n uint64) {
		if n != 0 {
			v.Set(name, strconv.FormatUint(n, 10))
		}
	}
	set("service", q.Service)
	set("level", q.Level)
	set("q", q.Text)
	set("trace", q.Trace)
	setTime("since", q.Since)
	setTime("until", q.Until)
	setNumber("after", q.After)
	setNumber("before", q.Before)
	setNumber("limit", uint64(max(q.Limit, 0)))
	return v
}

// filter is a query as the server runs it.
type filter struct {
	service, trace string // empty: any
	text           string // in lower case
	level          slog.Level
	spans          bool  // only spans, which are of level trace
	since, until   int64 // Unix nanoseconds: since ≤ time < until
	after, before  uint64
	limit          int
	format         string // json, text or ndjson; empty if the URL does not say
}

// newFilter returns the filter that everything matches.
func newFilter() filter {
	return filter{
		level: math.MinInt8, since: math.MinInt64, until: math.MaxInt64,
		before: math.MaxUint64, limit: defaultLimit,
	}
}

// parseFilter reads the parameters of GET /log, of which the route has let through those that it
// knows. The error is a 400 problem that names each bad one.
func parseFilter(values url.Values, now time.Time) (filter, error) {
	f := newFilter()
	if values.Get("level") == "" && values.Get("trace") == "" {
		f.level = slog.LevelDebug // lines, not the spans of requests that nobody asked for
	}
	var bad []web.FieldError
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values.Get(name)
		if value == "" {
			continue // a form's empty field
		}
		var err error
		switch name {
		case "service":
			f.service = value
		case "trace":
			f.trace = value
		case "q":
			f.text = strings.ToLower(value)
		case "level":
			f.level, err = parseLevel(value)
		case "since":
			f.since, err = parseMoment(value, now)
		case "until":
			f.until, err = parseMoment(value, now)
		case "after":
			f.after, err = parseOffset(value)
		case "before":
			f.before, err = parseOffset(value)
		case "limit":
			f.limit, err = strconv.Atoi(value)
		case "format":
			f.format = value
		}
		if err != nil {
			bad = append(bad, web.FieldError{Field: cut(name, 40), Detail: err.Error()})
		}
	}
	if bad != nil {
		return filter{}, web.Invalid(400, bad...)
	}
	return f, nil
}

// parseMoment reads an RFC 3339 time, or a duration such as 30m as that long before now.
func parseMoment(s string, now time.Time) (int64, error) {
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(-d).UnixNano(), nil
	}
	at, err := parseTime(s)
	if err != nil {
		return 0, fmt.Errorf("%w, nor a duration such as 30m", err)
	}
	return at, nil
}

func parseOffset(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, fmt.Errorf("%q is not an offset: a whole number such as 1", cut(s, 40))
	}
	return n, nil
}

// matches looks at everything but the offset and the limit.
func (f *filter) matches(r *record) bool {
	return f.matchesHead(r.kind, r.level) && r.time >= f.since && r.time < f.until &&
		(f.service == "" || r.service == f.service) &&
		(f.trace == "" || r.trace == f.trace) &&
		(f.text == "" || newSearch(f.text).matches([]byte(r.message), []byte(r.attributes)))
}

func (f *filter) matchesHead(k kind, level slog.Level) bool {
	return level >= f.level && (!f.spans || k == kindSpan && level <= levelTrace)
}
