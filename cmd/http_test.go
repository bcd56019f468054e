package cmd_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answer is a whole response.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) String() string {
	return fmt.Sprintf("%d %s", a.status, strings.TrimSpace(a.body[:min(600, len(a.body))]))
}

// newClient follows no redirects, which tests want to see, and keeps no
// connections, which a killed service would leave broken. It waits as long as a
// school's archive takes on a busy machine.
func newClient() *http.Client {
	return &http.Client{
		Timeout:       2 * time.Minute,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ask sends a request. A body is JSON when it begins like JSON and text
// otherwise; header is pairs of name and value.
func (s *system) ask(method, service, path, body string, header ...string) (answer, error) {
	req, err := http.NewRequest(method, s.url(service)+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	switch {
	case body == "":
	case strings.HasPrefix(body, "{") || strings.HasPrefix(body, "["):
		req.Header.Set("Content-Type", "application/json")
	default:
		req.Header.Set("Content-Type", "text/plain")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(read)}, err
}

// get returns the answer to a GET, whatever its status.
func (s *system) get(service, path string, header ...string) answer {
	s.t.Helper()
	a, err := s.ask(http.MethodGet, service, path, "", header...)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// send sends a request that changes something and fails the test unless it is
// answered with the status wanted.
func (s *system) send(want int, method, service, path, body string, header ...string) answer {
	s.t.Helper()
	a, err := s.ask(method, service, path, body, header...)
	if err != nil {
		s.t.Fatal(err)
	}
	if a.status != want {
		s.t.Fatalf("%s %s: got %v, want %d", method, path, a, want)
	}
	return a
}

// decode reads an answer that must be 200 or 201 with JSON.
func decode[T any](a answer) (T, error) {
	var v T
	if a.status != http.StatusOK && a.status != http.StatusCreated {
		return v, fmt.Errorf("got %v", a)
	}
	d := json.NewDecoder(bytes.NewReader([]byte(a.body)))
	d.UseNumber()
	err := d.Decode(&v)
	return v, err
}

// read is decode for an answer that has to be right.
func read[T any](t testing.TB, a answer) T {
	t.Helper()
	v, err := decode[T](a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// newTrace returns a trace id and the header that gives it to a request.
func newTrace() (id string, header []string) {
	b := make([]byte, 24)
	rand.Read(b)
	id = hex.EncodeToString(b[:16])
	return id, []string{"Traceparent", "00-" + id + "-" + hex.EncodeToString(b[16:]) + "-01"}
}

// addGrade posts a grade as scripts do and returns the trace of the request.
func (s *system) addGrade(student int, title, score string) (trace string) {
	s.t.Helper()
	trace, header := newTrace()
	body := fmt.Sprintf(`{"Title":%q,"Type":"Test","Score":%s}`, title, score)
	s.send(http.StatusCreated, http.MethodPost, gradingService, fmt.Sprintf("/students/%d/grades", student), body, header...)
	return trace
}

// waitLine waits until the log holds exactly one line of the grading service
// about a trace.
func (s *system) waitLine(trace string) {
	s.t.Helper()
	eventually(s.t, "the line of trace "+trace+" is in the log", func() error {
		a, err := s.ask(http.MethodGet, logService, "/log?service=GradingService&level=debug&trace="+trace, "")
		if err != nil {
			return err
		}
		entries, err := decode[[]struct{ Message string }](a)
		if err == nil && len(entries) != 1 {
			err = fmt.Errorf("%d entries: %v", len(entries), a)
		}
		return err
	})
}

// works adds a grade, and sees it in the portal and its line in the log.
func (s *system) works() {
	s.t.Helper()
	title := "After " + rand.Text()[:8]
	trace := s.addGrade(1, title, "91.5")
	eventually(s.t, "the portal shows "+title, func() error {
		a, err := s.ask(http.MethodGet, portalService, "/students/1", "")
		if err == nil && (a.status != http.StatusOK || !strings.Contains(a.body, title)) {
			err = fmt.Errorf("got %v", a)
		}
		return err
	})
	s.waitLine(trace)
}
