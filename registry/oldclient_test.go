package registry

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// oldClient is a client of the demo: it appends each added provider to its
// list, takes each removed one out, and answers everything with an empty 200.
type oldClient struct {
	mu     sync.Mutex
	pushes []string // bodies
	known  map[string][]string
}

func newOldClient() *oldClient { return &oldClient{known: make(map[string][]string)} }

func (c *oldClient) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		return
	}
	body, _ := io.ReadAll(r.Body)
	var patch struct{ Added, Removed []struct{ Name, URL string } }
	if err := json.Unmarshal(body, &patch); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pushes = append(c.pushes, string(body))
	for _, p := range patch.Added {
		c.known[p.Name] = append(c.known[p.Name], p.URL)
	}
	for _, p := range patch.Removed {
		if i := slices.Index(c.known[p.Name], p.URL); i >= 0 {
			c.known[p.Name] = slices.Delete(c.known[p.Name], i, i+1)
		}
	}
}

func (c *oldClient) providers(name string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.known[name])
}

func (c *oldClient) pushed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pushes)
}

// exchange sends raw bytes and returns the status line of the answer.
func exchange(t *testing.T, addr, request string) string {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// An old client registers, hears what comes and goes, and quits, in the bytes
// that it sends.
func TestOldClient(t *testing.T) {
	t.Parallel()
	s, registry := serveRegistry(t, "127.0.0.1:0", t.TempDir(), quick())
	old := newOldClient()
	portal := listen(t, "127.0.0.1:0", old)
	t.Cleanup(portal.kill)
	settle(s)

	register := func(body string) string {
		return exchange(t, registry.addr, fmt.Sprintf("POST /services HTTP/1.1\r\nHost: localhost:3000\r\nUser-Agent: Go-http-client/1.1\r\n"+
			"Content-Length: %d\r\nContent-Type: application/json\r\nAccept-Encoding: gzip\r\n\r\n%s", len(body), body))
	}
	quit := func(body string) string {
		return exchange(t, registry.addr, fmt.Sprintf("DELETE /services HTTP/1.1\r\nHost: localhost:3000\r\nUser-Agent: Go-http-client/1.1\r\n"+
			"Content-Length: %d\r\nContent-Type: text/plain\r\nAccept-Encoding: gzip\r\n\r\n%s", len(body), body))
	}
	body := fmt.Sprintf(`{"ServiceName":"TeacherPortal","ServiceURL":"%[1]s","RequiredServices":["LogService","GradingService"],`+
		`"ServiceUpdateURL":"%[1]s/services","HeartbeatURL":"%[1]s/heartbeat"}`+"\n", portal.URL)

	if got := register(body); got != "HTTP/1.1 200 OK" {
		t.Fatalf("registration: %s", got)
	}
	eventually(t, "the first push, with nothing in it", func() bool { return old.pushed() == 1 })
	if got := old.pushes[0]; !strings.HasPrefix(got, `{"added":null,"removed":null,`) {
		t.Errorf("first push is %s", got)
	}

	grading, _ := join(t, "GradingService", "127.0.0.1:0", registry.URL)
	url := grading.options.Registration.ServiceURL
	eventually(t, "grading is added", func() bool { return slices.Equal(old.providers("GradingService"), []string{url}) })
	join(t, "LogService", "127.0.0.1:0", registry.URL)
	eventually(t, "the log service is added", func() bool { return len(old.providers("LogService")) == 1 })
	if got := old.providers("GradingService"); len(got) != 1 {
		t.Errorf("grading was added again: %v", got)
	}

	grading.end()
	if err := grading.Leave(t.Context()); err != nil {
		t.Errorf("leave: %v", err)
	}
	if got := old.providers("GradingService"); len(got) != 0 {
		t.Errorf("grading has left, and the portal acknowledged, but knows %v", got)
	}

	// It died and starts again: it knows nobody, so everything is new to it.
	old.mu.Lock()
	old.known = make(map[string][]string)
	old.mu.Unlock()
	if got := register(body); got != "HTTP/1.1 200 OK" {
		t.Fatalf("second registration: %s", got)
	}
	eventually(t, "the log service is added for the new process", func() bool { return len(old.providers("LogService")) == 1 })

	if got := quit(portal.URL); got != "HTTP/1.1 200 OK" {
		t.Errorf("quit: %s", got)
	}
	if got := quit(portal.URL); got != "HTTP/1.1 404 Not Found" {
		t.Errorf("second quit: %s", got)
	}
}
