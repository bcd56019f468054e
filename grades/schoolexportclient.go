package grades

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// SchoolExport is all classes as one file.
type SchoolExport struct {
	io.ReadCloser        // the file
	Revision      uint64 // of the book that it shows; the next since, for what has changed from then on
}

// ExportSchool returns all classes as one file, which the caller closes. since is
// "", or a revision or a time: then it is what has changed since.
func (c *Client) ExportSchool(ctx context.Context, format, since string) (*SchoolExport, error) {
	resp, err := c.send(ctx, call{method: http.MethodGet, path: "/export", query: given(map[string]string{"format": format, "since": since})})
	if err != nil {
		return nil, err
	}
	revision, err := strconv.ParseUint(resp.Header.Get("Gradebook-Revision"), 10, 64)
	if err != nil {
		resp.Body.Close()
		return nil, fmt.Errorf("GET /export: read revision: %w", err)
	}
	return &SchoolExport{resp.Body, revision}, nil
}
