package log

import (
	"cmp"
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

	mu     sync.Mutex                       // guards what follows
	labels map[string]string                // of services
	stores map[[2]string]*telemetry.Counter // of entries, by level and label
}

func newMeters(metrics *telemetry.Metrics) *meters {
	return &meters{
		entries:   metrics.Counter("gradebook_log_entries_total", "Entries stored since the start, by level and by the service that sent them.", "level", "service"),
		throttled: metrics.Counter("gradebook_log_throttled_entries_total", "Entries refused since the start because a service sent too many, by service.", "service"),
		bytes:     metrics.Counter("gradebook_log_stored_bytes_total", "Bytes of entries stored since the start.").With(),
		appends:   metrics.Histogram("gradebook_log_append_seconds", "Time until entries were on disk, by request.", telemetry.Latency()).With(),
		labels:    map[string]string{},
		stores:    map[[2]string]*telemetry.Counter{},
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
		m.store(levelLabel(r.level), m.label(r.service)).Add(1)
	}
	m.mu.Unlock()
	m.bytes.Add(uint64(size))
}

// refused counts entries of a service that were not taken.
func (m *meters) refused(service string, entries int) {
	m.mu.Lock()
	label := m.label(service)
	m.mu.Unlock()
	m.throttled.With(label).Add(uint64(entries))
}

// label returns a service's name for a metric, of which there are only so many; mu is held.
func (m *meters) label(service string) string {
	label, ok := m.labels[service]
	switch {
	case ok:
		return label
	case len(m.labels) == maxLabels:
		return "other"
	}
	service = strings.Clone(service)
	m.labels[service] = cmp.Or(service, "unknown")
	return m.labels[service]
}

// store returns the counter for entries; mu is held.
func (m *meters) store(level, label string) *telemetry.Counter {
	counter, ok := m.stores[[2]string{level, label}]
	if !ok {
		counter = m.entries.With(level, label)
		m.stores[[2]string{level, label}] = counter
	}
	return counter
}
