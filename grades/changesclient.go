package grades

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gradebook/service/web"
)

const (
	// silence is how long a stream may say nothing, which is two pings missed:
	// then whoever sent it is gone.
	silence = 40 * time.Second
	// Between the tries to connect again there is a random pause that doubles
	// from one to the other.
	firstPause, longestPause = 100 * time.Millisecond, 5 * time.Second
)

// ChangesSince returns changes after a revision in order, without gaps: at most
// limit of them, 0 for 100. When there are none it waits for one, up to a minute.
func (c *Client) ChangesSince(ctx context.Context, after uint64, limit int, wait time.Duration) (ChangesPage, error) {
	query := given(map[string]string{"limit": positive(limit)})
	query.Set("after", strconv.FormatUint(after, 10))
	query.Set("wait", wait.String())
	return get[ChangesPage](ctx, c, "/changes", query)
}

// Change returns what the change of a revision did: of the things at most limit, 0
// for 5,000, from a cursor on, "" for the first; and the cursor of what follows, ""
// after the last. Omitted counts all that it does not list.
func (c *Client) Change(ctx context.Context, revision uint64, limit int, cursor string) (out Commit, next string, err error) {
	query := given(map[string]string{"limit": positive(limit), "cursor": cursor})
	resp, err := c.do(ctx, call{method: http.MethodGet, path: fmt.Sprintf("/changes/%d", revision), query: query, out: &out})
	if err != nil {
		return Commit{}, "", err
	}
	return out, nextPage(resp, "cursor"), nil
}

// Changes is all changes after a revision, in order, without gaps, without an
// end: it waits for those to come. When the stream breaks it yields why, and if
// the loop goes on, connects again and resumes where it was. It ends after an
// error that trying again does not mend: an *InvalidError for a revision that the
// book does not have, a *ConflictError when another was restored in its place; and
// when ctx is done, which is no error.
func (c *Client) Changes(ctx context.Context, after uint64) iter.Seq2[Commit, error] {
	return func(yield func(Commit, error) bool) {
		pause := firstPause
		for ctx.Err() == nil {
			err := c.stream(ctx, after, func(commit Commit) bool {
				after, pause = commit.Revision, firstPause
				return yield(commit, nil)
			})
			if errors.Is(err, errEnough) || ctx.Err() != nil || !yield(Commit{}, err) || final(err) {
				return
			}
			select {
			case <-time.After(rand.N(pause)):
			case <-ctx.Done():
			}
			pause = min(2*pause, longestPause)
		}
	}
}

// errEnough is why a stream ends whose reader wants no more.
var errEnough = errors.New("enough")

// final reports whether an error would be the same if the call was made again.
func final(err error) bool {
	if Problem(err) != nil {
		return true
	}
	p, ok := errors.AsType[*web.Problem](err)
	return ok && p.Status < http.StatusInternalServerError && p.Status != http.StatusTooManyRequests
}

// stream passes on changes until it breaks.
func (c *Client) stream(ctx context.Context, after uint64, take func(Commit) bool) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watchdog := time.AfterFunc(silence, func() { cancel(fmt.Errorf("GET /changes: nothing was heard for %v", silence)) })
	defer watchdog.Stop()
	resp, err := c.send(ctx, call{
		method: http.MethodGet, path: "/changes",
		header: http.Header{"Accept": {"text/event-stream"}, http.CanonicalHeaderKey("Last-Event-ID"): {strconv.FormatUint(after, 10)}},
	})
	if err != nil {
		return causeOf(ctx, err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return io.ErrUnexpectedEOF // it has no end of its own
		}
		if err != nil {
			return causeOf(ctx, fmt.Errorf("GET /changes: %w", err))
		}
		watchdog.Reset(silence)
		var commit Commit
		switch data, isData := strings.CutPrefix(line, "data: "); {
		case line == "event: replaced\n":
			return errReplaced
		case strings.HasPrefix(line, "event: "):
			return errStopping
		case !isData:
		case json.Unmarshal([]byte(data), &commit) != nil || commit.Revision != after+1:
			return fmt.Errorf("GET /changes: what follows revision %d is not the next change", after)
		case !take(commit):
			return errEnough
		default:
			after = commit.Revision
		}
	}
}

// errStopping is why a stream ends whose sender stops in order.
var errStopping = errors.New("the grading service is stopping")

// causeOf is why ctx was cancelled, if it was, or else err.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}
