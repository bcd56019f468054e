package log

import (
	"cmp"
	"log/slog"
	"strings"
	"sync"
	"time"

	"gradebook/service/telemetry"
)

// maxLabels bounds how many services have metrics of their own: the first ones seen.
const maxLabels = 32

// meters measure what comes in.
type meters struct {
	entries   *telemetry.CounterVec
	throttled *telemetry.CounterVec
	bytes     *telemetry.Counter
	appends   *telemetry.Histogram

	mu       sync.Mutex        // guards what follows
	services map[string]*meter // by name
	others   meter             // of those that have none of their own
}

// meter is of one service.
type meter struct {
	label  string
	stored [4]*telemetry.Counter // by level; nil if there was no entry yet
}

func newMeters(metrics *telemetry.Metrics) *meters {
	return &meters{
		entries:   metrics.Counter("gradebook_log_entries_total", "Entries stored since the start, by level and by the service that sent them.", "level", "service"),
		throttled: metrics.Counter("gradebook_log_throttled_entries_total", "Entries refused since the start because a service sent too many, by service.", "service"),
		bytes:     metrics.Counter("gradebook_log_stored_bytes_total", "Bytes of entries stored since the start.").With(),
		appends:   metrics.Histogram("gradebook_log_append_seconds", "Time until entries were on disk, by request.", telemetry.Latency()).With(),
		services:  map[string]*meter{},
		others:    meter{label: "other"},
	}
}

// stored counts records that took so long to be stored.
func (m *meters) stored(records []record, took time.Duration) {
	m.appends.Observe(took.Seconds())
	size := 0
	m.mu.Lock()
	for i := range records {
		r := &records[i]
		size += len(r.message) + len(r.attributes)
		m.counter(m.of(r.service), r.level).Add(1)
	}
	m.mu.Unlock()
	m.bytes.Add(uint64(size))
}

// refused counts entries of a service that were not taken.
func (m *meters) refused(service string, entries int) {
	m.mu.Lock()
	label := m.of(service).label
	m.mu.Unlock()
	m.throttled.With(label).Add(uint64(entries))
}

// of returns the meter of a service, of which there are only so many; mu is held.
func (m *meters) of(service string) *meter {
	found, ok := m.services[service]
	switch {
	case ok:
		return found
	case len(m.services) < maxLabels:
		service = strings.Clone(service)
		found = &meter{label: cmp.Or(service, "unknown")}
		m.services[service] = found
		return found
	}
	return &m.others
}

// counter returns what counts the entries of a level; mu is held.
func (m *meters) counter(of *meter, level slog.Level) *telemetry.Counter {
	at := &of.stored[min(max(int(level)>>2+1, 0), len(of.stored)-1)] // the ranges that have a label are four wide
	if *at == nil {
		*at = m.entries.With(levelLabel(level), of.label)
	}
	return *at
}
