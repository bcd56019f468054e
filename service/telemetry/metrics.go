package telemetry

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Metrics is a set of named metrics. Names follow Prometheus: base units in
// the name (_seconds, _bytes), counters end in _total.
type Metrics struct {
	mu       sync.Mutex // guards families
	families map[string]family
}

// family is one metric with all its label values.
type family interface {
	write(w io.Writer, name string)
}

// NewMetrics returns an empty set.
func NewMetrics() *Metrics { return &Metrics{families: make(map[string]family)} }

// add registers f under name and panics when the name is taken, which is a
// mistake in the program.
func (m *Metrics) add(name string, f family) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, taken := m.families[name]; taken {
		panic(fmt.Sprintf("telemetry: metric %s is registered twice", name))
	}
	m.families[name] = f
}

// ServeHTTP answers all metrics, sorted by name, in Prometheus's text format
// 0.0.4.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	m.mu.Lock()
	families := maps.Clone(m.families)
	m.mu.Unlock()
	var buf bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(families)) {
		families[name].write(&buf, name)
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Write(buf.Bytes())
}

// desc is what every family has.
type desc struct {
	help   string
	labels []string
}

func (d desc) writeHead(w io.Writer, name, kind string) {
	help := strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(d.help)
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// pairs renders label values as {a="b",c="d"}, extra last; "" for none.
func (d desc) pairs(values []string, extra ...string) string {
	if len(values)+len(extra) == 0 {
		return ""
	}
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
	var parts []string
	for i, label := range d.labels {
		parts = append(parts, label+`="`+escape.Replace(values[i])+`"`)
	}
	for i := 0; i+1 < len(extra); i += 2 {
		parts = append(parts, extra[i]+`="`+escape.Replace(extra[i+1])+`"`)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func formatFloat(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
