package cmd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"

	"gradebook/grades"
)

// follower is a reader of all changes of the grading service, who follows it
// through every end of it.
type follower struct {
	mu     sync.Mutex // guards what follows
	seen   []string   // changes as JSON, that of revision 1 first
	breaks int
	odd    error
}

// followChanges starts followers, who end with the test.
func (s *system) followChanges(n int) []*follower {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	s.t.Cleanup(func() {
		cancel()
		all.Wait()
	})
	client := s.grades()
	followers := make([]*follower, n)
	for i := range followers {
		followers[i] = new(follower)
		all.Go(func() {
			for commit, err := range client.Changes(ctx, 0) {
				followers[i].take(commit, err)
			}
		})
	}
	return followers
}

// grades is a client of the grading service, wherever it runs.
func (s *system) grades() *grades.Client {
	target, err := url.Parse(s.url(gradingService))
	if err != nil {
		s.t.Fatal(err)
	}
	return grades.NewClient(&http.Client{Transport: sendTo{target.Host, &http.Transport{}}})
}

// sendTo sends every request to one address.
type sendTo struct {
	host string
	next http.RoundTripper
}

func (s sendTo) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = s.host
	r.Host = s.host
	return s.next.RoundTrip(r)
}

func (f *follower) take(commit grades.Commit, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.breaks++
		return
	}
	text, err := json.Marshal(commit)
	if want := uint64(len(f.seen) + 1); err != nil || commit.Revision != want {
		f.odd = fmt.Errorf("change %d follows change %d (%v)", commit.Revision, want-1, err)
	}
	f.seen = append(f.seen, string(text))
}

// checkFollowers waits until each follower has seen what is there now, and finds
// that all have seen the same, and what the service says now.
func (s *system) checkFollowers(t testing.TB, followers []*follower) {
	t.Helper()
	var now []string
	for more := true; more; {
		page, err := s.grades().ChangesSince(t.Context(), uint64(len(now)), 1000, 0)
		if err != nil {
			t.Fatal(err)
		}
		more = len(page.Changes) > 0
		for _, commit := range page.Changes {
			text, err := json.Marshal(commit)
			if err != nil {
				t.Fatal(err)
			}
			now = append(now, string(text))
		}
	}
	for i, f := range followers {
		eventually(t, fmt.Sprintf("follower %d has seen change %d", i, len(now)), func() error {
			f.mu.Lock()
			defer f.mu.Unlock()
			if len(f.seen) < len(now) && f.odd == nil {
				return fmt.Errorf("it has seen %d", len(f.seen))
			}
			return nil
		})
		f.mu.Lock()
		if f.odd != nil || !slices.Equal(f.seen, now) {
			t.Errorf("follower %d has not seen the changes as they are: %v", i, f.odd)
		}
		t.Logf("follower %d has seen %d changes, with %d breaks", i, len(f.seen), f.breaks)
		f.mu.Unlock()
	}
}
