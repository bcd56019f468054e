package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	chassis "gradebook/service"
)

// claimPorts checks that each service can listen where it is to, and fills in
// free ports for those with port 0. The error says all that is wrong, in a
// sentence each.
func claimPorts(services []*service) error {
	var held []net.Listener
	defer func() {
		for _, l := range held {
			l.Close()
		}
	}()
	var errs []error
	taken := map[string]*service{}
	for _, s := range services {
		host, port, err := splitAddr(s)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if other := taken[port]; other != nil && port != "0" {
			errs = append(errs, fmt.Errorf("-%s and -%s both have port %s: give one of them another", other.flag, s.flag, port))
			continue
		}
		taken[port] = s
		listeners, err := claim(s, host, port)
		held = append(held, listeners...)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		_, port, _ = net.SplitHostPort(listeners[0].Addr().String())
		s.addr = net.JoinHostPort(host, port)
	}
	return errors.Join(errs...)
}

// splitAddr refuses what no service would listen on.
func splitAddr(s *service) (host, port string, err error) {
	host, port, err = net.SplitHostPort(s.addr)
	if _, portErr := strconv.ParseUint(port, 10, 16); err != nil || portErr != nil {
		return "", "", fmt.Errorf("-%s %q is not host:port, such as localhost:5000", s.flag, s.addr)
	}
	ip, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return "", "", fmt.Errorf("-%s %q is no address of this machine alone: give localhost:%s, since other machines are not served yet", s.flag, s.addr, port)
	}
	return host, port, nil
}

// claim listens on the address of a service: localhost is both IPv4 and, where
// there is such, IPv6. The caller closes the listeners, also after an error.
func claim(s *service, host, port string) (held []net.Listener, err error) {
	hosts := []string{host}
	if host == "localhost" {
		hosts = []string{"127.0.0.1", "::1"}
	}
	for _, host := range hosts {
		if port != "0" && answers(net.JoinHostPort(host, port)) {
			return held, explainInUse(s, port)
		}
		l, err := net.Listen("tcp", net.JoinHostPort(host, port))
		switch {
		case err == nil:
			held = append(held, l)
			if port == "0" {
				_, port, _ = net.SplitHostPort(l.Addr().String())
			}
		case chassis.InUse(err):
			return held, explainInUse(s, port)
		case len(held) == 0:
			return held, fmt.Errorf("the %s cannot listen on %s: %w; choose another port with -%s", s.words, s.addr, err, s.flag)
		}
	}
	return held, nil
}

// answers reports whether a program accepts connections at addr. macOS lets two
// listen on one port, so that listening alone does not show it.
func answers(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, 250*time.Millisecond)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

func explainInUse(s *service, port string) error {
	number, _ := strconv.Atoi(port) // splitAddr has checked it
	return fmt.Errorf("port %s is in use, so the %s cannot start: %s has it; stop that, or choose another port with -%s, where localhost:0 picks a free one", port, s.words, chassis.PortHolder(number), s.flag)
}
