//go:build linux

// Command limits is what our services are measured against, in the same run:
// a server that answers at once, and one that answers after a sync shared by
// all requests that arrived meanwhile. Neither does anything else.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
)

func main() {
	size := flag.Int("bytes", 200, "answer this many bytes")
	file := flag.String("file", "", "append each body to this file and sync before the answer")
	flag.Parse()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s\n", l.Addr())
	answer := bytes.Repeat([]byte("x"), *size)
	length := []string{strconv.Itoa(len(answer))}
	handler := func(w http.ResponseWriter, status int) {
		w.Header().Set("Content-Type", "application/json")
		w.Header()["Content-Length"] = length
		w.WriteHeader(status)
		w.Write(answer)
	}
	if *file == "" {
		panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler(w, http.StatusOK) })))
	}
	f, err := os.Create(*file)
	if err != nil {
		panic(err)
	}
	queue := make(chan *waiter, 4096)
	go commit(f, queue)
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		mine := &waiter{body, make(chan struct{})}
		queue <- mine
		<-mine.done
		handler(w, http.StatusCreated)
	})))
}

type waiter struct {
	body []byte
	done chan struct{}
}

// commit appends and syncs whatever is queued, over and over.
func commit(f *os.File, queue <-chan *waiter) {
	var batch []*waiter
	var buf []byte
	for first := range queue {
		batch, buf = append(batch[:0], first), append(buf[:0], first.body...)
		for more := true; more; {
			select {
			case next := <-queue:
				batch, buf = append(batch, next), append(buf, next.body...)
			default:
				more = false
			}
		}
		if _, err := f.Write(buf); err != nil {
			panic(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			panic(err)
		}
		for _, w := range batch {
			close(w.done)
		}
	}
}
