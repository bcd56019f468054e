package main

import (
	"context"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"gradebook/service/web"
)

const (
	listenPatience = 3 * time.Second       // for one service to listen before the next is started
	readyPatience  = 30 * time.Second      // for all to be ready before it is said what is not
	pollInterval   = 50 * time.Millisecond // between two looks
)

// launcher runs the four services.
type launcher struct {
	processes []*process // in the order of start
	started   int        // how many of them
	patience  time.Duration
	client    *http.Client
	out       *output
}

// newLauncher returns a launcher of services whose binaries are in dir.
func newLauncher(services []*service, dir string, out *output) *launcher {
	l := &launcher{
		patience: readyPatience,
		client:   &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 2 * time.Second},
		out:      out,
	}
	for i, s := range services {
		l.processes = append(l.processes, &process{
			service: s,
			path:    filepath.Join(dir, executable(s.binary)),
			out:     out,
			lines:   &lines{out: out, label: s.label, colour: 32 + i}, // green, yellow, blue, magenta
			done:    make(chan struct{}),
		})
	}
	return l
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// start starts the services, each once the one before it listens or has had
// time to, until ctx is done. It needs a stop afterwards.
func (l *launcher) start(ctx, kill context.Context) {
	for _, p := range l.processes {
		if ctx.Err() != nil {
			return
		}
		l.out.say("starting %s at %s", p.name, p.addr)
		p.start(kill)
		l.started++
		waiting, cancel := context.WithTimeout(ctx, listenPatience)
		poll(waiting, func() bool { return answers(p.addr) || p.whyDown() != "" })
		cancel()
	}
}

// stop stops the services in the reverse order of start.
func (l *launcher) stop() {
	for _, p := range slices.Backward(l.processes[:l.started]) {
		l.out.say("stopping %s", p.name)
		p.stop()
	}
	l.out.say("all have stopped")
}

// waitReady waits until all services are ready and reports whether they are;
// it gives up only when ctx is done. Each time its patience ends it says which
// are not ready and why.
func (l *launcher) waitReady(ctx context.Context) bool {
	for ctx.Err() == nil {
		waiting, cancel := context.WithTimeout(ctx, l.patience)
		ready := poll(waiting, func() bool { return l.everyReady(waiting) })
		cancel()
		if ready {
			return true
		}
		for _, p := range l.processes {
			if why := l.notReady(ctx, p); why != "" && ctx.Err() == nil {
				l.out.say("%s is still not ready: %s", p.name, why)
			}
		}
	}
	return false
}

// poll asks done again and again; it reports false when ctx is done before.
func poll(ctx context.Context, done func() bool) bool {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

func (l *launcher) everyReady(ctx context.Context) bool {
	return !slices.ContainsFunc(l.processes, func(p *process) bool { return l.notReady(ctx, p) != "" })
}

// notReady returns why the service is not ready, "" when it is.
func (l *launcher) notReady(ctx context.Context, p *process) string {
	if why := p.whyDown(); why != "" {
		return "it stopped: " + why
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+"/ready", nil)
	if err != nil {
		return err.Error()
	}
	resp, err := l.client.Do(req)
	if err != nil {
		return "it does not answer: " + err.Error()
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return web.ReadProblem(resp).Error()
	}
	return ""
}
