package log

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"syscall"
	"time"

	"gradebook/log/commitlog"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// Server is the log service. It is safe for concurrent use.
type Server struct {
	mux     *web.Mux
	journal *journal
	pages   web.Pages
	env     web.Env
	stopped sync.Once // calls env.Fatal
	alerts  *alerts
	meters  *meters
	limits  *limits
	large   chan struct{} // holds a token for each large body in hand
}

// Open opens the log in env.DataDir, checking all of it, and returns the service as a *Server.
// It fails if another process has the directory open, or if the log is damaged.
func Open(env web.Env, metrics *telemetry.Metrics) (web.App, error) {
	pages, err := web.NewPages(pageFiles, "page")
	if err != nil {
		return nil, err
	}
	o, err := storage(env)
	if err != nil {
		return nil, err
	}
	rate, err := entryRate(env)
	if err != nil {
		return nil, err
	}
	j, err := openJournal(env.DataDir, o)
	if err != nil {
		return nil, repairable(err)
	}
	if o.Repair {
		env.Logger.Info("the log was checked, and what was damaged is set aside: leave out -repair from now on", "holes", len(j.log.Holes()))
	}
	s := &Server{
		journal: j,
		env:     env,
		pages:   pages,
		meters:  newMeters(metrics),
		large:   make(chan struct{}, maxLarge),
	}
	metrics.GaugeFunc("gradebook_log_next_offset", "Offset that the next entry will get.", func() float64 { return float64(j.end()) })
	s.limits = newLimits(rate, s.meters.refused, env.Logger)
	s.alerts, err = openAlerts(j, alertFile{commitlog.OS(), env.DataDir}, env, func(records []record) error {
		_, _, err := s.store(records)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, j.log.Close())
	}
	metrics.GaugeFunc("gradebook_log_alerts_firing", "Alerts that fire.", s.alerts.firing)
	s.alerts.start()
	s.routes()
	return s, nil
}

// Close closes the log. Entries sent afterwards are refused.
func (s *Server) Close() error {
	s.alerts.close()
	s.limits.close()
	return s.journal.log.Close()
}

// Send stores entries as POST /log does, for the log service's own [Handler]: it never ships to
// itself over HTTP.
func (s *Server) Send(_ context.Context, ndjson []byte) error {
	records, rejected := parseLines(ndjson, time.Now())
	if _, _, err := s.store(records); err != nil {
		return err
	}
	return refusal(rejected)
}

// store appends records and counts those that were not stored before.
func (s *Server) store(records []record) (first uint64, count int, err error) {
	start := time.Now()
	first, stored, err := s.journal.append(records)
	if errors.Is(err, commitlog.ErrStopped) {
		s.stopped.Do(func() { s.env.Fatal(err) })
	}
	if err != nil {
		return 0, 0, err
	}
	s.meters.stored(stored, time.Since(start))
	return first, len(stored), nil
}

// problem is the table of what the log's own errors mean to a client.
func problem(err error) *web.Problem {
	var p *web.Problem
	if throttled, ok := errors.AsType[*throttledError](err); ok {
		return throttled.problem()
	}
	if _, ok := errors.AsType[*commitlog.CorruptError](err); ok {
		return damagedProblem(err)
	}
	switch {
	case errors.Is(err, errTooLarge):
		return web.NewProblem(http.StatusRequestEntityTooLarge, "%v: shorten the message, or send several", err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		p = web.NewProblem(http.StatusInsufficientStorage, "the disk of the log service is full; nothing was stored: make room and send it again")
	case errors.Is(err, commitlog.ErrStopped):
		p = web.NewProblem(http.StatusServiceUnavailable, "the log service could not write to its disk and stops; what was sent may or may not be stored")
	case errors.Is(err, commitlog.ErrClosed):
		p = web.NewProblem(http.StatusServiceUnavailable, "the log service is stopping; nothing was stored: send it again")
	default:
		return nil
	}
	p.Header = http.Header{"Retry-After": {"1"}}
	p.Cause = err
	return p
}

const helpText = `The log service keeps the entries of all services.

Send any text as one entry, or JSON objects, one a line:

  curl -d 'hello' http://%[1]s/log
  curl -H 'Content-Type: application/x-ndjson' --data-binary @entries http://%[1]s/log
  {"level":"warn","service":"…","message":"…","attributes":{…}}

Other members become attributes, and msg, ts and timestamp are understood: what slog's JSONHandler
writes can be sent as it is. A service that sends too much gets 429 and is told when to come back.

Read the newest 100, newest first; errors of the last half hour; what a service said; one entry:

  curl 'http://%[1]s/log?format=text'
  curl 'http://%[1]s/log?format=text&level=error&since=30m'
  curl 'http://%[1]s/log?service=GradingService&q=grade&limit=20'
  curl http://%[1]s/log/1

Follow a request through the services: the newest, those that failed, one step by step:

  curl 'http://%[1]s/traces?format=text'
  curl 'http://%[1]s/traces?format=text&error=true&since=1h'
  curl 'http://%[1]s/traces/ID?format=text'

Count errors by service in steps of a minute; have an alert when there are too many, or none at all:

  curl 'http://%[1]s/log/count?by=service&level=error&window=30m&step=1m'
  curl -X PUT -d 'count(level>=error, service=GradingService) over 30m > 100' http://%[1]s/alerts/errors
  curl -X PUT -d 'silence(service=GradingService) over 5m' http://%[1]s/alerts/silence
  curl 'http://%[1]s/alerts?format=text'

Watch new entries come in:

  curl -N -H 'Accept: text/event-stream' http://%[1]s/log

Parameters: service; level (at least); since, until (a time, or 30m for half an hour ago); q (text
in the message or its attributes); trace; after, before (an offset); limit (at most 1000);
format (json, text, ndjson).
`

func (s *Server) help(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, fmt.Sprintf(helpText, r.Host))
	return err
}
