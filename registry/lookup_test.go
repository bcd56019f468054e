package registry

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// An answer that is kept tells every change at once, and a heartbeat within a
// second.
func TestLookups(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		get := func(name string) string {
			w := httptest.NewRecorder()
			front(f.server).ServeHTTP(w, httptest.NewRequest("GET", "/services/"+name, nil))
			return w.Body.String()
		}
		expect := func(after, name string, want ...string) {
			t.Helper()
			synctest.Wait()
			got := get(name)
			for _, w := range want {
				if !strings.Contains(got, w) {
					t.Errorf("after %s: no %s in %s", after, w, got)
				}
			}
		}
		register := func(name, instance string) {
			f.server.step(registering{describe(name, instance, "http://localhost:6000")})
		}
		const unknown = `"status":404`
		expect("nothing", "A", unknown)
		f.set("localhost:6000", newOldClient(), false)
		register("A", "")
		expect("registering", "A", `"health":"up"`, `"lastHeartbeat":"2000-01-01T00:00:00Z"`)
		if len(f.server.lookups.answers) != 1 {
			t.Errorf("kept: %v", f.server.lookups.answers)
		}
		time.Sleep(30 * time.Second)
		expect("half a minute", "A", `"lastHeartbeat":"2000-01-01T00:00:2`)
		f.set("localhost:6000", nil, false)
		expect("its death", "A", `"health":"down"`, "connection refused")
		register("B", "")
		expect("another name at its address", "A", unknown)
		expect("another name at its address", "B", `"name":"B"`)
		f.server.step(leaving{url: "http://localhost:6000"})
		expect("leaving", "B", unknown)
		if len(f.server.lookups.answers) != 0 {
			t.Errorf("kept: %v", f.server.lookups.answers)
		}
	})
}
