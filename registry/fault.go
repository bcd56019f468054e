package registry

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
)

// fault is what a failed call says of the provider it went to.
type fault int

const (
	unknown   fault = iota // nothing: the caller gave up, or the fault is the caller's
	late                   // it did not answer in time
	unreached              // no connection came about, or it took only a part of the request: nobody acts on that
	cut                    // the connection broke, and what was asked may have been done
)

// faultOf tells what err, of a call that ctx is the context of, says of the
// provider.
func faultOf(ctx context.Context, err error) fault {
	op := operation(err)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return unknown
	case isRefused(err), op == "write" && isCut(err), op == "dial" && (isCut(err) || isTimeout(err) && ctx.Err() == nil):
		return unreached
	case isTimeout(err), ctx.Err() != nil:
		return late
	case isCut(err):
		return cut
	}
	return unknown
}

// operation returns what failed on the network at the bottom of err: "dial",
// "write" and so on; "" when nothing did.
func operation(err error) (name string) {
	for {
		op, ok := errors.AsType[*net.OpError](err)
		if !ok {
			return name
		}
		name, err = op.Op, op.Err
	}
}

// proves reports whether f is worth a report to the registry: a provider that
// is slow may only be busy.
func (f fault) proves() bool { return f == unreached || f == cut }

// isCut reports whether the other side ended a connection that was in use.
// Windows has numbers of its own for it.
func isCut(err error) bool {
	const wsaConnAborted, wsaConnReset = syscall.Errno(10053), syscall.Errno(10054)
	for _, cause := range []error{
		io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, wsaConnAborted, wsaConnReset,
	} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}
