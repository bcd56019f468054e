package grades

import (
	"context"
	"fmt"
	"net/http"
)

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
