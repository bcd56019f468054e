package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Problem is an error that a client is told about: a problem document after
// RFC 9457. Cause is for the log and never leaves the process.
type Problem struct {
	Type     string       `json:"type"`               // "about:blank": the status says it all
	Title    string       `json:"title"`              // the status in words
	Status   int          `json:"status"`             // the HTTP status
	Detail   string       `json:"detail,omitempty"`   // what happened and what to do
	Instance string       `json:"instance,omitempty"` // "/traces/" and the request's id
	Errors   []FieldError `json:"errors,omitempty"`
	Current  any          `json:"current,omitempty"` // on a conflict: what is there now; what was read is a json.RawMessage

	Header http.Header `json:"-"` // sent with the answer, such as Allow or Retry-After
	Cause  error       `json:"-"`
}

const mediaProblem = "application/problem+json"

// FieldError says what is wrong with one field of a request and what it takes.
type FieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// NewProblem returns a problem with the status's own title.
func NewProblem(status int, format string, args ...any) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// Invalid returns a problem about fields; its detail is the first of them.
func Invalid(status int, errs ...FieldError) *Problem {
	p := NewProblem(status, "%s: %s", errs[0].Field, errs[0].Detail)
	p.Errors = errs
	return p
}

func (p *Problem) Error() string {
	if p.Detail == "" {
		return fmt.Sprintf("%d %s", p.Status, p.Title)
	}
	return fmt.Sprintf("%d %s: %s", p.Status, p.Title, p.Detail)
}

func (p *Problem) Unwrap() error { return p.Cause }

// Problems returns a FailFunc that answers problem documents. table turns a
// package's own errors into problems and returns nil for those it does not
// know: a *Problem in the error's chain is then taken, or else a 500 whose
// cause is only logged. table may be nil.
func Problems(table func(error) *Problem) FailFunc {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		p := AsProblem(err, table)
		if p.Status >= 500 {
			Report(w, err)
		}
		if Started(w) {
			return
		}
		p.write(w, r)
	}
}

// AsProblem returns the problem that err stands for; see Problems. The caller
// may change what it gets.
func AsProblem(err error, table func(error) *Problem) *Problem {
	if table != nil {
		if p := table(err); p != nil {
			return p
		}
	}
	if p, ok := errors.AsType[*Problem](err); ok {
		copied := *p
		return &copied
	}
	p := NewProblem(http.StatusInternalServerError, "something went wrong here; the request's id leads to it in the log")
	p.Cause = err
	return p
}

func (p *Problem) write(w http.ResponseWriter, r *http.Request) {
	if id := RequestID(r.Context()); id != "" {
		p.Instance = "/traces/" + id
	}
	for name, values := range p.Header {
		w.Header()[name] = values
	}
	body, err := json.Marshal(p)
	if err != nil { // only Current can fail
		p.Current = nil
		body, _ = json.Marshal(p)
	}
	w.Header().Set("Content-Type", mediaProblem)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	w.Write(append(body, '\n')) // a client that has gone cannot be told
}

const (
	maxProblem = 16 << 20 // bytes of a problem that are read: a batch may be refused in every cell
	maxNoJSON  = 64 << 10 // bytes of another answer that are kept
)

// ReadProblem returns an answer that is not 2xx as a *Problem, whatever its
// body is. It reads at most 16 MiB of the body and does not close it.
func ReadProblem(resp *http.Response) *Problem {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxProblem))
	p := NewProblem(resp.StatusCode, "")
	current := new(json.RawMessage)
	p.Current = current
	if json.Unmarshal(body, p) != nil || p.Detail == "" && p.Errors == nil {
		p.Detail = strings.TrimSpace(string(body[:min(len(body), maxNoJSON)]))
	}
	p.Status, p.Current = resp.StatusCode, nil
	if *current != nil {
		p.Current = *current
	}
	p.Header = resp.Header
	return p
}
