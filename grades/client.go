package grades

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"gradebook/service/web"
)

// Client calls the grading service. Its errors are those of the domain, equal to
// what a caller of the book itself would get:
//
//   - *NotFoundError: an id that is nobody's, or not any more
//   - *InvalidError: what was sent breaks the rules, field by field
//   - *ConflictError: it does not go together with what is there, which is
//     Current: a Grade, []Grade, Assignment, Student or Class, or nil
//   - *StaleError: a cell is not at the revision that was named
//   - *KeyReusedError: a key came with another request before
//   - *SheetError: a file was refused, line by line
//   - *ArchiveError: an archive was refused
//
// Nothing was changed then. Any other refusal is a *web.Problem, and else an
// error is what the transport gave. Give each context a deadline. It is safe for
// concurrent use.
//
// A key, where one is taken, makes it safe to send the same request again: it
// is done once. "" sends none.
type Client struct {
	http *http.Client
	base string
	at   string // "" for now; see At
}

// NewClient returns a client whose http.Client finds the service by name.
func NewClient(c *http.Client) *Client { return &Client{http: c, base: "http://GradingService"} }

type actorKey struct{}

// WithActor returns a context in which the client's requests are made in the
// name of a person.
func WithActor(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, actorKey{}, name)
}

// call is a request to the service and what to do with its answer.
type call struct {
	method, path string
	query        url.Values
	header       http.Header
	in           any // JSON, or an io.Reader; nil for none
	out          any // nil: the answer has no body
}

// do makes a call and returns the answer, whose body is closed.
func (c *Client) do(ctx context.Context, call call) (*http.Response, error) {
	resp, err := c.send(ctx, call)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if call.out == nil || resp.StatusCode == http.StatusNoContent {
		return resp, nil
	}
	if err := json.NewDecoder(resp.Body).Decode(call.out); err != nil {
		return nil, fmt.Errorf("%s %s: read answer: %w", call.method, call.path, err)
	}
	return resp, nil
}

// send makes a call and returns the answer, which is 2xx, for reading.
func (c *Client) send(ctx context.Context, call call) (*http.Response, error) {
	var body io.Reader
	switch in := call.in.(type) {
	case nil:
	case io.Reader:
		body = in
	default:
		text, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	target := c.base + call.path
	if len(call.query) > 0 {
		target += "?" + call.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, call.method, target, body)
	if err != nil {
		return nil, err
	}
	if call.header != nil {
		req.Header = call.header
	}
	if _, file := call.in.(io.Reader); call.in != nil && !file {
		req.Header.Set("Content-Type", "application/json")
	}
	if actor, _ := ctx.Value(actorKey{}).(string); actor != "" {
		req.Header.Set("Gradebook-Actor", actor)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 != 2 {
		defer resp.Body.Close()
		return nil, factOf(web.ReadProblem(resp), req.Header.Get("Idempotency-Key"))
	}
	return resp, nil
}

func get[T any](ctx context.Context, c *Client, path string, query url.Values) (out T, err error) {
	_, err = c.do(ctx, call{method: http.MethodGet, path: path, query: query, out: &out})
	return out, err
}

func change[T any](ctx context.Context, c *Client, method, path, key string, in any) (out T, err error) {
	header := http.Header{}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	_, err = c.do(ctx, call{method: method, path: path, header: header, in: in, out: &out})
	return out, err
}

func (c *Client) remove(ctx context.Context, format string, ids ...any) error {
	_, err := c.do(ctx, call{method: http.MethodDelete, path: fmt.Sprintf(format, ids...)})
	return err
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func yes(b bool) string {
	if !b {
		return ""
	}
	return "true"
}

// given is a query of those values that are not empty.
func given(values map[string]string) url.Values {
	query := url.Values{}
	for name, value := range values {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

func withRemoved() url.Values { return url.Values{"removed": {"true"}} }
