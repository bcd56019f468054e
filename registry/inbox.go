package registry

import (
	"context"
	"net/http"
	"time"

	"gradebook/service/web"
)

// Heartbeat answers GET heartbeatURL.
func (a *Agent) Heartbeat(w http.ResponseWriter, r *http.Request) error {
	epoch, instance := r.Header.Get(HeaderEpoch), r.Header.Get(HeaderInstance)
	own := a.options.Registration.Instance
	answer := Beat{Status: "up", Instance: own}
	if a.Ready() != nil {
		answer.Status = "blocked"
	}
	a.mu.Lock()
	if a.leaving {
		answer.Status = "leaving"
	}
	answer.Epoch, answer.Revision = a.epoch, a.revision
	gap := time.Since(a.beat)
	late := false
	switch {
	case epoch == "": // anybody may ask without saying who he is
	case epoch == a.epoch && instance == own:
		late = gap > 2*a.interval
		a.beat = time.Now()
	default:
		a.signal()
	}
	a.mu.Unlock()
	if late {
		a.options.Logger.Info("heartbeats of the registry were missed and are back", "after", gap.Round(time.Millisecond))
	}
	a.options.Logger.Debug("heartbeat", "epoch", epoch, "revision", answer.Revision)
	return web.WriteJSON(w, http.StatusOK, answer)
}

// Update takes a view that is pushed to serviceUpdateURL. One that is older
// than what is held is acknowledged and left aside. A push of another epoch,
// or for another process, is a 409.
func (a *Agent) Update(w http.ResponseWriter, r *http.Request) error {
	var p push
	if err := web.DecodeWire(r, &p); err != nil {
		return err
	}
	a.awaitAnswer(r.Context(), p.Epoch)
	held, err := a.take(&p)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, held)
}

// take adopts p if it is for this process and no older than what is held, and
// returns what is held then.
func (a *Agent) take(p *push) (ack, error) {
	var found, gone []Provider
	defer func() { a.say(found, gone) }()
	a.mu.Lock()
	defer a.mu.Unlock()
	if p.Epoch == "" || p.Epoch != a.epoch || p.Instance != a.options.Registration.Instance {
		a.signal()
		return ack{}, web.NewProblem(http.StatusConflict, "this process is not registered with that epoch and instance; it registers again")
	}
	if p.Revision >= a.revision {
		a.revision = p.Revision
		found, gone = a.options.View.replace(p.Providers, p.Settling)
	}
	return ack{Epoch: a.epoch, Revision: a.revision}, nil
}

// awaitAnswer gives the answer to a registration under way a moment to arrive:
// the first push may overtake it.
func (a *Agent) awaitAnswer(ctx context.Context, epoch string) {
	a.mu.Lock()
	asking, known := a.asking, a.epoch == epoch
	a.mu.Unlock()
	if asking == nil || known {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerPatience)
	defer cancel()
	select {
	case <-asking:
	case <-ctx.Done():
	}
}

// signal makes Run register again.
func (a *Agent) signal() {
	select {
	case a.again <- struct{}{}:
	default:
	}
}
