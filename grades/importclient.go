package grades

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
)

// Import brings a file into the book, or with DryRun says what it would do. For
// a file that is refused the error is a *SheetError, but for one of DryRun: that
// is a report, as of a file that asks.
func (c *Client) Import(ctx context.Context, req ImportRequest, body io.Reader) (*ImportReport, error) {
	query := given(map[string]string{
		"format": req.Format, "name": req.Name, "class": positive(req.Class), "title": req.Title,
		"blanks": req.Blanks, "dates": req.Dates, "dryRun": yes(req.DryRun),
	})
	if req.Columns != nil {
		columns, err := json.Marshal(req.Columns)
		if err != nil {
			return nil, err
		}
		query.Set("columns", string(columns))
	}
	header := http.Header{}
	if req.Async {
		header.Set("Prefer", "respond-async")
	}
	var out *ImportReport
	_, err := c.do(ctx, call{method: http.MethodPost, path: "/imports", query: query, header: header, in: body, out: &out})
	return out, err
}

// Imports returns the imports of the last day, the newest first, without their
// rows.
func (c *Client) Imports(ctx context.Context) ([]ImportReport, error) {
	return get[[]ImportReport](ctx, c, "/imports", nil)
}

// ImportReport returns an import with at most limit of its rows, 0 for 1,000,
// from a cursor on: the Next of the page before, "" for the first.
func (c *Client) ImportReport(ctx context.Context, id, cursor string, limit int) (*ImportReport, error) {
	return get[*ImportReport](ctx, c, "/imports/"+id, given(map[string]string{"cursor": cursor, "limit": positive(limit)}))
}

// ChangeImport answers what an import asks, and returns what it would do then.
func (c *Client) ChangeImport(ctx context.Context, id string, in ImportChange) (*ImportReport, error) {
	return change[*ImportReport](ctx, c, http.MethodPatch, "/imports/"+id, "", in)
}

// ApplyImport applies an import, or of its rows those of these numbers, and
// returns what it has done. If the book is not as the import showed it, the error
// is a *ConflictError that says where; its Current are the Grades that have
// changed.
func (c *Client) ApplyImport(ctx context.Context, id string, rows []int, key string) (*ImportReport, error) {
	return change[*ImportReport](ctx, c, http.MethodPost, "/imports/"+id+"/apply", key, applyBody{rows})
}

// RemoveImport forgets an import. What it has changed stays.
func (c *Client) RemoveImport(ctx context.Context, id string) error {
	return c.remove(ctx, "/imports/%s", id)
}
