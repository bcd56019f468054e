package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	stop, stopNow := context.WithCancel(context.Background())
	kill, killNow := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { // ends with the process
		<-signals
		stopNow()
		<-signals
		killNow()
	}()
	err := run(stop, kill, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "gradebook: %v\n", err)
		os.Exit(1)
	}
}

// run starts the four services and returns when they have stopped. They are
// stopped in order when stop is done; when kill is done too, they are killed.
func run(stop, kill context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	uploads, err := o.uploads()
	if err != nil {
		return err
	}
	if err := claimPorts(o.services); err != nil {
		return err
	}
	data, err := filepath.Abs(o.data)
	if err != nil {
		return err
	}
	setArgs(o.services, data, len(uploads) == 0)
	out := newOutput(stdout, wantsColour(stdout, getenv))
	dir, err := findBinaries(stop, o.services, out)
	if stop.Err() != nil {
		return nil
	} else if err != nil {
		return err
	}
	out.say("the data are in %s", data)
	l := newLauncher(o.services, dir, out)
	defer l.stop()
	l.start(stop, kill)
	if !l.waitReady(stop) {
		return nil
	}
	for _, u := range uploads {
		u.send(stop, o.services[grading].addr, out)
	}
	out.say("ready: http://%s", o.services[portal].addr)
	out.say("Ctrl-C stops everything")
	<-stop.Done()
	return nil
}
