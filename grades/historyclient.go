package grades

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// History returns the changes of a class that a query selects, the newest first,
// and what q.Before is for the next page, 0 after the last. A class that was
// removed has one too.
func (c *Client) History(ctx context.Context, class int, q HistoryQuery) (list []Commit, before uint64, err error) {
	return c.history(ctx, fmt.Sprintf("/classes/%d/history", class), q)
}

// StudentHistory is History of a student in all classes; q.Student is 0.
func (c *Client) StudentHistory(ctx context.Context, student int, q HistoryQuery) (list []Commit, before uint64, err error) {
	return c.history(ctx, fmt.Sprintf("/students/%d/history", student), q)
}

func (c *Client) history(ctx context.Context, path string, q HistoryQuery) (list []Commit, before uint64, err error) {
	query := given(map[string]string{
		"student": positive(q.Student), "assignment": positive(q.Assignment), "by": q.By,
		"before": positive(int(q.Before)), "limit": positive(q.Limit),
	})
	resp, err := c.do(ctx, call{method: http.MethodGet, path: path, query: query, out: &list})
	if err != nil {
		return nil, 0, err
	}
	before, _ = strconv.ParseUint(nextPage(resp, "before"), 10, 64)
	return list, before, nil
}

// Undo takes back a change of a class. A *ConflictError names what was changed
// since, and then nothing is taken back unless in.Overwrite.
func (c *Client) Undo(ctx context.Context, class int, in UndoInput, key string) (UndoReport, error) {
	return change[UndoReport](ctx, c, http.MethodPost, fmt.Sprintf("/classes/%d/undo", class), key, in)
}

// UndoStudent is Undo of a change of a student, such as the removal.
func (c *Client) UndoStudent(ctx context.Context, student int, in UndoInput, key string) (UndoReport, error) {
	return change[UndoReport](ctx, c, http.MethodPost, fmt.Sprintf("/students/%d/undo", student), key, in)
}

// At returns a client to which classes are as they were: after the change of a
// revision, such as "12", or at a time in RFC 3339. It is for Class, Gradebook,
// Explanation, Checks, ClassStatistics and Export, also of a class that was
// removed since; whatever else it is asked, or asked to change, is of now.
func (c *Client) At(at string) *Client {
	past := *c
	past.at = at
	return &past
}

// then is the query for what is read as it was.
func (c *Client) then() url.Values { return given(map[string]string{"at": c.at}) }

// Difference returns what differs in a class between two times, as in At; to may
// be "" for now. Of very many cells and totals it has the first 5,000.
func (c *Client) Difference(ctx context.Context, class int, from, to string) (*Difference, error) {
	d, _, err := c.DifferencePart(ctx, class, from, to, 0, "")
	return d, err
}

// DifferencePart is Difference with of the cells and totals at most limit, 0 for
// 5,000, from a cursor on, "" for the first; and the cursor of what follows, ""
// after the last.
func (c *Client) DifferencePart(ctx context.Context, class int, from, to string, limit int, cursor string) (d *Difference, next string, err error) {
	query := given(map[string]string{"from": from, "to": to, "limit": positive(limit), "cursor": cursor})
	resp, err := c.do(ctx, call{method: http.MethodGet, path: fmt.Sprintf("/classes/%d/difference", class), query: query, out: &d})
	if err != nil {
		return nil, "", err
	}
	return d, nextPage(resp, "cursor"), nil
}
