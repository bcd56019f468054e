package log

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	tick        = 200 * time.Millisecond // how long entries wait for company
	sendTimeout = 10 * time.Second       // of one Send
	frozen      = time.Second            // a Send that takes longer makes the rest go to the spool
	minPause    = 200 * time.Millisecond // between a failed Send and the next
	maxPause    = 5 * time.Second
	quiet       = 10 * time.Second // between two lines about trouble
)

// shipper takes entries from the queue to the log service, through the spool when that does not
// answer. One goroutine does it, which waits for nothing but the events in run; each Send has one
// of its own, at most one at a time.
type shipper struct {
	send    func(ctx context.Context, ndjson []byte) error
	console *console
	queue   *queue
	kick    chan struct{}
	once    sync.Once
	closing chan context.Context // from close to run
	done    chan struct{}        // closed when run has returned
	left    error                // then: what was neither sent nor kept

	// What follows belongs to run.
	spool   *spool
	ctx     context.Context // of the sends
	current []byte          // the batch that is or will be sent; nil for none
	kept    bool            // current is the start of the spool
	sent    chan error      // the Send under way; nil for none
	began   time.Time       // when it began
	pause   time.Duration   // after the last failure; 0 when all is well
	retry   time.Time       // no Send before
	said    time.Time       // when trouble was last told
	away    bool            // it was told that the log service is away
}

func startShipper(o *HandlerOptions, c *console) *shipper {
	s := &shipper{
		send:    o.Send,
		console: c,
		queue:   &queue{service: o.Service, instance: o.Instance, full: make(chan struct{}, 1)},
		kick:    make(chan struct{}, 1),
		closing: make(chan context.Context, 1),
		done:    make(chan struct{}),
	}
	var err error
	if s.spool, err = openSpool(o.SpoolDir, o.Instance); err != nil {
		s.say("entries that an earlier process kept cannot be read", err)
	}
	go s.run() // until close
	return s
}

func (s *shipper) close(ctx context.Context) error {
	s.once.Do(func() { s.closing <- ctx })
	<-s.done
	return s.left
}

func (s *shipper) run() {
	defer close(s.done)
	var cancel context.CancelFunc
	s.ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-s.queue.full:
		case <-s.kick:
			s.pause, s.retry = 0, time.Time{}
		case err := <-s.sent:
			s.settle(err)
		case ctx := <-s.closing:
			s.finish(ctx)
			return
		}
		s.step(time.Now())
	}
}

// step does what can be done now.
func (s *shipper) step(now time.Time) {
	waiting := s.current != nil && (s.sent == nil || now.Sub(s.began) >= frozen)
	if waiting || !s.spool.empty() {
		s.keep()
	}
	if s.sent == nil && !now.Before(s.retry) {
		s.start(now)
	}
}

// keep moves what waits to the spool. If that fails it stays in memory.
func (s *shipper) keep() {
	if s.current != nil && !s.kept {
		if err := s.spool.write(s.current); err != nil {
			s.trouble(err)
			return
		}
		s.kept = true
	}
	for batch := s.queue.peek(); len(batch) > 0; batch = s.queue.peek() {
		if err := s.spool.write(batch); err != nil {
			s.trouble(err)
			return
		}
		s.queue.discard(len(batch))
	}
}

// trouble tells that the spool cannot take more, which a handler without one need not say.
func (s *shipper) trouble(err error) {
	if err != errNoSpool {
		s.say("entries for the log service are kept in memory only", err)
	}
}

// start begins to send the next batch, if there is one.
func (s *shipper) start(now time.Time) {
	if s.current == nil {
		batch, err := s.spool.next()
		if err != nil {
			s.say("a file of entries cannot be read and stays where it is", err)
		}
		s.current, s.kept = batch, len(batch) > 0
		if !s.kept && s.spool.empty() {
			s.current = s.queue.peek()
			s.queue.discard(len(s.current))
		}
		if len(s.current) == 0 {
			s.current = nil
			return
		}
	}
	s.sent, s.began = make(chan error, 1), now
	go func(batch []byte, sent chan<- error) {
		ctx, cancel := context.WithTimeout(s.ctx, sendTimeout)
		defer cancel()
		sent <- s.send(ctx, batch)
	}(s.current, s.sent)
}

// settle takes note of how a Send ended.
func (s *shipper) settle(err error) {
	s.sent = nil
	if refused, ok := errors.AsType[*refusedError](err); ok {
		s.queue.lose(s.current, refused)
		s.say("entries are lost", err)
	} else if err != nil {
		s.pause = min(max(2*s.pause, 2*minPause), maxPause)
		s.retry = time.Now().Add(max(minPause+rand.N(s.pause-minPause), retryAfter(err)))
		s.away = s.say("the log service does not take entries: they are kept and sent later", err) || s.away
		return
	}
	if s.kept {
		if err := s.spool.consume(len(s.current)); err != nil {
			s.say("a file of entries that were sent cannot be removed: they will be sent again, and stored once", err)
		}
	}
	s.current, s.kept, s.pause, s.retry = nil, false, 0, time.Time{}
	if s.away {
		s.away = false
		s.console.print(time.Now(), slog.LevelInfo, "the log service takes entries again", nil)
	}
}

// finish sends what it can until ctx ends or a Send fails, and keeps the rest.
func (s *shipper) finish(ctx context.Context) {
	for failed := false; !failed; {
		if s.sent == nil {
			s.start(time.Now())
		}
		if s.sent == nil {
			break
		}
		select {
		case err := <-s.sent:
			s.settle(err)
			failed = s.current != nil
		case <-ctx.Done():
			failed = true
		}
	}
	s.keep()
	s.spool.close()
	if len(s.queue.peek()) > 0 || s.current != nil && !s.kept {
		s.left = errors.New("the last entries were neither sent to the log service nor kept")
	}
}

// say tells people of trouble, unless it has just done so, and reports whether it has.
func (s *shipper) say(message string, err error) bool {
	if now := time.Now(); s.said.IsZero() || now.Sub(s.said) >= quiet {
		s.said = now
		s.console.print(now, slog.LevelWarn, message, map[string]any{"error": err.Error()})
		return true
	}
	return false
}
