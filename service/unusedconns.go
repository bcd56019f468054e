package service

import (
	"net"
	"net/http"
	"sync"
)

// unusedConns are the connections on which no request has come yet. Clients open one
// too many now and then, and http.Server.Shutdown would wait 5 s for each. It is
// safe for concurrent use.
type unusedConns struct {
	mu    sync.Mutex // guards conns
	conns map[net.Conn]struct{}
}

// note is the ConnState hook of a server.
func (u *unusedConns) note(conn net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if state != http.StateNew {
		delete(u.conns, conn)
		return
	}
	if u.conns == nil {
		u.conns = make(map[net.Conn]struct{})
	}
	u.conns[conn] = struct{}{}
}

// close closes them all.
func (u *unusedConns) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for conn := range u.conns {
		conn.Close() // the server hears of it and forgets it
	}
}
