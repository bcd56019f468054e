package log

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"gradebook/service/web"
)

// burst is how long a service may send at any rate after it was quiet, measured in entries that its
// limit would have let through.
const burst = 2 * time.Second

// minSweep is how many services may be on record without a look at whether they need be.
const minSweep = 1024

// telling is how often people are told who sends too much.
const telling = 10 * time.Second

// limits bound how many entries a second the log takes of each service, so that one that runs wild
// does not crowd out the others. A body is taken whole unless one of its services is in debt; then
// they are charged, and debt is paid by time.
type limits struct {
	rate    int64 // entries a second; 0: no limit
	refused func(service string, entries int)
	logger  *slog.Logger

	mu       sync.Mutex          // guards what follows
	accounts map[string]*account // by service
	sweep    int                 // number of accounts from when on those that owe nothing are closed
	calm     time.Time           // nobody is in debt from then on
	news     map[string]int      // entries refused that were not told of, by service
	told     time.Time           // when they were
	timer    *time.Timer         // tells later; nil if nothing is left to tell
}

// account says until when what a service has sent would have taken at its rate.
type account struct{ paid time.Time }

// newLimits returns limits of so many entries a second, which call refused for what is not taken
// and tell people of it now and then, until they are closed.
func newLimits(rate int64, refused func(service string, entries int), logger *slog.Logger) *limits {
	return &limits{rate: rate, refused: refused, logger: logger, accounts: map[string]*account{}, news: map[string]int{}, sweep: minSweep}
}

// A throttledError says that nothing of a body was stored, and when to try again.
type throttledError struct {
	service string
	rate    int64
	wait    time.Duration
}

func (e *throttledError) Error() string {
	return fmt.Sprintf("%q sends more than %d entries a second", cmp.Or(e.service, "unknown"), e.rate)
}

// problem asks the sender to wait for whole seconds.
func (e *throttledError) problem() *web.Problem {
	wait := int64(math.Ceil(e.wait.Seconds()))
	p := web.NewProblem(http.StatusTooManyRequests, "%v: nothing was stored, send it again in %d s", e, wait)
	p.Header = http.Header{"Retry-After": {strconv.FormatInt(wait, 10)}}
	return p
}

// quiet reports whether nobody is in debt.
func (l *limits) quiet(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !now.Before(l.calm)
}

// take charges services with the entries of a body, unless one of them is in debt: then all are
// refused, and the error is a *throttledError.
func (l *limits) take(entries map[string]int, now time.Time) error {
	if l.rate == 0 {
		return nil
	}
	if err := l.charge(entries, now); err != nil {
		return l.refuse(entries, err, now)
	}
	return nil
}

// check is take for a body that may hold entries of other services too and is not charged yet.
func (l *limits) check(entries map[string]int, now time.Time) error {
	l.mu.Lock()
	err := l.debt(entries, now)
	l.mu.Unlock()
	if err != nil {
		return l.refuse(entries, err, now)
	}
	return nil
}

func (l *limits) refuse(entries map[string]int, err *throttledError, now time.Time) error {
	for service, n := range entries {
		l.refused(service, n)
	}
	l.note(entries, now)
	return err
}

// debt is the error if one of the services has to wait; mu is held.
func (l *limits) debt(entries map[string]int, now time.Time) *throttledError {
	for service := range entries {
		if a := l.accounts[service]; a != nil && a.paid.Sub(now) > burst {
			return &throttledError{service, l.rate, a.paid.Sub(now) - burst}
		}
	}
	return nil
}

func (l *limits) charge(entries map[string]int, now time.Time) *throttledError {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.debt(entries, now); err != nil {
		return err
	}
	for service, n := range entries {
		a := l.accounts[service]
		if a == nil {
			a = new(account)
			l.accounts[strings.Clone(service)] = a
		}
		if a.paid.Before(now) {
			a.paid = now
		}
		a.paid = a.paid.Add(time.Duration(int64(n) * int64(time.Second) / l.rate))
		if free := a.paid.Add(-burst); free.After(l.calm) {
			l.calm = free
		}
	}
	if len(l.accounts) > l.sweep {
		maps.DeleteFunc(l.accounts, func(_ string, a *account) bool { return !a.paid.After(now) })
		l.sweep = max(minSweep, 2*len(l.accounts))
	}
	return nil
}

// note tells people who was refused: at once if that is news, or else together with what comes
// within ten seconds.
func (l *limits) note(entries map[string]int, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for service, n := range entries {
		if _, ok := l.news[service]; !ok && len(l.news) >= maxLabels {
			service = "other"
		}
		l.news[strings.Clone(service)] += n
	}
	if l.timer == nil {
		l.timer = time.AfterFunc(telling-min(telling, now.Sub(l.told)), l.tell)
	}
}

// tell says who was refused since this was told last, if anybody was.
func (l *limits) tell() {
	l.mu.Lock()
	news := l.news
	l.news, l.timer, l.told = map[string]int{}, nil, time.Now()
	l.mu.Unlock()
	if len(news) > 0 {
		l.logger.Warn("services send more than the log takes of each: they were told to slow down, and to send these entries again",
			"refused", news, "limit", fmt.Sprintf("%d/s", l.rate))
	}
}

// close tells what is left to tell.
func (l *limits) close() {
	l.mu.Lock()
	timer := l.timer
	l.mu.Unlock()
	if timer != nil && timer.Stop() {
		l.tell()
	}
}

// countServices adds to entries how many records of each service there are.
func countServices(entries map[string]int, records []record) {
	for start, i := 0, 1; start < len(records); i++ {
		if i == len(records) || records[i].service != records[start].service {
			entries[records[start].service] += i - start
			start = i
		}
	}
}
