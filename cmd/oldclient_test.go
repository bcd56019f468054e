package cmd_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// oldClient is a service of the demo as others see it: it answers heartbeats
// with an empty 200, and believes every push.
type oldClient struct {
	t         testing.TB
	url       string
	pushes    chan oldPush
	providers []string // every added is appended, as the demo did
}

// oldPush is how the demo decoded a push.
type oldPush struct {
	Added, Removed []struct{ Name, URL string }
}

func newOldClient(t testing.TB) *oldClient {
	t.Helper()
	c := &oldClient{t: t, pushes: make(chan oldPush, 100)}
	mux := http.NewServeMux()
	mux.HandleFunc("/heartbeat", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /services", func(w http.ResponseWriter, r *http.Request) {
		var push oldPush
		if err := json.NewDecoder(r.Body).Decode(&push); err != nil {
			t.Errorf("a push that the demo cannot read: %v", err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c.pushes <- push
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// registration is what the demo sent, in Go's field names.
func (c *oldClient) registration(name string, required ...string) string {
	b, err := json.Marshal(struct {
		ServiceName, ServiceURL        string
		RequiredServices               []string
		ServiceUpdateURL, HeartbeatURL string
	}{name, c.url, required, c.url + "/services", c.url + "/heartbeat"})
	if err != nil {
		c.t.Fatal(err)
	}
	return string(b)
}

// hear waits for the next push and believes it.
func (c *oldClient) hear() oldPush {
	c.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case push := <-c.pushes:
		for _, p := range push.Added {
			c.providers = append(c.providers, p.URL)
		}
		for _, p := range push.Removed {
			if i := slices.Index(c.providers, p.URL); i >= 0 {
				c.providers = slices.Delete(c.providers, i, i+1)
			}
		}
		return push
	case <-timeout.C:
		c.t.Fatalf("no push within %v", patience)
		return oldPush{}
	}
}

// hearUntil believes pushes until the client knows exactly these providers.
func (c *oldClient) hearUntil(want ...string) {
	c.t.Helper()
	for !slices.Equal(c.providers, want) {
		c.hear()
		if len(c.providers) > 1 {
			c.t.Fatalf("the old client has the providers %q, want %q", c.providers, want)
		}
	}
}

// raw sends the bytes of a request and reads the answer.
func raw(t testing.TB, port int, request string) answer {
	t.Helper()
	conn, err := net.Dial("tcp", fmt.Sprintf("localhost:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// rawRequest spells a request as Go's client did for the demo.
func rawRequest(line string, port int, contentType, body string) string {
	header := []string{line + " HTTP/1.1", fmt.Sprintf("Host: localhost:%d", port), "User-Agent: Go-http-client/1.1", fmt.Sprintf("Content-Length: %d", len(body))}
	if contentType != "" {
		header = append(header, "Content-Type: "+contentType)
	}
	return strings.Join(append(header, "Connection: close", "", body), "\r\n")
}

// TestOldClientRegisters lives the life of a service of the demo.
func TestOldClientRegisters(t *testing.T) {
	for _, contentType := range []string{"application/json", "text/plain", ""} {
		t.Run(contentType, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.start(registryService)
			old, port := newOldClient(t), s.ports[registryService]
			a := raw(t, port, rawRequest("POST /services", port, contentType, old.registration("OldPortal", "GradingService")))
			if a.status != http.StatusOK {
				t.Fatalf("register: got %v, want 200", a)
			}
			if push := old.hear(); len(push.Added)+len(push.Removed) != 0 {
				t.Errorf("the first push is %+v, want an empty one", push)
			}

			s.start(gradingService)
			old.hearUntil(s.url(gradingService))
			s.kill(gradingService)
			old.hearUntil()
			s.start(gradingService)
			old.hearUntil(s.url(gradingService))

			if a := raw(t, port, rawRequest("DELETE /services", port, "text/plain", old.url)); a.status != http.StatusOK {
				t.Errorf("quit: got %v, want 200", a)
			}
			if a := s.get(registryService, "/services/OldPortal"); strings.Contains(a.body, old.url) {
				t.Errorf("after it quit the registry still has %v", a)
			}
		})
	}
}

// TestOldClientLogs posts a line as the demo did.
func TestOldClientLogs(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(logService)
	port := s.ports[logService]
	if a := raw(t, port, rawRequest("POST /log", port, "text/plain", "an old line")); a.status != http.StatusOK {
		t.Fatalf("POST /log: got %v, want 200", a)
	}
	entries := read[[]struct{ Message string }](t, s.get(logService, "/log?q=an+old+line"))
	if len(entries) != 1 || entries[0].Message != "an old line" {
		t.Errorf("the log has %+v, want the line once", entries)
	}
}

// TestOldClientGrades reads and adds grades as the demo's clients did.
func TestOldClientGrades(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	port := s.ports[gradingService]
	type student struct {
		ID                  int
		FirstName, LastName string
		Grades              []struct {
			Title, Type string
			Score       float64
		}
	}
	students := read[[]student](t, raw(t, port, rawRequest("GET /students", port, "", "")))
	var got []string
	for _, st := range students {
		for _, g := range st.Grades {
			got = append(got, fmt.Sprint(st.ID, " ", st.FirstName, " ", st.LastName, " ", g.Title, " ", g.Type, " ", g.Score))
		}
	}
	if want := sampleGrades(); !slices.Equal(got, want) {
		t.Errorf("the first data are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	a := raw(t, port, rawRequest("POST /students/1/grades", port, "application/json", `{"Title":"T1","Type":"Test","Score":91.5}`))
	if a.status != http.StatusCreated {
		t.Errorf("POST a grade: got %v, want 201", a)
	}
	one := read[student](t, raw(t, port, rawRequest("GET /students/1", port, "", "")))
	if n := len(one.Grades); n != 4 || one.Grades[n-1].Title != "T1" || one.Grades[n-1].Type != "Test" || one.Grades[n-1].Score != 91.5 {
		t.Errorf("the student has the grades %+v, want T1 of 91.5 as the fourth", one.Grades)
	}
}

// sampleGrades are the grades of an empty data directory, in their order.
func sampleGrades() []string {
	var lines []string
	for i, s := range []struct {
		name   string
		scores [3]int
	}{
		{"Averill Simen", [3]int{85, 94, 88}},
		{"Marge Garrard", [3]int{100, 100, 88}},
		{"Sydnie Barber", [3]int{77, 0, 65}},
		{"Louie Easton", [3]int{88, 93, 84}},
		{"Kylee Attwood", [3]int{95, 100, 97}},
	} {
		for j, item := range []string{"Quiz 1 Quiz", "Week 1 Homework Homework", "Quiz 2 Quiz"} {
			lines = append(lines, fmt.Sprint(i+1, " ", s.name, " ", item, " ", s.scores[j]))
		}
	}
	return lines
}
