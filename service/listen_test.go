package service

import (
	"net"
	"strconv"
	"strings"
	"testing"
)

func TestListenRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	for addr, says := range map[string]string{
		"0.0.0.0:6000":      "not a loopback address",
		":6000":             "not a loopback address",
		"10.0.0.1:6000":     "not a loopback address",
		"example.org:80":    "not a loopback address",
		"localhost":         "not host:port",
		"localhost:http":    "a number from 0 to 65535",
		"localhost:70000":   "a number from 0 to 65535",
		"localhost:" + port: "port " + port + " is in use",
		"127.0.0.1:" + port: "choose another port with -addr localhost:PORT",
	} {
		listeners, _, err := listen(addr)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("listen(%q) = %v, want %q", addr, err, says)
		}
		for _, l := range listeners {
			l.Close()
		}
	}
}

func TestListenBothFamilies(t *testing.T) {
	listeners, port, err := listen("localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range listeners {
		defer l.Close()
		if addr := l.Addr().(*net.TCPAddr); !addr.IP.IsLoopback() || addr.Port != port {
			t.Errorf("listens on %v, want loopback port %d", addr, port)
		}
	}
	if listeners[0].Addr().(*net.TCPAddr).IP.String() != "127.0.0.1" {
		t.Errorf("first listener is %v", listeners[0].Addr())
	}
}

func TestConnectionLimit(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := newListener(inner, make(chan struct{}, 1))
	accepted := make(chan net.Conn)
	go func() { // ends when the listener closes
		defer close(accepted)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- conn
		}
	}()
	for range 2 {
		conn, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	first := <-accepted
	if len(l.slots) != 1 {
		t.Errorf("%d slots taken, want 1", len(l.slots))
	}
	select {
	case <-accepted:
		t.Error("a second connection was accepted over the limit of one")
	default:
	}
	first.Close()
	first.Close() // twice gives one slot back
	second := <-accepted
	l.Close()
	if _, more := <-accepted; more {
		t.Error("accepted after Close")
	}
	second.Close()
}
