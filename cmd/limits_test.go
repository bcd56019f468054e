package cmd_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"
)

// TestSlowConnections: all 200 were still open at the demo after 44 seconds.
func TestSlowConnections(t *testing.T) {
	t.Parallel()
	s := started(t)
	type slow struct {
		name string
		conn net.Conn
	}
	var conns []slow
	for _, name := range inOrder() {
		for range 200 {
			conn, err := net.Dial("tcp", fmt.Sprintf("localhost:%d", s.ports[name]))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, "G"); err != nil {
				t.Fatal(err)
			}
			conns = append(conns, slow{name, conn})
		}
	}
	s.works() // the others are served meanwhile
	limit := time.Now().Add(15 * time.Second)
	for _, c := range conns {
		c.conn.SetReadDeadline(limit)
		if _, err := io.Copy(io.Discard, c.conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%s still holds a connection that sent one byte", c.name)
		}
	}
	s.works()
}

// TestHugeBodies: 300 MiB cost the demo 1.8 GB in the log service and the
// registry, 0.84 GB in grading.
func TestHugeBodies(t *testing.T) {
	t.Parallel()
	s := started(t)
	for _, c := range []struct {
		name, path, contentType, begin string
	}{
		{logService, "/log", "text/plain", "x"},
		{logService, "/log", "application/x-ndjson", `{"message":"`},
		{registryService, "/services", "application/json", `{"serviceName":"`},
		{gradingService, "/students/1/grades", "application/json", `{"title":"`},
		{gradingService, "/imports?format=canvas", "text/csv", "Student,ID,"},
		{portalService, "/students/1/grades", "application/x-www-form-urlencoded", "Title="},
		{portalService, "/import", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"File\"; filename=\"a.csv\"\r\n\r\n"},
	} {
		status, err := s.upload(c.name, c.path, c.contentType, c.begin)
		if err != nil || status != http.StatusRequestEntityTooLarge {
			t.Errorf("300 MiB to %s of %s: got %d (%v), want 413", c.path, c.name, status, err)
		}
	}
	s.works()
	if !procfs() || raceEnabled() {
		return // the detector takes memory of its own
	}
	for _, name := range inOrder() {
		peak := s.running[name].peakMemory(t) >> 20
		t.Logf("%s held at most %d MiB", name, peak)
		if peak > 128 {
			t.Errorf("%s held %d MiB, want at most 128", name, peak)
		}
	}
}

// upload sends 300 MiB that a server cannot know the length of, and returns
// the status, which may come before everything is sent.
func (s *system) upload(name, path, contentType, begin string) (int, error) {
	conn, err := net.Dial("tcp", fmt.Sprintf("localhost:%d", s.ports[name]))
	if err != nil {
		return 0, err
	}
	var sending sync.WaitGroup
	defer sending.Wait()
	defer conn.Close() // ends the sending
	conn.SetDeadline(time.Now().Add(patience))
	sending.Go(func() {
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n",
			path, s.ports[name], contentType, len(begin), begin)
		chunk := make([]byte, 1<<20)
		for i := range chunk {
			chunk[i] = 'x'
		}
		for range 300 {
			if _, err := fmt.Fprintf(conn, "%x\r\n%s\r\n", len(chunk), chunk); err != nil {
				return // it has answered and hung up
			}
		}
		io.WriteString(conn, "0\r\n\r\n")
	})
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}

// TestIdleRegistry: an empty registry of the demo spun at 87 to 104 % of a
// core after a restart.
func TestIdleRegistry(t *testing.T) {
	if !procfs() {
		t.Log("this system does not tell how much processor time another process used")
		return
	}
	t.Parallel()
	s := newSystem(t)
	s.start(registryService)
	s.kill(registryService)
	s.start(registryService)
	window := time.NewTimer(2 * time.Second)
	before := s.running[registryService].cpu(t)
	<-window.C
	used := s.running[registryService].cpu(t) - before
	t.Logf("an idle registry used %v in 2 s", used)
	if used > 30*time.Millisecond {
		t.Errorf("an idle registry used %v of processor time in 2 s, want at most 30 ms", used)
	}
}
