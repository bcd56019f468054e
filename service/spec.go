package service

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// Spec says what a service is.
type Spec struct {
	Name     string   // as others call it: "GradingService"
	Addr     string   // where it listens unless -addr says otherwise
	Requires []string // services it cannot work without
	Optional []string // services it is better with
	Memory   int64    // bytes it should stay within; 768 MiB unless set

	// Flags declares flags of the service's own; may be nil. Open reads them
	// with Env.Flag.
	Flags func(*flag.FlagSet)
	// Instead does what a flag asks for instead of serving, and reports whether one
	// did; it writes to out what it has done. It is called with the directory of the
	// data, which exists, before the service listens. May be nil.
	Instead func(data string, flag func(name string) string, out io.Writer) (done bool, err error)
	// Open opens what the service owns. It is called once, before the service
	// is reachable.
	Open func(web.Env, *telemetry.Metrics) (web.App, error)
}

// Main runs the service until SIGINT, SIGTERM or the end of a launcher, and
// exits: 0 after an orderly stop, 2 when it was called wrongly, else 1. A
// second signal exits at once.
func Main(spec Spec) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // from then on a signal has its usual effect
	if os.Getenv("GRADEBOOK_STOP_ON_EOF") == "1" {
		signal.Ignore(syscall.SIGPIPE) // a killed launcher reads our stderr no more; printing there must not end us
		ctx = untilEOF(ctx, os.Stdin)
	}
	tuneGC(os.Getenv, cmp.Or(spec.Memory, 768<<20))
	err := Run(ctx, spec, os.Args, os.Getenv, os.Stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return
	case errors.Is(err, errUsage):
		os.Exit(2)
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", program(os.Args), err)
	os.Exit(1)
}

// tuneGC gives memory for time, unless the environment says otherwise: our heaps
// are small, and by default a fifth of the computing under load would be their
// collection. Near the limit they are collected as often as that takes.
func tuneGC(getenv func(string) string, limit int64) {
	if getenv("GOGC") == "" && getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(limit)
	}
}

// untilEOF returns a context that also ends when r does. A launcher holds the
// other end of that pipe, so its children stop in order even when it is killed.
func untilEOF(ctx context.Context, r io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() { // ends with the process: a read of standard input cannot be stopped
		io.Copy(io.Discard, r)
		cancel()
	}()
	return ctx
}

// program is the name of the binary.
func program(args []string) string {
	return strings.TrimSuffix(filepath.Base(args[0]), ".exe")
}
