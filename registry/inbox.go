package registry

import (
	"context"
	"net/http"
	"time"

	"gradebook/service/web"
)

// answerPatience is how long a push waits for the answer to a registration
// under way.
const answerPatience = 500 * time.Millisecond

// AddRoutes adds what the registry calls to m: GET /heartbeat, and POST at the
// path of the service's update URL.
func (a *Agent) AddRoutes(m *web.Mux, updatePath string) {
	m.Handle("GET /heartbeat", a.Heartbeat, web.Wire(),
		web.Does("That this service lives, and which view it holds. The registry asks once a second and says who it is."),
		web.Header(web.Text(HeaderEpoch, "of the registry that asks"), web.Text(HeaderInstance, "of the process that is registered")),
		web.Gives(200, Beat{}))
	m.Handle("POST "+updatePath, a.Update, web.Wire(),
		web.Does("Takes the view that the registry pushes: who offers what this service needs."),
		web.Takes(push{}), web.Gives(200, ack{}), web.Fails(400, 409))
}

// Heartbeat answers GET heartbeatURL.
func (a *Agent) Heartbeat(w http.ResponseWriter, r *http.Request) error {
	epoch, instance := r.Header.Get(HeaderEpoch), r.Header.Get(HeaderInstance)
	a.mu.Lock()
	answer, known := a.session.beat(epoch, instance)
	gap := time.Since(a.beat)
	late := false
	switch {
	case epoch == "": // anybody may ask without saying who he is
	case known:
		late = gap > 2*a.interval
		a.beat = time.Now()
	default:
		signal(a.again)
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
	var n news
	defer func() { a.say(n) }()
	a.mu.Lock()
	defer a.mu.Unlock()
	held, n, err := a.session.pushed(p)
	if err != nil {
		signal(a.again)
		return ack{}, web.NewProblem(http.StatusConflict, "%v", err)
	}
	a.adopt(n)
	return held, nil
}

// awaitAnswer gives the answer to a registration under way a moment to arrive:
// the first push may overtake it.
func (a *Agent) awaitAnswer(ctx context.Context, epoch string) {
	a.mu.Lock()
	asking, known := a.asking, a.session.epoch == epoch
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

// signal leaves a sign in c, which has room for one.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
