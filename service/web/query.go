package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// guard lets only requests through to h whose query the route takes.
func (r *Route) guard(h HandlerFunc) HandlerFunc {
	if r.Wire && len(r.Query) == 0 {
		return h
	}
	return func(w http.ResponseWriter, req *http.Request) error {
		if req.URL.RawQuery != "" { // mostly it is
			if err := r.check(req.URL.RawQuery); err != nil {
				return err
			}
		}
		return h(w, req)
	}
}

// check returns a 400 problem with each parameter that does not fit, and unless
// the route is other programs', that it does not take or that repeats: a
// condition that is misspelt would otherwise show everything. One without a
// value, such as a form's empty field, is as good as absent.
func (r *Route) check(rawQuery string) error {
	values, err := url.ParseQuery(rawQuery)
	if err != nil && !r.Wire {
		return NewProblem(http.StatusBadRequest, "the query of the address cannot be read: %v", err)
	}
	var bad []FieldError
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if detail := r.judge(name, values[name]); detail != "" {
			bad = append(bad, FieldError{shortened(name), detail})
		}
	}
	if bad != nil {
		return Invalid(http.StatusBadRequest, bad...)
	}
	return nil
}

// judge says what is wrong with the values of a parameter, or "".
func (r *Route) judge(name string, values []string) string {
	i := slices.IndexFunc(r.Query, func(p Param) bool { return p.Name == name })
	switch {
	case i < 0 && r.Wire:
		return ""
	case i < 0 && len(r.Query) == 0:
		return "is an unknown parameter; this address takes none"
	case i < 0:
		var known []string
		for _, p := range r.Query {
			known = append(known, p.Name)
		}
		return "is an unknown parameter; this address takes " + series(known, "and")
	case len(values) > 1 && !r.Wire:
		return "appears twice; send it once"
	case values[0] == "" || r.Query[i].Must == nil:
		return ""
	}
	return r.Query[i].Must(values[0])
}

// Value returns a query parameter, "" when it is absent. Most requests have none,
// and need no reading.
func Value(r *http.Request, name string) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return r.URL.Query().Get(name)
}

// Int returns the query parameter name, which the route says is a [Whole]: no
// other comes here. It is def when it is absent.
func Int(r *http.Request, name string, def int) int {
	text := Value(r, name)
	if text == "" {
		return def
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(fmt.Sprintf("%s does not say that %s is a whole number", r.Pattern, name))
	}
	return n
}

// Duration returns the query parameter name, which the route says is a [Span],
// def when it is absent.
func Duration(r *http.Request, name string, def time.Duration) time.Duration {
	text := Value(r, name)
	if text == "" {
		return def
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		panic(fmt.Sprintf("%s does not say that %s is a time", r.Pattern, name))
	}
	return d
}

// Bool returns whether the query parameter name, which the route says is a
// [Flag], is true.
func Bool(r *http.Request, name string) bool { return Value(r, name) == "true" }
