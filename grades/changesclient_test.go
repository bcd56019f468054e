package grades

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// transport answers requests without a network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// silent is a body that says something and then nothing, until its request ends.
type silent struct {
	io.Reader
	ctx context.Context
}

func (s silent) Read(p []byte) (int, error) {
	if n, err := s.Reader.Read(p); err == nil {
		return n, nil
	}
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

func (silent) Close() error { return nil }

// A service that has gone without a word is noticed, and a change that does not
// follow is not taken.
func TestChangesAreNotMissed(t *testing.T) {
	for _, c := range []struct {
		name, stream string
		want         string
		after        time.Duration
	}{
		{"silence", ": ping\n\nid: 1\ndata: {\"revision\":1}\n\n", "nothing was heard for 40s", silence},
		{"a gap", "id: 1\ndata: {\"revision\":1}\n\nid: 3\ndata: {\"revision\":3}\n\n", "what follows revision 1 is not the next change", 0},
		{"no change", "id: 1\ndata: {\"revision\":1}\n\ndata: x\n\n", "what follows revision 1 is not the next change", 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			var resumed []string
			client := NewClient(&http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				resumed = append(resumed, r.Header.Get("Last-Event-ID"))
				return &http.Response{StatusCode: 200, Request: r, Body: silent{strings.NewReader(c.stream), r.Context()}}, nil
			})})
			began, commits := time.Now(), 0
			for commit, err := range client.Changes(t.Context(), 0) {
				if len(resumed) == 2 {
					break
				}
				if err == nil && commits == 0 {
					commits++
					continue
				}
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: %d, %v, want %q", c.name, commit.Revision, err, c.want)
				}
				if took := time.Since(began); took != c.after {
					t.Errorf("%s: noticed after %v, want %v", c.name, took, c.after)
				}
			}
			if got := strings.Join(resumed, " "); got != "0 1" || commits != 1 {
				t.Errorf("%s: %d changes, resumed after %s, want 0 1", c.name, commits, got)
			}
		})
	}
}
