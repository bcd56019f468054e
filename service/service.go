package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"gradebook/service/telemetry"
)

const (
	leaveLimit = 2 * time.Second  // for dependents to hear that we leave
	drainLimit = 10 * time.Second // for requests in flight
	drainGrace = time.Second      // for the first request of a connection
	flushLimit = 2 * time.Second  // for the last lines to reach the log service
)

// Run is Main without the process around it: it serves until ctx is done, and
// returns nil after an orderly stop. args[0] is the program's name.
func Run(ctx context.Context, spec Spec, args []string, getenv func(string) string, stderr io.Writer) error {
	config, err := parseConfig(spec, args, getenv, stderr)
	if err != nil {
		return err
	}
	if done, err := instead(spec, config, stderr); done || err != nil {
		return err
	}
	listeners, port, err := listen(config.addr)
	if err != nil {
		return err
	}
	p := newProcess(spec, config, port)
	if err := p.open(stderr); err != nil {
		for _, l := range listeners {
			l.Close()
		}
		return errors.Join(err, p.flushLogs())
	}
	return p.serve(ctx, listeners)
}

// instead does what is asked for instead of serving.
func instead(spec Spec, config config, stderr io.Writer) (done bool, err error) {
	if spec.Instead == nil {
		return false, nil
	}
	if err := os.MkdirAll(config.data, 0o700); err != nil {
		return false, fmt.Errorf("data directory: %w; choose another with -data", err)
	}
	return spec.Instead(config.data, config.flag, stderr)
}

// serve answers requests and keeps the service registered until ctx is done,
// the storage fails or the server does; then it stops everything in order.
func (p *process) serve(ctx context.Context, listeners []*listener) error {
	server := &http.Server{
		Handler:           middleware(p.routes(), p.logger, p.metrics, telemetry.NewTracer(p.config.traces, p.handler.HandleStep)),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    16<<10 - 4096, // net/http adds 4096 of slack
		ErrorLog:          slog.NewLogLogger(p.handler, slog.LevelDebug),
	}
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { failed <- server.Serve(l) }() // ends when the server shuts down
	}
	p.logger.Info(p.spec.Name+" listens on "+p.url, "instance", p.instance)

	var registered sync.WaitGroup
	if p.agent != nil {
		registered.Go(func() { p.agent.Run(context.WithoutCancel(ctx)) }) // ends when the service leaves
	}

	var err error
	select {
	case <-ctx.Done():
		p.logger.Info(p.spec.Name + " stops: finishing what is in hand")
	case err = <-p.fatal:
		p.logger.Error(p.spec.Name+" stops: its storage failed", "error", err)
	case err = <-failed:
		p.logger.Error(p.spec.Name+" stops: its server failed", "error", err)
	}
	err = errors.Join(err, p.stop(server, listeners))
	registered.Wait()
	return err
}

// stop ends the service in the reverse of how it started.
func (p *process) stop(server *http.Server, listeners []*listener) error {
	p.end()
	if p.agent != nil {
		ctx, cancel := context.WithTimeout(context.Background(), leaveLimit)
		if err := p.agent.Leave(ctx); err != nil {
			p.logger.Warn("left without telling the registry", "error", err)
		}
		cancel()
	}
	p.endWork()
	p.flight.lull()
	ctx, cancel := context.WithTimeout(context.Background(), drainLimit)
	defer cancel()
	defer time.AfterFunc(drainGrace, func() {
		for _, l := range listeners {
			l.closeUnused()
		}
	}).Stop()
	if err := server.Shutdown(ctx); err != nil {
		p.logger.Warn("requests were cut off", "error", err)
		server.Close()
	}
	p.logger.Info(p.spec.Name+" stopped", "after", time.Since(p.started).Round(time.Second))
	return errors.Join(p.flushLogs(), p.app.Close())
}

// flushLogs gives the last lines a moment; what cannot be sent stays in the
// spool for the next start.
func (p *process) flushLogs() error {
	if p.handler == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushLimit)
	defer cancel()
	return p.handler.Close(ctx)
}
