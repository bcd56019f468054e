package telemetry

import (
	"fmt"
	"io"
	"math"
	"sync/atomic"
)

// Counter only grows.
type Counter struct{ n atomic.Uint64 }

// Add adds n.
func (c *Counter) Add(n uint64) { c.n.Add(n) }

// Value returns the count so far.
func (c *Counter) Value() uint64 { return c.n.Load() }

// CounterVec is a counter for each combination of label values.
type CounterVec struct{ vec[Counter] }

// Counter registers a counter; its name ends in _total.
func (m *Metrics) Counter(name, help string, labels ...string) *CounterVec {
	c := &CounterVec{vec[Counter]{
		desc: desc{help, labels}, kind: "counter", metrics: make(map[string]*labelled[Counter]),
		make: func() *Counter { return new(Counter) },
	}}
	c.lines = func(w io.Writer, name string, values []string, metric *Counter) {
		fmt.Fprintf(w, "%s%s %d\n", name, c.pairs(values), metric.Value())
	}
	m.add(name, c)
	return c
}

// Gauge goes up and down.
type Gauge struct{ bits atomic.Uint64 }

// Set sets the gauge to v.
func (g *Gauge) Set(v float64) { g.bits.Store(math.Float64bits(v)) }

// Value returns what the gauge stands at.
func (g *Gauge) Value() float64 { return math.Float64frombits(g.bits.Load()) }

// GaugeVec is a gauge for each combination of label values.
type GaugeVec struct{ vec[Gauge] }

// Gauge registers a gauge.
func (m *Metrics) Gauge(name, help string, labels ...string) *GaugeVec {
	g := &GaugeVec{vec[Gauge]{
		desc: desc{help, labels}, kind: "gauge", metrics: make(map[string]*labelled[Gauge]),
		make: func() *Gauge { return new(Gauge) },
	}}
	g.lines = func(w io.Writer, name string, values []string, metric *Gauge) {
		fmt.Fprintf(w, "%s%s %s\n", name, g.pairs(values), formatFloat(metric.Value()))
	}
	m.add(name, g)
	return g
}

// funcFamily asks for its value when it is read.
type funcFamily struct {
	desc
	kind  string
	value func() float64
}

func (f funcFamily) write(w io.Writer, name string) {
	f.writeHead(w, name, f.kind)
	fmt.Fprintf(w, "%s %s\n", name, formatFloat(f.value()))
}

// GaugeFunc registers a gauge whose value is asked for at each scrape.
func (m *Metrics) GaugeFunc(name, help string, value func() float64) {
	m.add(name, funcFamily{desc{help, nil}, "gauge", value})
}

// CounterFunc registers a counter whose value is asked for at each scrape.
func (m *Metrics) CounterFunc(name, help string, value func() float64) {
	m.add(name, funcFamily{desc{help, nil}, "counter", value})
}
