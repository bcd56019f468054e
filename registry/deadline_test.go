package registry

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// freezing listens like a process that is stopped with SIGSTOP after it has
// said this much on each connection.
func freezing(t *testing.T, accepts bool, says string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() { // ends when l closes
		for accepts {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			if says != "" { // to a request that has begun to arrive
				c.Read(make([]byte, 1))
				io.WriteString(c, says)
			}
		}
	}()
	return "http://" + l.Addr().String()
}

// However a provider freezes, its callers are back when their time is over.
func TestNoCallOutlivesItsDeadline(t *testing.T) {
	const deadline, slack = 200 * time.Millisecond, 100 * time.Millisecond
	for _, tt := range []struct {
		name    string
		accepts bool
		says    string
		body    int // bytes that are sent
	}{
		{"before it accepts", false, "", 0},
		{"before it answers", true, "", 0},
		{"while it reads", true, "", 64 << 20},
		{"within the header", true, "HTTP/1.1 200 OK\r\nContent-", 0},
		{"within the body", true, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := NewView()
			v.replace(map[string][]Provider{"G": {{URL: freezing(t, tt.accepts, tt.says)}, {URL: freezing(t, tt.accepts, tt.says)}}}, false)
			suspected := false
			tr := NewTransport(TransportOptions{View: v, Suspect: func(string, error) { suspected = true }})
			defer tr.CloseIdleConnections()
			call := func() (time.Duration, error) {
				ctx, cancel := context.WithTimeout(t.Context(), deadline)
				defer cancel()
				req, _ := http.NewRequestWithContext(ctx, "PUT", "http://G/", strings.NewReader(strings.Repeat("x", tt.body)))
				start := time.Now()
				resp, err := (&http.Client{Transport: tr}).Do(req)
				if err == nil {
					_, err = io.ReadAll(resp.Body)
					resp.Body.Close()
				}
				return time.Since(start), err
			}
			took, err := call()
			for range 4 { // a busy machine may be late itself
				if took > deadline+slack {
					took, err = call()
				}
			}
			if took > deadline+slack {
				t.Errorf("back after %v, want %v and at most %v more", took, deadline, slack)
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if suspected {
				t.Error("who is slow for one caller was reported as broken")
			}
		})
	}
}

// Nor do the calls to a registry that is frozen.
func TestLeavingAFrozenRegistry(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		m := f.join("Grading", "localhost:6000")
		time.Sleep(10 * time.Second)
		f.set(registryHost, front(f.server), true)
		signal(m.again)
		time.Sleep(100 * time.Millisecond) // it registers again
		start := time.Now()
		if err := m.Leave(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("left with %v", err)
		}
		if took := time.Since(start); took != leaveWait {
			t.Errorf("leaving took %v, want %v", took, leaveWait)
		}
		m.end()
		f.set(registryHost, front(f.server), false)
	})
}
