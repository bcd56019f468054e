package service

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"
)

// maxConns is how many connections a service holds at once; more wait in the
// kernel's queue.
const maxConns = 4096

// listen binds addr, which is localhost (IPv4 and, where the machine has it,
// IPv6) or one loopback address. It returns the port it got.
func listen(addr string) ([]*listener, int, error) {
	host, portText, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, 0, fmt.Errorf("-addr %q is not host:port, such as localhost:6000", addr)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, 0, fmt.Errorf("-addr %q: the port must be a number from 0 to 65535", addr)
	}
	if host != "localhost" {
		ip, err := netip.ParseAddr(host)
		if err != nil || !ip.Unmap().IsLoopback() {
			return nil, 0, fmt.Errorf("-addr %q is not a loopback address; use localhost:%d: other machines are not served until there is transport security and sign-in", addr, port)
		}
		return listenOn(int(port), host)
	}
	for range 10 { // a free IPv4 port may be taken on IPv6
		listeners, got, err := listenOn(int(port), "127.0.0.1", "::1")
		if err == nil || port != 0 {
			return listeners, got, err
		}
	}
	return nil, 0, errors.New("no port is free on both 127.0.0.1 and ::1")
}

// listenOn binds one port on hosts; of several, IPv6 may be missing.
func listenOn(port int, hosts ...string) ([]*listener, int, error) {
	slots := make(chan struct{}, maxConns)
	var listeners []*listener
	for _, host := range hosts {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil && len(listeners) > 0 && !InUse(err) {
			continue // this machine has no IPv6
		}
		if err != nil {
			for _, l := range listeners {
				l.Close()
			}
			return nil, 0, explainListen(err, port)
		}
		port = l.Addr().(*net.TCPAddr).Port
		listeners = append(listeners, newListener(l, slots))
	}
	return listeners, port, nil
}

// InUse reports whether err says that a port is taken. Windows has a number of
// its own for that, which package syscall does not map.
func InUse(err error) bool {
	const wsaEADDRINUSE = syscall.Errno(10048)
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaEADDRINUSE)
}

// PortHolder says who may hold a port that is taken, as the subject of a
// sentence.
func PortHolder(port int) string {
	if port == 5000 || port == 7000 {
		return "another program (on a Mac often AirPlay Receiver, which System Settings can turn off)"
	}
	return "another program, perhaps a Gradebook that still runs,"
}

func explainListen(err error, port int) error {
	if !InUse(err) {
		return err
	}
	return fmt.Errorf("port %d is in use: %s has it; stop that, or choose another port with -addr localhost:PORT", port, PortHolder(port))
}
