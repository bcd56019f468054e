package registry

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const missedBeats = 3 // intervals without a heartbeat, and the registry is lost

// AgentOptions say whom an agent speaks for. All but HTTP and DataDir are needed.
type AgentOptions struct {
	Registration Registration
	RegistryURL  string       // such as http://localhost:3000
	View         *View        // kept at what the registry says
	HTTP         *http.Client // plain: it does not resolve names; http.Client's zero value by default
	Logger       *slog.Logger
	DataDir      string // keeps the last known view for a start without the registry; "": nothing is kept
}

// Agent keeps one service registered for as long as Run runs, and the
// service's view at what the registry knows. The registry calls it at
// Heartbeat and Update. It is safe for concurrent use.
type Agent struct {
	options    AgentOptions
	client     *Client
	again      chan struct{} // a sign that the registry no longer knows us
	suspicions *suspicions
	changed    chan struct{} // a sign that the view is not what is on disk
	life       context.Context
	end        context.CancelFunc // of Run, before leaving
	running    sync.Mutex         // held by Run

	mu       sync.Mutex // guards what follows
	session  session
	interval time.Duration
	joined   time.Time     // when we registered
	beat     time.Time     // latest heartbeat with our epoch, or joined
	asking   chan struct{} // closed when the registration under way is answered; nil when there is none
}

// NewAgent returns an agent that does nothing yet.
func NewAgent(o AgentOptions) *Agent {
	if o.HTTP == nil {
		o.HTTP = &http.Client{}
	}
	life, end := context.WithCancel(context.Background())
	return &Agent{
		life: life, end: end,
		options: o, client: &Client{http: o.HTTP, base: o.RegistryURL},
		again: make(chan struct{}, 1), changed: make(chan struct{}, 1), suspicions: newSuspicions(),
		session: newSession(o.Registration), interval: time.Second,
	}
}

// Run registers and stays registered until ctx is done or the service leaves.
// The service must listen before, since the registry calls it at once.
func (a *Agent) Run(ctx context.Context) {
	a.running.Lock()
	defer a.running.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(a.life, cancel)()
	var others sync.WaitGroup
	others.Go(func() { a.report(ctx) })
	if a.options.DataDir != "" {
		others.Go(func() { a.remember(ctx) })
	}
	a.keepRegistered(ctx)
	others.Wait()
}

// keepRegistered is Run for the registration alone.
func (a *Agent) keepRegistered(ctx context.Context) {
	logger := a.options.Logger.With("registry", a.options.RegistryURL)
	for known := false; ; known = true {
		answer, failed := a.join(ctx, known, logger)
		if ctx.Err() != nil {
			return
		}
		words := "registered"
		if known && failed > 0 {
			words = "the registry is back; we are registered again"
		}
		logger.Info(words, "revision", answer.Revision)
		for _, warning := range answer.Warnings {
			logger.Warn(warning)
		}
		lost := a.stay(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case lost:
			logger.Warn("no heartbeat from the registry for a while; we register again")
		default:
			logger.Info("the registry has restarted or forgotten us; we register again")
		}
	}
}

// adopt shows the view what the session holds. The caller holds a.mu.
func (a *Agent) adopt(n news) {
	a.options.View.set(a.session.providers, n)
	if len(n.found)+len(n.gone) > 0 {
		signal(a.changed)
	}
}

// stay returns when the registration is no longer good, at most once an
// interval: lost is true when the registry was not heard of for too long, and
// false when it has forgotten us or restarted.
func (a *Agent) stay(ctx context.Context) (lost bool) {
	for {
		a.mu.Lock()
		now := time.Now()
		patience := a.beat.Add(missedBeats * a.interval).Sub(now)
		rest := a.joined.Add(a.interval).Sub(now)
		a.mu.Unlock()
		if patience <= 0 {
			return true
		}
		timer := time.NewTimer(patience)
		select {
		case <-timer.C:
		case <-a.again:
			timer.Stop()
			sleep(ctx, rest)
			return false
		case <-ctx.Done():
			timer.Stop()
			return false
		}
	}
}

// say tells of providers that came and went.
func (a *Agent) say(n news) {
	for _, p := range n.found {
		a.options.Logger.Info("found a provider of "+p.Name, "url", p.URL)
	}
	for _, p := range n.gone {
		a.options.Logger.Warn("lost a provider of "+p.Name, "url", p.URL, "left", len(a.options.View.Providers(p.Name)))
	}
}

// WaitFor waits until service has a provider. When ctx ends first, the error is
// a *NoProviderError.
func (a *Agent) WaitFor(ctx context.Context, service string) error {
	return a.options.View.WaitFor(ctx, service)
}

// Ready returns nil when every required service has a provider, else a
// *NoProviderError for the first that has none.
func (a *Agent) Ready() error {
	for _, name := range a.options.Registration.RequiredServices {
		if name == RegistryService {
			continue
		}
		if _, err := a.options.View.find(name); err != nil {
			return err
		}
	}
	return nil
}

// sleep waits for d, if that is more than 0; false when ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
