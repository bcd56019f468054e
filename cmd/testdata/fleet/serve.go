package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"strconv"
)

// refusal answers a push of a registry that m is not registered with.
const refusal = "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n"

func (m *member) accept() {
	for {
		conn, err := m.listener.Accept()
		if err != nil {
			return
		}
		go m.serve(conn) // ends with the connection
	}
}

// serve answers the requests of one connection. It knows as much of HTTP as the
// registry uses.
func (m *member) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 2<<10)
	for {
		r, err := readRequest(in)
		if err != nil {
			return
		}
		if _, err := conn.Write(m.respond(r)); err != nil {
			return
		}
	}
}

// request is what matters of one.
type request struct {
	epoch string // of who asks
	body  []byte // of a push; nil in a heartbeat
}

func (m *member) respond(r request) []byte {
	if r.body == nil {
		m.mu.Lock()
		beat, foreign := m.beat, r.epoch != m.epoch
		m.mu.Unlock()
		if foreign {
			go m.register() // a failure is repeated at the next heartbeat
		}
		return beat
	}
	var v view
	if err := json.Unmarshal(r.body, &v); err != nil {
		return []byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
	}
	if answer, ok := m.adopt(v, false); ok {
		return answer
	}
	go m.register()
	return []byte(refusal)
}

func readRequest(in *bufio.Reader) (r request, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return r, err
	}
	push := bytes.HasPrefix(line, []byte("POST "))
	length := 0
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return r, err
		}
		name, value, more := bytes.Cut(bytes.TrimSpace(line), []byte(": "))
		if !more {
			break
		}
		switch string(name) {
		case "Content-Length":
			if length, err = strconv.Atoi(string(value)); err != nil || length > 1<<20 {
				return r, errors.New("no length of ours")
			}
		case "Registry-Epoch":
			r.epoch = string(value)
		}
	}
	if push {
		r.body = make([]byte, length)
		_, err = io.ReadFull(in, r.body)
	}
	return r, err
}
