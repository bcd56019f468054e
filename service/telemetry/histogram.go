package telemetry

import (
	"fmt"
	"io"
	"math"
	"slices"
	"sync/atomic"
)

// Latency returns bucket bounds in seconds for requests on one machine: 100 µs
// to 10 s.
func Latency() []float64 {
	return []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
}

// Histogram counts observations by size.
type Histogram struct {
	bounds []float64
	counts []atomic.Uint64 // one more than bounds: the last is over all of them
	sum    atomic.Uint64   // bits of a float64
}

// Observe counts v, in the unit of the metric's name.
func (h *Histogram) Observe(v float64) {
	i, _ := slices.BinarySearch(h.bounds, v)
	h.counts[i].Add(1)
	for {
		old := h.sum.Load()
		if h.sum.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+v)) {
			return
		}
	}
}

// Count returns how many observations there were.
func (h *Histogram) Count() uint64 {
	var n uint64
	for i := range h.counts {
		n += h.counts[i].Load()
	}
	return n
}

// HistogramVec is a histogram for each combination of label values.
type HistogramVec struct{ vec[Histogram] }

// Histogram registers a histogram with these upper bounds, in rising order.
func (m *Metrics) Histogram(name, help string, bounds []float64, labels ...string) *HistogramVec {
	h := &HistogramVec{vec[Histogram]{
		desc: desc{help, labels}, kind: "histogram", metrics: make(map[string]*labelled[Histogram]),
		make: func() *Histogram {
			return &Histogram{bounds: bounds, counts: make([]atomic.Uint64, len(bounds)+1)}
		},
	}}
	h.lines = func(w io.Writer, name string, values []string, metric *Histogram) {
		var total uint64
		for i := range metric.counts {
			total += metric.counts[i].Load()
			bound := "+Inf"
			if i < len(bounds) {
				bound = formatFloat(bounds[i])
			}
			fmt.Fprintf(w, "%s_bucket%s %d\n", name, h.pairs(values, "le", bound), total)
		}
		fmt.Fprintf(w, "%s_sum%s %s\n", name, h.pairs(values), formatFloat(math.Float64frombits(metric.sum.Load())))
		fmt.Fprintf(w, "%s_count%s %d\n", name, h.pairs(values), total)
	}
	m.add(name, h)
	return h
}
