package cmd_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// oldClient is a service of the demo as others see it, down to the bytes: it
// answers everything with an empty 200, and believes every push.
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

// oldAnswer is what a handler that did nothing made the demo's server say.
const oldAnswer = "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\nContent-Length: 0\r\n\r\n"

func newOldClient(t testing.TB) *oldClient {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &oldClient{t: t, url: "http://" + l.Addr().String(), pushes: make(chan oldPush, 100)}
	var serving sync.WaitGroup
	serving.Go(func() { // ends with the listener
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			stop := context.AfterFunc(t.Context(), func() { conn.Close() })
			serving.Go(func() { // ends with the connection
				defer stop()
				defer conn.Close()
				c.serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		serving.Wait()
	})
	return c
}

// serve answers what comes over one connection.
func (c *oldClient) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		switch r.Method + " " + r.URL.Path {
		case "GET /heartbeat":
		case "POST /services":
			var push oldPush
			if err := json.NewDecoder(r.Body).Decode(&push); err != nil {
				c.t.Errorf("a push that the demo cannot read: %v", err)
			}
			c.pushes <- push
		default:
			c.t.Errorf("an old client was asked for %s %s", r.Method, r.URL)
		}
		io.Copy(io.Discard, r.Body)
		if _, err := io.WriteString(conn, oldAnswer); err != nil {
			return
		}
	}
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

// raw sends the bytes of a request and reads the answer, which may come before
// all of them are sent.
func raw(t testing.TB, port int, request string) answer {
	t.Helper()
	conn, err := net.Dial("tcp", fmt.Sprintf("localhost:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	var sending sync.WaitGroup
	defer sending.Wait()
	defer conn.Close() // ends the sending
	conn.SetDeadline(time.Now().Add(patience))
	sending.Go(func() { io.WriteString(conn, request) })
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

// TestOldClientBesideNew: old and new services know each other, and a restart
// of the registry tells an old one nothing twice.
func TestOldClientBesideNew(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService, gradingService)
	s.waitSettled()
	old := newOldClient(t)
	s.send(http.StatusOK, http.MethodPost, registryService, "/services", old.registration("OldReports", "GradingService"))
	old.hearUntil(s.url(gradingService))
	d := s.depend("Reader", "OldReports")
	d.await(old.url, true)
	eventually(t, "what the old one holds is on disk", func() error {
		file, err := os.ReadFile(filepath.Join(s.dataOf(registryService), "membership.json"))
		if err == nil && !regexp.MustCompile(`"OldReports".*"base":\[{[^]]*`+s.url(gradingService)).Match(file) {
			err = fmt.Errorf("the file is %s", file)
		}
		return err
	})

	s.kill(registryService)
	s.start(registryService)
	s.waitSettled()
	s.kill(gradingService)
	old.hearUntil()
	s.start(gradingService)
	old.hearUntil(s.url(gradingService))
	if providers := d.view.Providers("OldReports"); !slices.Equal(providers, []string{old.url}) {
		t.Errorf("the new service has the providers %q, want the old one", providers)
	}

	port := s.ports[registryService]
	if a := raw(t, port, rawRequest("DELETE /services", port, "text/plain", old.url)); a.status != http.StatusOK {
		t.Errorf("quit: got %v, want 200", a)
	}
	d.await(old.url, false)
	if n := len(old.pushes); n > 0 {
		t.Errorf("%d more pushes, the first of %+v", n, <-old.pushes)
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
