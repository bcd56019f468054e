package registry

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestTargets(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"only the registry", "+1s", "RegistryService"},
		{"who lives", "reg A#1; ok A#1; reg B#1; ok B#1", "RegistryService A B"},
		{"not who has not answered yet", "reg A#1", "RegistryService"},
		{"not who is down", "reg A#1; ok A#1; refused A; refused A", "RegistryService"},
		{"not an old client, which has no metrics", "reg A; ok A; reg B#1; ok B#1", "RegistryService B"},
	}
	for _, tt := range tests {
		var names []string
		for _, g := range play(t, tt.script).tab.targets("localhost:3000") {
			names = append(names, g.Labels["service"])
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTargetAddress(t *testing.T) {
	for at, want := range map[string]string{
		"http://localhost:6000": "localhost:6000", "http://localhost": "localhost:80",
		"http://[::1]:6000/": "[::1]:6000", "http://127.0.0.1:6000/below": "127.0.0.1:6000",
	} {
		if got := target("A", at, "up", "", time.Time{}).Targets[0]; got != want {
			t.Errorf("%s: got %q, want %q", at, got, want)
		}
	}
}

func TestTargetsAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		ask := func() *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			front(f.server).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost:3000/sd/prometheus", nil))
			return w
		}
		if w := ask(); w.Code != http.StatusServiceUnavailable {
			t.Errorf("settling: got %d, which would take targets away: %s", w.Code, w.Body)
		}
		time.Sleep(10 * time.Second)
		w := ask()
		var groups []targetGroup
		if err := json.Unmarshal(w.Body.Bytes(), &groups); err != nil || w.Header().Get("Content-Type") != "application/json" {
			t.Fatalf("got %v %s: %v", w.Header(), w.Body, err)
		}
		if len(groups) != 1 || groups[0].Targets[0] != "localhost:3000" || groups[0].Labels["__metrics_path__"] != "/metrics" {
			t.Errorf("got %+v", groups)
		}
	})
}
