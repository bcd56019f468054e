package portal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gradebook/grades"
	"gradebook/service/web"
)

// failure is a page that says what is wrong, what follows from it, and where
// to go from here.
type failure struct {
	Status    int
	Title     string
	Detail    string
	Still     string // what works all the same
	Retry     string // the address to try again; "" when that is no use
	RequestID string
}

// retryAfter is how long a browser or a script waits for a service to be back,
// in seconds.
const retryAfter = "5"

// fail answers a request that a handler could not: with a page for people, and
// with a problem document below /api/.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		web.Problems(nil)(w, r, err)
		return
	}
	f := failureOf(err, s.now())
	if f.Status >= http.StatusInternalServerError {
		web.Report(w, err)
	}
	if web.Started(w) {
		return
	}
	if f.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	if p := problemOf(err); p != nil && f.Status == http.StatusMethodNotAllowed {
		w.Header()["Allow"] = p.Header["Allow"]
	}
	if r.Method == http.MethodGet && f.Status >= http.StatusInternalServerError {
		f.Retry = r.URL.RequestURI()
	}
	f.RequestID = web.RequestID(r.Context())
	if err := s.render(w, r, page{Template: "failure", Title: f.Title, Status: f.Status, View: f}); err != nil {
		web.Problems(nil)(w, r, err)
	}
}

// failureOf turns an error into words.
func failureOf(err error, now time.Time) failure {
	if errors.Is(err, context.Canceled) {
		return failure{Status: http.StatusServiceUnavailable, Title: "This was interrupted", Detail: "The page was given up before it was ready. Open it again."}
	}
	if o, ok := outageOf(err); ok {
		return failure{Status: http.StatusServiceUnavailable, Title: o.title(), Detail: o.detail(now), Still: o.still()}
	}
	p := problemOf(err)
	switch {
	case p == nil:
		return failure{Status: http.StatusInternalServerError, Title: "The portal made a mistake", Detail: "This page could not be made. What was saved is safe. The request's number below leads to the reason in the logs."}
	case p.Status == http.StatusNotFound:
		return failure{Status: p.Status, Title: "There is nothing here", Detail: problemText(p) + " The link may be old, or what it led to was removed. Nothing was changed."}
	case p.Status >= http.StatusInternalServerError:
		return failure{Status: http.StatusServiceUnavailable, Title: "A service could not answer", Detail: problemText(p) + " What was saved is safe.", Still: stillOthers}
	}
	return failure{Status: p.Status, Title: "This did not work", Detail: problemText(p) + " Nothing was changed."}
}

// problemOf returns what a service, or the portal, found wrong with a request;
// nil for an error of another kind.
func problemOf(err error) *web.Problem {
	if p := grades.Problem(err); p != nil {
		return p
	}
	p, _ := errors.AsType[*web.Problem](err)
	return p
}

func (o outage) title() string {
	switch {
	case o.Service == "":
		return "A service did not answer"
	case o.Slow:
		return o.Service + " did not answer in time"
	}
	return o.Service + " is away"
}

func (o outage) detail(now time.Time) string {
	switch {
	case o.Slow:
		return "It was asked and took too long. It may be busy or stuck; the status page shows what is known."
	case o.Since.IsZero():
		return "It cannot be reached. Nothing that was saved is lost: start it, or wait, and this page works again."
	}
	return fmt.Sprintf("It has been missing since %s. Nothing that was saved is lost: start it, or wait, and this page works again.", clockTime(o.Since, now))
}

// stillOthers is what works when it is not known which service is away.
const stillOthers = "The other pages work as far as their services do."

func (o outage) still() string {
	switch o.Service {
	case gradingService:
		return "Status and logs work as before. Classes, students and grades come back with the service."
	case logService:
		return "Classes, students and grades work as before. The services keep their log lines and send them when it is back."
	}
	return stillOthers
}

// problemText says in a sentence what a service found wrong. About a field its
// detail is a predicate: "page" "must be a whole number".
func problemText(p *web.Problem) string {
	if len(p.Errors) > 0 {
		return sentence(p.Errors[0].Field + " " + p.Errors[0].Detail)
	}
	return sentence(p.Detail)
}

// conflictText says what a change does not go together with. To make a class
// usable again is not something that a page can do.
func conflictText(e *grades.ConflictError) string {
	if class, ok := e.Current.(grades.Class); ok && class.Archived {
		return class.Title + " is archived, and nothing in it changes."
	}
	return sentence(e.Detail)
}

// sentence makes a sentence of a problem's detail.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	text = string(unicode.ToUpper(first)) + text[size:]
	if strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
