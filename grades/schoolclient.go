package grades

import (
	"context"
	"io"
	"net/http"
)

// Archive returns the whole book with its history, as one ZIP that Restore takes.
// The caller closes it; one that breaks off ends with an error, not with io.EOF.
func (c *Client) Archive(ctx context.Context) (io.ReadCloser, error) {
	resp, err := c.send(ctx, call{method: http.MethodGet, path: "/archive"})
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// Restore gives the book in an archive to a service that has nothing but the
// sample class. An archive that is refused is an *ArchiveError, and a book that is
// in use a *ConflictError: nothing was restored then.
func (c *Client) Restore(ctx context.Context, file io.Reader) (out RestoreReport, err error) {
	_, err = c.do(ctx, call{method: http.MethodPost, path: "/restore", in: file, out: &out})
	return out, err
}
