package registry

import (
	"net"
	"sync"
	"time"
)

// line is the registry's one connection to a registered service, and the
// goroutine that runs it: heartbeats and views, which have one address, go over
// it one after the other. Between them the goroutine waits in a read. When the
// process at the other end dies, however it dies, its kernel closes the
// connection and the read ends: the service is asked again at once, so a death
// is noticed in milliseconds and without any traffic. It ends when its process
// is no longer registered, or the server closes.
type line struct {
	server     *Server
	key        string
	generation uint64 // of the process that it leads to
	name       string // of its service

	// What follows is for the line's goroutine alone.
	mute    mute
	alarmed bool    // the next heartbeat is sent because the other side hung up
	one     [1]byte // to read into while nothing is expected

	mu      sync.Mutex // guards what follows
	due     time.Time  // of the next heartbeat; zero until it is said
	view    *push      // to be told
	conn    net.Conn   // nil when there is none
	waiting bool       // for due, in a read of conn if there is one: its deadline may be moved
	ended   bool
	wake    chan struct{} // ends a wait without conn
}

// beatAfter sets when the next heartbeat is sent, whatever was set before.
func (l *line) beatAfter(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.due = time.Now().Add(d)
	l.rouse()
}

// tell has p sent next.
func (l *line) tell(p *push) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.view = p
	l.rouse()
}

// end closes the line, also in the middle of an exchange.
func (l *line) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.conn != nil {
		l.conn.SetDeadline(past())
	}
	l.rouse()
}

func (l *line) isEnded() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended
}

// isDue reports whether another heartbeat is scheduled.
func (l *line) isDue() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.due.IsZero()
}

// rouse makes a waiting goroutine look again. The caller holds l.mu, and the
// goroutine looks and begins to wait under it as well, so that no call is lost
// between the two.
func (l *line) rouse() {
	if !l.waiting {
		return
	}
	if l.conn != nil {
		l.conn.SetReadDeadline(past())
		return
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// past is a deadline that is over.
func past() time.Time { return time.Unix(1, 0) }

// run does what is due until the line ends.
func (l *line) run() {
	defer l.server.forget(l)
	defer l.hangUp()
	for {
		ready, view := l.next()
		switch {
		case !ready:
			return
		case view != nil:
			l.push(view)
		default:
			l.beat()
		}
	}
}

// next waits until something is due: a view, or a heartbeat when that is nil.
// It is not ready when the line has ended. A heartbeat that is due goes first,
// so that constant change cannot keep a service from being asked.
func (l *line) next() (ready bool, view *push) {
	for {
		l.mu.Lock()
		beat := !l.due.IsZero() && !time.Now().Before(l.due)
		switch {
		case l.ended:
		case beat:
			ready, l.due = true, time.Time{}
		case l.view != nil:
			ready, view, l.view = true, l.view, nil
		}
		if l.ended || ready {
			l.mu.Unlock()
			return ready, view
		}
		conn, due := l.conn, l.due
		l.waiting = true
		if conn != nil {
			conn.SetReadDeadline(due)
		}
		l.mu.Unlock()
		l.wait(conn, due)
	}
}

// wait returns at due, or when the line is roused or hung up.
func (l *line) wait(conn net.Conn, due time.Time) {
	var err error
	if conn != nil {
		_, err = conn.Read(l.one[:])
	} else {
		sleepUntil(due, l.wake)
	}
	l.mu.Lock()
	l.waiting = false
	l.mu.Unlock()
	if conn != nil && !isTimeout(err) {
		l.hungUp()
	}
}

// sleepUntil waits for due, or for ever when that is zero, or for wake.
func sleepUntil(due time.Time, wake <-chan struct{}) {
	var timer <-chan time.Time
	if !due.IsZero() {
		timer = time.After(time.Until(due))
	}
	select {
	case <-timer:
	case <-wake:
	}
}

// hungUp notes that the other side closed the connection, or said something
// that it was not asked: the process may be dead, so the heartbeat is due now.
func (l *line) hungUp() {
	l.hangUp()
	if l.mute.on(time.Now()) {
		l.server.metrics.hangups.With("muted").Add(1)
		return
	}
	l.alarmed = true
	l.beatAfter(0)
}

// heard settles an alarm once the service has been asked.
func (l *line) heard(alive bool) {
	if !l.alarmed {
		return
	}
	l.alarmed = false
	if !alive {
		l.server.metrics.hangups.With("dead").Add(1)
		return
	}
	l.server.metrics.hangups.With("alive").Add(1)
	l.mute.extend(time.Now(), l.server.options.Interval)
}

// mute is how long a hang-up means nothing, because earlier ones were false
// alarms: a service that closes every connection must not be asked much more
// often than once an interval.
type mute struct {
	until  time.Time
	length time.Duration
}

const longestMute = 5 * time.Minute

func (m *mute) on(now time.Time) bool { return now.Before(m.until) }

// extend mutes for four intervals, and four times longer each time, but begins
// anew after it was not needed for as long as it lasted.
func (m *mute) extend(now time.Time, interval time.Duration) {
	if now.Sub(m.until) > m.length {
		m.length = 0
	}
	m.length = min(4*max(m.length, interval), longestMute)
	m.until = now.Add(m.length)
}
