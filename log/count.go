package log

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"gradebook/service/web"
)

const (
	defaultWindow = 30 * time.Minute
	maxWindow     = 366 * 24 * time.Hour
	maxAway       = 100 * maxWindow // of until from now: times end in 2262
	fewSteps      = 60              // of a count that does not say how long a step is, at most
	maxSteps      = 1000
	maxSeries     = 100
	otherSeries   = "(other)"
)

// What can be counted by; "" is for one series of all.
const (
	countService  = "service"
	countLevel    = "level"
	countInstance = "instance"
)

// Counts is the answer of GET /log/count: how many entries there were in each step of a window.
// Steps are whole multiples of their length since the Unix epoch (so those of a minute begin when
// one does), and the last one is that which the end of the window falls in, as yet unfinished.
type Counts struct {
	Since  time.Time `json:"since"` // start of the first step
	Until  time.Time `json:"until"` // end of the last one
	Step   Duration  `json:"step"`
	Series []Series  `json:"series"` // the largest first; of more than 100, "(other)" is what came after the first
	Total  int       `json:"total"`
}

// Series is the part of [Counts] that is of one service, level or instance.
type Series struct {
	Service  string `json:"service,omitempty"`
	Level    string `json:"level,omitempty"` // trace, debug, info, warn or error: the one at or below an entry's
	Instance string `json:"instance,omitempty"`
	Total    int    `json:"total"`
	Counts   []int  `json:"counts"` // of each step
}

// Name returns what the series is of; "" for one of all, or of entries that do not say.
func (s *Series) Name() string { return cmp.Or(s.Service, s.Level, s.Instance) }

func newSeries(by, name string, steps int) *Series {
	s := &Series{Counts: make([]int, steps)}
	switch by {
	case countService:
		s.Service = name
	case countLevel:
		s.Level = name
	case countInstance:
		s.Instance = name
	}
	return s
}

// counting is what to count. Its filter says from when until when, in whole steps.
type counting struct {
	filter
	by   string
	step time.Duration
}

// steps returns how many there are.
func (c *counting) steps() int { return int((c.until - c.since) / int64(c.step)) }

// newCounting returns a count by service, level, instance or nothing, in steps, of all that match
// f and are in the window that ends at f.until, made longer to whole steps.
func newCounting(f filter, by string, window, step time.Duration) counting {
	c := counting{filter: f, by: by, step: step}
	n := int64(step)
	past := (f.until%n + n) % n
	c.until = f.until + (n-past)%n
	c.since = c.until - (int64(window)+n-1)/n*n
	return c
}

// parseCounting reads the parameters of GET /log/count. The error is a 400 problem that names each
// bad one.
func parseCounting(values url.Values, now time.Time) (counting, error) {
	var bad []web.FieldError
	refuse := func(field string, err error) {
		if err != nil {
			bad = append(bad, web.FieldError{Field: field, Detail: err.Error()})
		}
	}
	window, err := parseSpan(cmp.Or(values.Get("window"), defaultWindow.String()), maxWindow)
	refuse("window", err)
	step := niceStep(window)
	if text := values.Get("step"); text != "" {
		step, err = parseSpan(text, maxWindow)
		if err == nil && (window+step-1)/step > maxSteps {
			err = fmt.Errorf("%s is too short: a window of %v has at most %d steps", text, window, maxSteps)
		}
		refuse("step", err)
	}
	f, err := parseFilter(values, now)
	if away := now.Sub(time.Unix(0, f.until)).Abs(); err == nil && values.Get("until") != "" && away > maxAway {
		refuse("until", errors.New("is too far from today"))
	}
	if p, ok := errors.AsType[*web.Problem](err); ok {
		bad = append(bad, p.Errors...)
	}
	if bad != nil {
		return counting{}, web.Invalid(http.StatusBadRequest, bad...)
	}
	if values.Get("until") == "" {
		f.until = now.UnixNano() + 1
	}
	return newCounting(f, values.Get("by"), window, step), nil
}

// parseSpan reads a duration from a second to most.
func parseSpan(text string, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > most {
		return 0, fmt.Errorf("%q is not a duration from 1s to %v, such as 30m", cut(text, 40), most)
	}
	return d, nil
}

// niceStep returns a step of a kind that people use.
func niceStep(window time.Duration) time.Duration {
	for _, step := range []time.Duration{
		time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
		time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 6 * time.Hour, 24 * time.Hour,
	} {
		if window <= fewSteps*step {
			return step
		}
	}
	return 7 * 24 * time.Hour
}

// count counts what is in the window. It reads only those blocks whose summaries do not say it.
func (j *journal) count(ctx context.Context, c counting) (Counts, error) {
	t := newTally(c)
	s := newScanning(j, &t.filter)
	for chunk, err := range j.chunks(ctx, &t.filter) {
		if err == nil {
			err = t.addChunk(s, chunk)
		}
		if err != nil {
			return Counts{}, err
		}
	}
	return t.counts(), nil
}

// count answers GET /log/count.
func (s *Server) count(w http.ResponseWriter, r *http.Request) error {
	c, err := parseCounting(r.URL.Query(), time.Now())
	if err != nil {
		return err
	}
	counts, err := s.journal.count(r.Context(), c)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, counts)
}
