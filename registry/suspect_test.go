package registry

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestSuspicionsAreFew(t *testing.T) {
	start := time.Now()
	after := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	q := newSuspicions()
	for ms := range 1000 { // a thousand calls a second fail at each of two providers
		for _, u := range []string{"a", "b"} {
			q.add(suspicion{ServiceURL: u}, after(ms))
		}
	}
	if got, want := len(q.waiting), 20; got != want {
		t.Errorf("%d reports in a second, want %d", got, want)
	}
	for i := range 1000 {
		q.add(suspicion{ServiceURL: fmt.Sprint(i)}, after(1000))
	}
	if got := len(q.waiting); got != maxSuspicions {
		t.Errorf("%d wait, want %d at most", got, maxSuspicions)
	}
	<-q.waiting
	q.add(suspicion{ServiceURL: "999"}, after(1001))
	if got := len(q.waiting); got != maxSuspicions {
		t.Error("what was left out is not taken when there is room again")
	}
	q.add(suspicion{ServiceURL: "c"}, after(2000))
	if got := len(q.latest); got != 0 {
		t.Errorf("%d URLs are remembered a second later", got)
	}
}

// What a call finds out reaches the registry in its own words, whether the
// registry cares or not.
func TestSuspectReportsToTheRegistry(t *testing.T) {
	for _, status := range []int{http.StatusAccepted, http.StatusNotFound} {
		synctest.Test(t, func(t *testing.T) {
			var got []suspicion
			n := newNetwork()
			n.set(registryHost, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/services/suspect" {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				var s suspicion
				if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
					t.Error(err)
				}
				got = append(got, s)
				w.WriteHeader(status)
				io.WriteString(w, "{}")
			}), false)
			m := newMember(t, describe("Portal", "Portal-1", "http://localhost:5000"), "http://"+registryHost, &http.Client{Transport: n})
			m.run()
			know(m.view, 6000)
			c := &http.Client{Transport: NewTransport(TransportOptions{View: m.view, Base: n, Suspect: m.Suspect})}
			for range 25 {
				if _, err := get(t, c, "http://G/"); err == nil {
					t.Error("nobody is there, and somebody answered")
				}
				time.Sleep(10 * time.Millisecond)
			}
			m.end()
			want := suspicion{ServiceURL: "http://localhost:6000", Error: dialRefused().Error()}
			if len(got) != 3 || got[0] != want {
				t.Errorf("registry that answers %d: told %+v, want %+v three times in 250 ms", status, got, want)
			}
		})
	}
}
