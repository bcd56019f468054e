package log

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// forBrowsers is what a browser accepts.
const forBrowsers = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// browse returns what a browser gets.
func (s *logService) browse(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", forBrowsers)
	resp, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// The root is examples for curl, a page for browsers and a stream of lines for the page.
func TestFaces(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	const hostile = `<script>alert("x")</script>`
	s.do(t, "POST", "/log", hostile)
	if status, body := s.do(t, "GET", "/", ""); status != http.StatusOK || !strings.Contains(body, "curl ") {
		t.Errorf("curl gets %d %s", status, body)
	}
	resp, body := s.browse(t, "/")
	h := resp.Header
	if h.Get("Content-Type") != "text/html; charset=utf-8" || h.Get("Content-Security-Policy") != policy || h.Get("Vary") != "Accept" {
		t.Errorf("a browser gets %v", h)
	}
	if !strings.Contains(body, "&lt;script&gt;") || strings.Contains(body, hostile) || strings.Contains(body, "style=") {
		t.Errorf("the page is\n%s", body)
	}
	for _, part := range strings.Split(body, `"/static/`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		if status, _ := s.do(t, "GET", "/static/"+name, ""); status != http.StatusOK {
			t.Errorf("/static/%s: %d", name, status)
		}
	}
	stream := s.eventsOf(t, "/?after=0")
	if got := stream.next(); !strings.HasPrefix(got, `1 <li data-offset="1">`) || !strings.Contains(got, "&lt;script&gt;") {
		t.Errorf("the page's script gets %s", got)
	}
}

func TestFailuresForPeople(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	tests := []struct {
		path, want string
		status     int
	}{
		{"/?since=soon", "&#34;soon&#34; is not", 400},
		{"/?levle=error", "levle: is an unknown parameter; this address takes service, level, ", 400},
		{"/nowhere", "There is nothing here", 404},
		{"/log/7", "There is nothing here", 404},
	}
	for _, test := range tests {
		resp, body := s.browse(t, test.path)
		if resp.StatusCode != test.status || !strings.Contains(body, test.want) || !strings.Contains(body, "</html>") {
			t.Errorf("%s: got %s\n%s", test.path, resp.Status, body)
		}
		if status, body := s.do(t, "GET", test.path, ""); test.path[1] != '?' && (status != test.status || !strings.HasPrefix(body, "{")) {
			t.Errorf("%s for curl: got %d %s", test.path, status, body)
		}
	}
}
