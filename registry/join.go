package registry

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"gradebook/service/web"
)

const (
	callTimeout = 2 * time.Second        // of a registration
	retryFrom   = 200 * time.Millisecond // full jitter from here
	retryTo     = 5 * time.Second        // to here, at most
)

// errLeft is an answer that took longer than the registry lived.
var errLeft = errors.New("the answer is of an earlier run of the registry")

// join tries to register until that succeeds or ctx is done, and returns how
// often it failed. Of failures of the same kind it tells the first.
func (a *Agent) join(ctx context.Context, known bool, logger *slog.Logger) (answer Registered, failed int) {
	for said := ""; ; failed++ {
		answer, err := a.register(ctx)
		if err == nil || ctx.Err() != nil {
			return answer, failed
		}
		words, level := "the registry is away; we work on with what is known and try again", slog.LevelWarn
		if _, refused := errors.AsType[*web.Problem](err); refused {
			words, level = "the registry refuses us; we try again", slog.LevelError
		}
		if words != said {
			logger.Log(ctx, level, words, "error", err)
		}
		said = words
		if failed == 0 && !known && a.options.DataDir != "" {
			a.recall()
		}
		select {
		case <-time.After(retryDelay(failed+1, known, a.interval)):
		case <-a.again: // a registry asked for us: it is there
		case <-ctx.Done():
			return answer, failed
		}
	}
}

// retryDelay is a random wait after the n-th failure in a row. Who was
// registered before is quick, so that a registry that comes back empty hears
// of everybody before it settles.
func retryDelay(n int, known bool, interval time.Duration) time.Duration {
	most := min(retryTo, retryFrom<<min(n, 10))
	if known {
		most = min(most, max(interval, retryFrom))
	}
	return retryFrom + rand.N(most-retryFrom+1)
}

// register makes one attempt and adopts the answer.
func (a *Agent) register(ctx context.Context) (Registered, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	done := make(chan struct{})
	defer close(done)
	a.mu.Lock()
	a.asking = done
	a.mu.Unlock()
	answer, err := a.client.Register(ctx, a.options.Registration)
	var n news
	defer func() { a.say(n) }()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asking = nil
	if err != nil {
		return answer, err
	}
	n, ok := a.session.registered(answer)
	if !ok {
		return answer, errLeft
	}
	a.adopt(n)
	a.joined = time.Now()
	a.beat = a.joined
	if d, err := time.ParseDuration(answer.HeartbeatInterval); err == nil && d > 0 {
		a.interval = d
	}
	select { // a sign that came before this answer is about another epoch
	case <-a.again:
	default:
	}
	return answer, nil
}
