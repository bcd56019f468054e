package log

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"gradebook/service/web"
)

const (
	serviceURL  = "http://LogService/log"
	readAnswer  = 1 << 20  // of an answer to entries sent
	readEntries = 64 << 20 // of an answer to a query

	maxWait = time.Minute // that we are made to wait before we send again
)

// A refusedError says that entries were not stored and never will be: sending them again is no use.
type refusedError struct {
	lines  []rejection // empty: all that were sent
	detail string
}

func (e *refusedError) Error() string { return "the log service refuses entries: " + e.detail }

// line reports whether a line, from 1, was refused, as far as lines were listed.
func (e *refusedError) line(number int) bool {
	return len(e.lines) == 0 || slices.ContainsFunc(e.lines, func(r rejection) bool { return r.Line == number })
}

// unlisted is how many lines were refused beyond those that were listed.
func (e *refusedError) unlisted() int {
	if len(e.lines) == 0 {
		return 0
	}
	return max(0, e.lines[len(e.lines)-1].Lines-1)
}

// refusal returns the error for lines that were rejected while others were stored, if any.
func refusal(rejected []rejection) error {
	if len(rejected) == 0 {
		return nil
	}
	return &refusedError{rejected, fmt.Sprintf("line %d: %s", rejected[0].Line, rejected[0].Detail)}
}

// retryAfter is how long the service that answered with err asks to wait.
func retryAfter(err error) time.Duration {
	p, ok := errors.AsType[*web.Problem](err)
	if !ok {
		return 0
	}
	seconds, _ := strconv.ParseUint(p.Header.Get("Retry-After"), 10, 16)
	return min(time.Duration(seconds)*time.Second, maxWait)
}

// SendTo returns the Send of a [Handler] in another process: it posts entries to the log service
// through c, which resolves service names. nil means that they are on disk there.
func SendTo(c *http.Client) func(ctx context.Context, ndjson []byte) error {
	return func(ctx context.Context, ndjson []byte) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, serviceURL, bytes.NewReader(ndjson))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-ndjson")
		resp, err := c.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		switch resp.StatusCode {
		case http.StatusOK:
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
			return &refusedError{detail: web.ReadProblem(resp).Detail}
		default:
			return web.ReadProblem(resp)
		}
		var answer receipt
		if err := json.NewDecoder(io.LimitReader(resp.Body, readAnswer)).Decode(&answer); err != nil {
			return fmt.Errorf("answer of the log service: %w", err)
		}
		return refusal(answer.Rejected)
	}
}

// Client asks the log service. It is safe for concurrent use.
type Client struct{ http *http.Client }

// NewClient returns a client that works through c, which resolves service names.
func NewClient(c *http.Client) *Client { return &Client{c} }

// Query returns the entries that q asks for, newest first. The error is a *web.Problem when the
// service answered with one, or else what the transport gave. Give ctx a deadline.
func (c *Client) Query(ctx context.Context, q Query) ([]Entry, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, serviceURL+"?"+q.values().Encode(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, web.ReadProblem(resp)
	}
	var entries []Entry
	d := json.NewDecoder(io.LimitReader(resp.Body, readEntries))
	d.UseNumber()
	if err := d.Decode(&entries); err != nil {
		return nil, fmt.Errorf("answer of the log service: %w", err)
	}
	return entries, nil
}
