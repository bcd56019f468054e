package service

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"gradebook/log"
	"gradebook/registry"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

const (
	leaveLimit = 2 * time.Second  // for dependents to hear that we leave
	drainLimit = 10 * time.Second // for requests in flight
	drainGrace = time.Second      // for the first request of a connection
	flushLimit = 2 * time.Second  // for the last lines to reach the log service
)

// process is one running service.
type process struct {
	spec     Spec
	config   config
	url      string
	instance string
	started  time.Time

	metrics  *telemetry.Metrics
	handler  *log.Handler
	logger   *slog.Logger
	view     *registry.View
	client   *http.Client
	draining chan struct{}
	fatal    chan error // of the storage
	opened   chan struct{}
	app      web.App         // set once opened is closed
	agent    *registry.Agent // nil in the registry itself
}

// Run is Main without the process around it: it serves until ctx is done, and
// returns nil after an orderly stop. args[0] is the program's name.
func Run(ctx context.Context, spec Spec, args []string, getenv func(string) string, stderr io.Writer) error {
	config, err := parseConfig(spec, args, getenv, stderr)
	if err != nil {
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

func newProcess(spec Spec, config config, port int) *process {
	host, _, _ := net.SplitHostPort(config.addr)
	p := &process{
		spec: spec, config: config, started: time.Now(),
		url:      "http://" + net.JoinHostPort(host, strconv.Itoa(port)),
		instance: rand.Text()[:16],
		metrics:  telemetry.NewMetrics(),
		view:     registry.NewView(),
		draining: make(chan struct{}),
		fatal:    make(chan error, 1),
		opened:   make(chan struct{}),
	}
	p.metrics.Process(p.started)
	p.client = &http.Client{Transport: registry.NewTransport(registry.TransportOptions{
		View: p.view, RegistryURL: config.registry, Base: newTransport(),
	})}
	return p
}

// newTransport is net/http's with no proxy, since everything is on loopback.
func newTransport() *http.Transport {
	return &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second}).DialContext,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       30 * time.Second, // before the server's 120 s
		ResponseHeaderTimeout: 30 * time.Second,
	}
}

// open prepares everything but the server.
func (p *process) open(stderr io.Writer) error {
	if err := os.MkdirAll(p.config.data, 0o700); err != nil {
		return fmt.Errorf("data directory: %w; choose another with -data", err)
	}
	p.handler = log.NewHandler(log.HandlerOptions{
		Service: p.spec.Name, Instance: p.instance, Level: p.config.level,
		Stderr: stderr, SpoolDir: filepath.Join(p.config.data, "spool"), Send: p.sendLogs,
	})
	p.view.OnFound(func(found registry.Provider) {
		if found.Name == "LogService" {
			p.handler.Kick() // what waits in the spool need not wait for the next try
		}
	})
	p.logger = slog.New(p.handler)
	p.logger.Info("data is kept in "+p.config.data, "holds", contents(p.config.data))

	app, err := p.spec.Open(web.Env{
		Name: p.spec.Name, Instance: p.instance, DataDir: p.config.data,
		Logger: p.logger, Client: p.client, Flag: p.config.flag, Draining: p.draining,
		Fatal: func(err error) {
			select {
			case p.fatal <- err:
			default: // it is ending already
			}
		},
	}, p.metrics)
	if err != nil {
		return err
	}
	p.app = app
	close(p.opened)
	if server, ok := app.(*registry.Server); ok {
		server.Follow(p.view)
	} else {
		p.agent = registry.NewAgent(registry.AgentOptions{
			Registration: registry.Registration{
				ServiceName: p.spec.Name, ServiceURL: p.url,
				RequiredServices: p.spec.Requires, OptionalServices: p.spec.Optional,
				ServiceUpdateURL: p.url + updatePath, HeartbeatURL: p.url + "/heartbeat",
				Instance: p.instance, Version: version(),
			},
			RegistryURL: p.config.registry, View: p.view, Logger: p.logger,
			HTTP: &http.Client{Transport: newTransport()},
		})
	}
	return nil
}

// sendLogs ships lines to the log service, which may be this process.
func (p *process) sendLogs(ctx context.Context, ndjson []byte) error {
	select {
	case <-p.opened:
	case <-ctx.Done():
		return ctx.Err()
	}
	if server, ok := p.app.(*log.Server); ok {
		return server.Send(ctx, ndjson)
	}
	return log.SendTo(p.client)(ctx, ndjson)
}

// serve answers requests and keeps the service registered until ctx is done,
// the storage fails or the server does; then it stops everything in order.
func (p *process) serve(ctx context.Context, listeners []*listener) error {
	server := &http.Server{
		Handler:           middleware(p.routes(), p.logger, p.metrics),
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
	agentCtx, stopAgent := context.WithCancel(context.WithoutCancel(ctx))
	defer stopAgent()
	if p.agent != nil {
		registered.Go(func() { p.agent.Run(agentCtx) })
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
	stopAgent()
	registered.Wait()
	return errors.Join(err, p.stop(server, listeners))
}

// stop ends the service in the reverse of how it started.
func (p *process) stop(server *http.Server, listeners []*listener) error {
	if p.agent != nil {
		ctx, cancel := context.WithTimeout(context.Background(), leaveLimit)
		if err := p.agent.Leave(ctx); err != nil {
			p.logger.Warn("left without telling the registry", "error", err)
		}
		cancel()
	}
	close(p.draining)
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

// contents says in words what is in dir.
func contents(dir string) string {
	var files int
	var size int64
	filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // only a line for the reader
		}
		if info, err := d.Info(); err == nil {
			files++
			size += info.Size()
		}
		return nil
	})
	if files == 0 {
		return "nothing yet"
	}
	return fmt.Sprintf("%d files, %d KiB", files, (size+1023)>>10)
}

// version is the revision the binary was built from, "" when it does not know.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return ""
}
