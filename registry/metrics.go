package registry

import "gradebook/service/telemetry"

// metrics is what the registry counts.
type metrics struct {
	registrations *telemetry.CounterVec
	heartbeats    *telemetry.CounterVec
	pushes        *telemetry.HistogramVec
	convergence   *telemetry.Histogram
	hangups       *telemetry.CounterVec
	suspicions    *telemetry.CounterVec
	services      *telemetry.GaugeVec
}

func newMetrics(m *telemetry.Metrics) metrics {
	return metrics{
		registrations: m.Counter("gradebook_registry_registrations_total", "Registrations by result.", "result"),
		heartbeats:    m.Counter("gradebook_registry_heartbeats_total", "Heartbeats sent by outcome.", "outcome"),
		pushes:        m.Histogram("gradebook_registry_push_seconds", "Time to push a view to one dependent by result.", telemetry.Latency(), "result"),
		convergence:   m.Histogram("gradebook_registry_convergence_seconds", "Time from a change until the last dependent that it concerned had acknowledged it.", telemetry.Latency()).With(),
		suspicions:    m.Counter("gradebook_registry_suspicions_total", "Reports of unreachable providers, by what followed.", "result"),
		hangups:       m.Counter("gradebook_registry_hangups_total", "Connections closed by a service, by how it then was; those of a service that often does so are muted.", "found"),
		services:      m.Gauge("gradebook_registry_services", "Registered instances by health.", "health"),
	}
}

// count sets the gauges to what t holds.
func (m metrics) count(t *table) {
	for _, h := range []health{up, flapping, unverified, down} {
		m.services.With(string(h)).Set(float64(t.health[h]))
	}
}
