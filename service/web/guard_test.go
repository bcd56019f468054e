package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gradebook/service/web"
)

func TestCheckHost(t *testing.T) {
	h := web.CheckHost(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, want := range map[string]int{
		"localhost": 200, "localhost:6000": 200, "LOCALHOST:6000": 200, "localhost.:80": 200, "a.localhost:6000": 200,
		"127.0.0.1:6000": 200, "127.9.9.9": 200, "[::1]:6000": 200, "[::1]": 200, "[::ffff:127.0.0.1]:1": 200,
		"evil.example": 421, "evil.example:6000": 421, "localhost.evil.example": 421, "10.0.0.1:6000": 421,
		"[::2]:6000": 421, "": 421, "notlocalhost": 421,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
	}
}

func TestCheckOrigin(t *testing.T) {
	h := web.CheckOrigin(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, c := range []struct {
		method, header, value string
		want                  int
	}{
		{"POST", "", "", 200},
		{"POST", "Sec-Fetch-Site", "same-origin", 200},
		{"POST", "Sec-Fetch-Site", "cross-site", 403},
		{"POST", "Sec-Fetch-Site", "same-site", 403},
		{"POST", "Origin", "http://evil.example", 403},
		{"GET", "Sec-Fetch-Site", "cross-site", 200},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s with %s: %s: %d, want %d", c.method, c.header, c.value, w.Code, c.want)
		}
	}
}

func TestAccepts(t *testing.T) {
	for accept, want := range map[string]bool{
		"text/event-stream": true, "text/html, text/event-stream;q=0.5": true,
		"": false, "*/*": false, "text/*": false, "text/event-stream;q=0": false,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept", accept)
		if got := web.Accepts(r, "text/event-stream"); got != want {
			t.Errorf("Accept %q: %v, want %v", accept, got, want)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	for _, c := range []struct {
		limit, size int
		ok          bool
	}{{10, 10, true}, {10, 11, false}, {2 << 20, 2 << 20, true}} {
		h := web.LimitBodies(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			web.BodyLimit(w, r, int64(c.limit))
			if _, err := web.ReadBody(r); (err == nil) != c.ok {
				t.Errorf("%d bytes under a limit of %d: %v", c.size, c.limit, err)
			}
		}))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", c.size))))
	}
}

func TestStream(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := web.NewStream(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		s.Send("7", "grade", []byte("one\ntwo"))
		s.Send("", "", []byte("{}"))
	}))
	defer server.Close()
	resp, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got strings.Builder
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		fmt.Fprintln(&got, lines.Text())
	}
	if want := ": ping\n\nid: 7\nevent: grade\ndata: one\ndata: two\n\ndata: {}\n\n"; got.String() != want {
		t.Errorf("got %q, want %q", got.String(), want)
	}
}

// A request that waits outlives the server's timeouts, and is known to.
func TestWait(t *testing.T) {
	waits := make(chan bool, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &web.Recorder{ResponseWriter: w}
		if err := web.Wait(rec, time.Second); err != nil {
			t.Error(err)
		}
		select {
		case <-r.Context().Done():
			t.Error("the server cut it off")
		case <-time.After(100 * time.Millisecond):
		}
		io.WriteString(rec, "late")
		waits <- rec.Waits
	}))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 20*time.Millisecond, 20*time.Millisecond
	server.Start()
	defer server.Close()
	resp, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "late" || !<-waits {
		t.Errorf("got %q, %v", body, err)
	}
}
