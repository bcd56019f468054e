package registry

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// What is written to a connection, and when one is good for no more, byte by
// byte.
func TestExchange(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	long := strings.Repeat("x", maxAnswer+1)
	tests := []struct {
		name, answer string // "" is silence, "-" a hang-up
		outcome      outcome
		detail       string
		kept         bool
	}{
		{"nothing in it", ok + "Content-Length: 0\r\n\r\n", answered, "", true},
		{"no content", "HTTP/1.1 204 No Content\r\n\r\n", answered, "", true},
		{"a beat", ok + "Content-Length: 19\r\n\r\n" + `{"instance":"mine"}`, answered, "mine", true},
		{"in chunks", ok + "Transfer-Encoding: chunked\r\n\r\n13\r\n" + `{"instance":"mine"}` + "\r\n0\r\n\r\n", answered, "mine", true},
		{"a beat after a hint", "HTTP/1.1 103 Early Hints\r\n\r\n" + ok + "Content-Length: 19\r\n\r\n" + `{"instance":"mine"}`, answered, "mine", true},
		{"it closes afterwards", ok + "Connection: close\r\nContent-Length: 0\r\n\r\n", answered, "", false},
		{"of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", answered, "", false},
		{"more than was announced", ok + "Content-Length: 0\r\n\r\nx", answered, "", false},
		{"too long", fmt.Sprintf(ok+"Content-Length: %d\r\n\r\n%s", len(long), long), answered, "", false},
		{"an error", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", wrong, "500 Internal Server Error", true},
		{"a redirect", "HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n", wrong, "302 Found", true},
		{"another protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n", wrong, "101 Switching Protocols", false},
		{"garbage", "what?\r\n\r\n", broken, "", false},
		{"a header without end", ok + strings.Repeat("X: "+strings.Repeat("x", 500)+"\r\n", 100), broken, "", false},
		{"half an answer", ok + "Content-Length: 5\r\n\r\n{-", broken, "", false},
		{"half a header and silence", ok, silent, "", false},
		{"silence", "", silent, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := mustOpen(t, t.TempDir(), Options{Dial: speak(tt.answer)})
				defer s.Close()
				l := &line{server: s, wake: make(chan struct{}, 1)}
				defer l.hangUp()
				req, _ := http.NewRequest(http.MethodGet, "http://localhost:6000/heartbeat", nil)
				e, _ := l.ask(req)
				if e.outcome != tt.outcome || e.detail+e.beat.Instance != tt.detail {
					t.Errorf("got %v, want %s %s", e, tt.outcome, tt.detail)
				}
				if kept := l.conn != nil; kept != tt.kept {
					t.Errorf("connection kept: %t, want %t", kept, tt.kept)
				}
			})
		})
	}
}

// speak is a Dial whose other end reads a request and says what it is told;
// a hyphen at its end is a hang-up.
func speak(text string) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() { // until the other end closes
			defer theirs.Close()
			http.ReadRequest(bufio.NewReader(theirs))
			said, hangUp := strings.CutSuffix(text, "-")
			io.WriteString(theirs, said)
			if !hangUp {
				theirs.Read(make([]byte, 1))
			}
		}()
		return ours, nil
	}
}

// A connection that was closed just before it is used is no sign of anything.
func TestStaleConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		defer n.close()
		s := mustOpen(t, t.TempDir(), Options{Dial: n.Dial})
		defer s.Close()
		n.set("localhost:6000", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), false)
		l := &line{server: s, wake: make(chan struct{}, 1)}
		defer l.hangUp()
		req, _ := http.NewRequest(http.MethodGet, "http://localhost:6000/heartbeat", nil)
		for i := range 3 {
			if e, err := l.ask(req); e.outcome != answered {
				t.Errorf("heartbeat %d: %v %v", i, e, err)
			}
			n.hangUp("localhost:6000")
		}
		if l.push(&push{url: "http://localhost:6000/update"}); l.due.IsZero() {
			t.Error("a view was cut off, and the service is not asked at once whether it lives")
		}
		if got := n.count("POST localhost:6000/update"); got != 0 {
			t.Errorf("the view was sent again %d times; the client may know only deltas", got)
		}
	})
}

// More services than this process can open files are asked all the same, and
// none is taken out for it.
func TestMoreServicesThanFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork()
		defer n.close()
		var open atomic.Int64
		s := mustOpen(t, t.TempDir(), Options{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if open.Add(1) > 3 {
				open.Add(-1)
				return nil, &net.OpError{Op: "dial", Err: syscall.EMFILE}
			}
			conn, err := n.Dial(ctx, network, addr)
			if err != nil {
				open.Add(-1)
				return nil, err
			}
			return &countedConn{conn, sync.OnceFunc(func() { open.Add(-1) })}, nil
		}})
		defer s.Close()
		for i := range 10 {
			addr := fmt.Sprintf("localhost:600%d", i)
			n.set(addr, newOldClient(), false)
			s.step(registering{describe("A", "", "http://"+addr)})
		}
		time.Sleep(time.Minute)
		for range 100 {
			time.Sleep(100 * time.Millisecond)
			for _, e := range s.catalogue("") {
				if e.Health != "up" || time.Since(e.LastHeartbeat) > 3*time.Second {
					t.Fatalf("%s is %s and was last heard %v ago", e.URL, e.Health, time.Since(e.LastHeartbeat))
				}
			}
		}
		n.set("localhost:6003", nil, false)
		time.Sleep(2 * time.Second)
		if got := healthOf(s, "http://localhost:6003"); got != down {
			t.Errorf("one that died is %q", got)
		}
	})
}

type countedConn struct {
	net.Conn
	closed func()
}

func (c *countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}
