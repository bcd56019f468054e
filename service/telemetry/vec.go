package telemetry

import (
	"fmt"
	"io"
	"slices"
	"sync"
)

// vec holds one metric a combination of label values.
type vec[T any] struct {
	desc
	kind  string
	make  func() *T
	lines func(w io.Writer, name string, values []string, metric *T)

	mu      sync.RWMutex // guards metrics
	metrics map[string]*labelled[T]
}

type labelled[T any] struct {
	values []string
	metric *T
}

// With returns the metric for these label values, in the order in which the
// labels were declared; it is made on first use and lives as long as the
// process, so label values must come from a small set.
func (v *vec[T]) With(values ...string) *T {
	if len(values) != len(v.labels) {
		panic(fmt.Sprintf("telemetry: %d label values for labels %v", len(values), v.labels))
	}
	var short [64]byte // nearly all keys fit, and a lookup by bytes makes no string of them
	key := short[:0]
	for _, value := range values {
		key = append(append(key, value...), 0)
	}
	v.mu.RLock()
	found := v.metrics[string(key)]
	v.mu.RUnlock()
	if found != nil {
		return found.metric
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if found = v.metrics[string(key)]; found == nil {
		found = &labelled[T]{slices.Clone(values), v.make()}
		v.metrics[string(key)] = found
	}
	return found.metric
}

func (v *vec[T]) write(w io.Writer, name string) {
	v.writeHead(w, name, v.kind)
	v.mu.RLock()
	all := make([]*labelled[T], 0, len(v.metrics))
	for _, m := range v.metrics {
		all = append(all, m)
	}
	v.mu.RUnlock()
	slices.SortFunc(all, func(a, b *labelled[T]) int { return slices.Compare(a.values, b.values) })
	for _, m := range all {
		v.lines(w, name, m.values, m.metric)
	}
}
