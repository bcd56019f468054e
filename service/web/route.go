package web

import (
	"net/http"
	"slices"
	"strings"
)

// Route is a pattern of a Mux with what the service's document says of it.
type Route struct {
	Pattern  string // of http.ServeMux
	Summary  string // a sentence
	Wire     bool   // it is other programs': it ignores what it does not know
	Path     []Param
	Query    []Param // any other is refused, unless Wire
	Headers  []Param // of the request
	Takes    []Content
	Gives    []Answer
	Sends    []Param  // headers of an answer that is no failure
	Fails    []int    // statuses of failures that are this route's own, ascending
	Failures []string // the media types in which it fails
}

// Content is a body in one media type.
type Content struct {
	Media string
	// Value is of the Go type whose JSON the body is, or in lines and events each
	// of them; nil: no JSON.
	Value any
}

// AnyOf is the value of JSON that is of one of several types, each given by a
// value.
type AnyOf []any

// Answer is one form of an answer that is no failure. Media is "" for one
// without a body.
type Answer struct {
	Status int // or AnyStatus
	Content
}

// AnyStatus is of the answers that a gateway passes on: failures, too.
const AnyStatus = 0

// About says something of a route.
type About func(*Route)

// Does says in a sentence what a route does.
func Does(summary string) About { return func(r *Route) { r.Summary = summary } }

// Wire makes a route one between programs of different versions.
func Wire() About { return func(r *Route) { r.Wire = true } }

// Path says what the wildcards of a pattern are; those that it does not have are
// left out.
func Path(params ...Param) About {
	return func(r *Route) {
		for _, p := range params {
			if i := slices.IndexFunc(r.Path, func(old Param) bool { return old.Name == p.Name }); i >= 0 {
				r.Path[i] = p
			}
		}
	}
}

// Query adds parameters that may be in the query.
func Query(params ...Param) About {
	return func(r *Route) { r.Query = append(r.Query, params...) }
}

// Header adds headers that a request may have.
func Header(params ...Param) About {
	return func(r *Route) { r.Headers = append(r.Headers, params...) }
}

// Sends adds headers that an answer which is no failure may have.
func Sends(params ...Param) About {
	return func(r *Route) { r.Sends = append(r.Sends, params...) }
}

// Takes adds forms of the body: JSON of value's type, or value in other media.
func Takes(value any, media ...string) About {
	return func(r *Route) { r.Takes = append(r.Takes, contents(value, media)...) }
}

// Gives adds forms of an answer: JSON of value's type, or value in other media,
// or no body when there is neither.
func Gives(status int, value any, media ...string) About {
	return func(r *Route) {
		if value == nil && media == nil {
			media = []string{""}
		}
		for _, c := range contents(value, media) {
			r.Gives = append(r.Gives, Answer{status, c})
		}
	}
}

const mediaJSON = "application/json"

func contents(value any, media []string) []Content {
	if media == nil {
		media = []string{mediaJSON}
	}
	var list []Content
	for _, m := range media {
		list = append(list, Content{m, value})
	}
	return list
}

// Fails adds failures that are the route's own. Those that any may have need not
// be told: see [CommonFailure].
func Fails(status ...int) About {
	return func(r *Route) { r.Fails = append(r.Fails, status...) }
}

// newRoute returns a route with what is true of all that are like it.
func newRoute(pattern string, failures []string, about []About) Route {
	r := Route{Pattern: pattern, Failures: failures}
	for _, name := range r.wildcards() {
		r.Path = append(r.Path, Text(name, ""))
	}
	for _, say := range about {
		say(&r)
	}
	if !r.Wire {
		r.Fails = append(r.Fails, http.StatusBadRequest)
		if len(r.Takes) == 1 && r.Takes[0].Media == mediaJSON {
			r.Fails = append(r.Fails, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
		}
	}
	slices.Sort(r.Fails)
	r.Fails = slices.Compact(r.Fails)
	return r
}

// Methods returns the methods that the route takes, in lower case.
func (r *Route) Methods() []string {
	if method, _, found := strings.Cut(r.Pattern, " "); found {
		return []string{strings.ToLower(method)}
	}
	return []string{"get", "post", "put", "patch", "delete"}
}

// Template is the route's path as OpenAPI writes it. A pattern that takes all
// paths below one has {path} at the end.
func (r *Route) Template() string {
	path := r.Pattern[strings.IndexByte(r.Pattern, '/'):]
	if path, found := strings.CutSuffix(path, "{$}"); found {
		return path
	}
	if strings.HasSuffix(path, "/") {
		path += "{path}"
	}
	return strings.ReplaceAll(path, "...}", "}")
}

// wildcards returns the names in the template.
func (r *Route) wildcards() []string {
	var names []string
	for part := range strings.SplitSeq(r.Template(), "{") {
		if name, _, found := strings.Cut(part, "}"); found {
			names = append(names, name)
		}
	}
	return names
}
