package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

const (
	stopPatience = 10 * time.Second       // for a service to stop in order
	firstPause   = 500 * time.Millisecond // before a service that stopped is started again
	longestPause = 10 * time.Second
	goodLife     = 30 * time.Second // after which the pauses begin anew
)

// process keeps one service running until it is told to stop.
type process struct {
	*service
	path   string
	out    *output
	lines  *lines
	cancel context.CancelFunc // tells it to stop
	done   chan struct{}      // closed when it has stopped

	mu      sync.Mutex // guards failure
	failure string     // why it does not run, "" while it does
}

// start keeps the service running, in the background, until stop. Once kill is
// done it does not wait for the service to stop in order.
func (p *process) start(kill context.Context) {
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go func() { // ends after p.cancel
		defer close(p.done)
		p.keep(ctx, kill)
	}()
}

// stop tells the service to stop and waits until it has.
func (p *process) stop() {
	p.cancel()
	<-p.done
}

// whyDown returns why the service does not run, "" while it does.
func (p *process) whyDown() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failure
}

func (p *process) setDown(why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failure = why
}

// keep runs the service again and again, with pauses.
func (p *process) keep(ctx, kill context.Context) {
	pause := time.Duration(0)
	for {
		started := time.Now()
		why := p.runOnce(ctx, kill)
		last := p.lines.end()
		if ctx.Err() != nil {
			return
		}
		p.setDown(why)
		pause = nextPause(pause, time.Since(started))
		p.out.say("%s stopped by itself: %s; it starts again in %v", p.name, why, pause)
		if len(last) > 0 {
			p.out.say("its last lines (%d):", len(last))
		}
		for _, line := range last {
			p.out.say("    %s", line)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// nextPause returns how long to wait after a life of that length, when the
// pause before it was that long.
func nextPause(pause, life time.Duration) time.Duration {
	if pause == 0 || life >= goodLife {
		return firstPause
	}
	return min(2*pause, longestPause)
}

// runOnce runs the service until it ends or ctx is done, and says how it ended.
func (p *process) runOnce(ctx, kill context.Context) string {
	cmd := exec.Command(p.path, p.args...)
	cmd.Env = append(cmd.Environ(), "GRADEBOOK_STOP_ON_EOF=1")
	cmd.Stdout, cmd.Stderr = p.lines, p.lines
	cmd.WaitDelay = time.Second // for what a child of its own still holds open
	ownGroup(cmd)
	stdin, err := cmd.StdinPipe() // its other end dies with this process
	if err != nil {
		return err.Error()
	}
	if err := cmd.Start(); err != nil {
		return err.Error()
	}
	p.setDown("")
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // ends with the service
	select {
	case err := <-ended:
		return endedHow(err)
	case <-ctx.Done():
	}
	if kill.Err() == nil {
		askToStop(cmd, stdin)
	}
	select {
	case err := <-ended:
		return endedHow(err)
	case <-kill.Done():
	case <-time.After(stopPatience):
		p.out.say("%s has not stopped after %v and is killed", p.name, stopPatience)
	}
	killGroup(cmd)
	return endedHow(<-ended)
}

// endedHow says how a process ended.
func endedHow(err error) string {
	if err == nil {
		return "it ended without an error"
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.String()
	}
	return fmt.Sprint(err)
}
