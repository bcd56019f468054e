package grades

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// AddGrade fills an empty cell that is found, or made, by the assignment's
// title. For a cell that is not empty the error is a *ConflictError whose
// Current is its Grade.
func (c *Client) AddGrade(ctx context.Context, student int, in GradeInput, key string) (StudentGrade, error) {
	return change[StudentGrade](ctx, c, http.MethodPost, fmt.Sprintf("/students/%d/grades", student), key, in)
}

// Cell returns a grade; that of an empty cell is a *NotFoundError.
func (c *Client) Cell(ctx context.Context, class, student, assignment int) (Grade, error) {
	return get[Grade](ctx, c, cellPath(class, student, assignment), nil)
}

// PutCell writes one cell, which must be at in.Revision. It returns the cell as
// it is then, nil when it is empty. For a cell that is at another revision the
// error is a *StaleError.
func (c *Client) PutCell(ctx context.Context, class int, in CellInput) (*Grade, error) {
	header := http.Header{}
	if in.Revision == 0 {
		header.Set("If-None-Match", "*")
	} else {
		header.Set("If-Match", `"r`+strconv.FormatUint(in.Revision, 10)+`"`)
	}
	body := CellValue{in.Score, in.Status, in.Submitted, in.Comment}
	var out *Grade
	_, err := c.do(ctx, call{
		method: http.MethodPut, path: cellPath(class, in.Student, in.Assignment),
		header: header, in: body, out: &out,
	})
	return out, err
}

// PutCells writes many cells as one change. When a cell of an atomic batch is
// at another revision the error is a *ConflictError with the faults by cell, and
// as Current the Grades that are there.
func (c *Client) PutCells(ctx context.Context, class int, in BatchInput, key string) (BatchReport, error) {
	return change[BatchReport](ctx, c, http.MethodPost, fmt.Sprintf("/classes/%d/grades", class), key, in)
}

// Export returns a class as a file, which the caller closes.
func (c *Client) Export(ctx context.Context, class int, format string) (io.ReadCloser, error) {
	resp, err := c.send(ctx, call{method: http.MethodGet, path: fmt.Sprintf("/classes/%d/export", class), query: given(map[string]string{"format": format, "at": c.at})})
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// nextPage returns the parameter that the Link header of a page gives for the
// next one, "" after the last.
func nextPage(resp *http.Response, name string) string {
	target, rel, _ := strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), ">")
	next, err := url.Parse(target)
	if err != nil || !strings.Contains(rel, `rel="next"`) {
		return ""
	}
	return next.Query().Get(name)
}
