package telemetry

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// Process registers the figures of this process under the names that
// dashboards know: start time, memory, goroutines, garbage collection.
func (m *Metrics) Process(started time.Time) {
	m.GaugeFunc("process_start_time_seconds", "Start time of the process in seconds since the Unix epoch.",
		func() float64 { return float64(started.UnixMilli()) / 1000 })
	m.GaugeFunc("go_goroutines", "Goroutines that exist now.",
		func() float64 { return float64(runtime.NumGoroutine()) })
	m.runtime("go_memstats_heap_bytes", "Bytes of live and not yet swept objects.", "/memory/classes/heap/objects:bytes", m.GaugeFunc)
	m.runtime("go_memory_bytes", "Bytes that the Go runtime has mapped.", "/memory/classes/total:bytes", m.GaugeFunc)
	m.runtime("go_gc_cycles_total", "Garbage collections so far.", "/gc/cycles/total:gc-cycles", m.CounterFunc)
}

// runtime registers one figure of runtime/metrics under name.
func (m *Metrics) runtime(name, help, source string, register func(name, help string, value func() float64)) {
	register(name, help, func() float64 { return sample(source) })
}

// sample reads one figure of runtime/metrics; 0 when this runtime lacks it.
func sample(name string) float64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	switch s[0].Value.Kind() {
	case metrics.KindUint64:
		return float64(s[0].Value.Uint64())
	case metrics.KindFloat64:
		return s[0].Value.Float64()
	}
	return 0
}
