package cmd_test

import (
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// ports gives out ports from a block that no other run of these tests has.
var ports struct {
	once  sync.Once
	claim net.Listener // on the first port of the block, for as long as the tests run
	base  int
	given atomic.Int32
}

// The blocks lie below the ports that systems give to those who ask for any.
const (
	firstBlock = 20000
	blocks     = 20
	blockSize  = 600
)

// claimPorts takes the first block that is free, from a random one on.
func claimPorts() {
	start := rand.IntN(blocks)
	for i := range blocks {
		ports.base = firstBlock + (start+i)%blocks*blockSize
		var err error
		if ports.claim, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(ports.base))); err == nil {
			return
		}
	}
}

// freePort returns a port that nobody holds on either loopback address.
func freePort(t testing.TB) int {
	t.Helper()
	ports.once.Do(claimPorts)
	if ports.claim == nil {
		t.Fatal("no block of ports is free")
	}
	for range blockSize {
		port := ports.base + 1 + int(ports.given.Add(1))%(blockSize-1)
		if isFree("127.0.0.1", port) && isFree("::1", port) {
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// isFree reports whether a port can be bound. A host without IPv6 has nobody
// on it.
func isFree(host string, port int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err == nil {
		return l.Close() == nil
	}
	return host == "::1" && !strings.Contains(err.Error(), "in use")
}
