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

func withRemoved() url.Values { return url.Values{"removed": {"true"}} }

func (c *Client) remove(ctx context.Context, format string, ids ...any) error {
	_, err := c.do(ctx, call{method: http.MethodDelete, path: fmt.Sprintf(format, ids...)})
	return err
}

// Classes returns all classes, archived ones too.
func (c *Client) Classes(ctx context.Context) ([]ClassSummary, error) {
	return get[[]ClassSummary](ctx, c, "/classes", nil)
}

// AllClasses returns all classes and those that were removed.
func (c *Client) AllClasses(ctx context.Context) ([]ClassSummary, error) {
	return get[[]ClassSummary](ctx, c, "/classes", withRemoved())
}

// Class returns a class as it is on the list of classes.
func (c *Client) Class(ctx context.Context, class int) (ClassSummary, error) {
	return get[ClassSummary](ctx, c, fmt.Sprint("/classes/", class), c.then())
}

// CreateClass creates a class.
func (c *Client) CreateClass(ctx context.Context, in ClassInput, key string) (Class, error) {
	return change[Class](ctx, c, http.MethodPost, "/classes", key, in)
}

// ChangeClass changes the fields of a class that in gives.
func (c *Client) ChangeClass(ctx context.Context, class int, in ClassInput) (Class, error) {
	return change[Class](ctx, c, http.MethodPatch, fmt.Sprint("/classes/", class), "", in)
}

// RemoveClass removes a class with all that is in it.
func (c *Client) RemoveClass(ctx context.Context, class int) error {
	return c.remove(ctx, "/classes/%d", class)
}

// Gradebook returns the whole grid of a class.
func (c *Client) Gradebook(ctx context.Context, class int) (*Gradebook, error) {
	return get[*Gradebook](ctx, c, fmt.Sprintf("/classes/%d/gradebook", class), c.then())
}

// Assignments returns the assignments of a class in the order they were made.
func (c *Client) Assignments(ctx context.Context, class int) ([]Assignment, error) {
	return get[[]Assignment](ctx, c, fmt.Sprintf("/classes/%d/assignments", class), nil)
}

// AllAssignments returns the assignments of a class and those that were removed.
func (c *Client) AllAssignments(ctx context.Context, class int) ([]ListedAssignment, error) {
	return get[[]ListedAssignment](ctx, c, fmt.Sprintf("/classes/%d/assignments", class), withRemoved())
}

// CreateAssignment adds an assignment to a class.
func (c *Client) CreateAssignment(ctx context.Context, class int, in AssignmentInput, key string) (Assignment, error) {
	return change[Assignment](ctx, c, http.MethodPost, fmt.Sprintf("/classes/%d/assignments", class), key, in)
}

// ChangeAssignment changes the fields of an assignment that in gives.
func (c *Client) ChangeAssignment(ctx context.Context, class, assignment int, in AssignmentInput) (Assignment, error) {
	return change[Assignment](ctx, c, http.MethodPatch, fmt.Sprintf("/classes/%d/assignments/%d", class, assignment), "", in)
}

// RemoveAssignment removes an assignment with its grades.
func (c *Client) RemoveAssignment(ctx context.Context, class, assignment int) error {
	return c.remove(ctx, "/classes/%d/assignments/%d", class, assignment)
}

// Students returns the students of a query, and the cursor of the next page, ""
// after the last.
func (c *Client) Students(ctx context.Context, q StudentQuery) (list []StudentView, next string, err error) {
	query := given(map[string]string{"class": positive(q.Class), "q": q.Text, "removed": yes(q.Removed), "limit": positive(q.Limit), "cursor": q.Cursor})
	resp, err := c.do(ctx, call{method: http.MethodGet, path: "/students", query: query, out: &list})
	if err != nil {
		return nil, "", err
	}
	return list, nextPage(resp, "cursor"), nil
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

// Student returns a student with grades and totals.
func (c *Client) Student(ctx context.Context, student int) (*StudentView, error) {
	return get[*StudentView](ctx, c, fmt.Sprint("/students/", student), nil)
}

// CreateStudent creates a student.
func (c *Client) CreateStudent(ctx context.Context, in StudentInput, key string) (Student, error) {
	return change[Student](ctx, c, http.MethodPost, "/students", key, in)
}

// ChangeStudent changes the fields of a student that in gives.
func (c *Client) ChangeStudent(ctx context.Context, student int, in StudentInput) (Student, error) {
	return change[Student](ctx, c, http.MethodPatch, fmt.Sprint("/students/", student), "", in)
}

// RemoveStudent removes a student, from every class.
func (c *Client) RemoveStudent(ctx context.Context, student int) error {
	return c.remove(ctx, "/students/%d", student)
}

// Roster returns the students of a class by last name, first name, id.
func (c *Client) Roster(ctx context.Context, class int) ([]Student, error) {
	return get[[]Student](ctx, c, fmt.Sprintf("/classes/%d/students", class), nil)
}

// EverEnrolled returns the students of a class and those who were taken out of
// it or removed.
func (c *Client) EverEnrolled(ctx context.Context, class int) ([]ListedStudent, error) {
	return get[[]ListedStudent](ctx, c, fmt.Sprintf("/classes/%d/students", class), withRemoved())
}

// Enroll takes a student into a class, or back, with the grades had there.
func (c *Client) Enroll(ctx context.Context, class, student int) (Student, error) {
	return change[Student](ctx, c, http.MethodPost, fmt.Sprintf("/classes/%d/students", class), "", map[string]int{"student": student})
}

// Unenroll takes a student out of a class.
func (c *Client) Unenroll(ctx context.Context, class, student int) error {
	return c.remove(ctx, "/classes/%d/students/%d", class, student)
}
