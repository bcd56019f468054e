package service

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gradebook/log"
	"gradebook/registry"
	"gradebook/service/telemetry"
	"gradebook/service/web"
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
	flight   flight
	leaving  atomic.Bool     // told to drain
	life     context.Context // ends when the service begins to stop
	end      context.CancelFunc
	draining chan struct{}
	endWork  func()     // closes draining
	fatal    chan error // of the storage
	opened   chan struct{}
	app      web.App         // set once opened is closed
	agent    *registry.Agent // likewise; nil in the registry itself
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
	p.life, p.end = context.WithCancel(context.Background())
	p.endWork = sync.OnceFunc(func() { close(p.draining) })
	p.metrics.Process(p.started)
	p.client = &http.Client{Transport: registry.NewTransport(registry.TransportOptions{
		View: p.view, RegistryURL: config.registry, Base: newTransport(), Suspect: p.suspect,
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
	if server, ok := app.(*registry.Server); ok {
		server.Follow(p.view, "LogService") // it ships its lines
	} else {
		p.agent = p.newAgent()
	}
	close(p.opened)
	return nil
}

func (p *process) newAgent() *registry.Agent {
	return registry.NewAgent(registry.AgentOptions{
		Registration: registry.Registration{
			ServiceName: p.spec.Name, ServiceURL: p.url,
			RequiredServices: p.spec.Requires, OptionalServices: p.spec.Optional,
			ServiceUpdateURL: p.url + updatePath, HeartbeatURL: p.url + "/heartbeat",
			Instance: p.instance, Version: version(),
		},
		RegistryURL: p.config.registry, View: p.view, Logger: p.logger, DataDir: p.config.data,
		HTTP: &http.Client{Transport: newTransport()},
	})
}

// suspect has the registry told that a connection to a provider failed.
func (p *process) suspect(url string, err error) {
	select {
	case <-p.opened:
		if p.agent != nil {
			p.agent.Suspect(url, err)
		}
	default: // not registered yet, so the registry would not listen
	}
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
