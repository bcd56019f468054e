package log

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"gradebook/service/web"
)

const (
	barWidth = 40 // characters
	maxDepth = 20 // of indentation
)

// appendText writes the trace as text for a terminal: a step a line, indented below what it belongs
// to, with a bar that shows when it was; below it the lines it logged, and what is missing.
func (t *Trace) appendText(b []byte) []byte {
	b = fmt.Appendf(b, "trace %s, %s, %v, %s\n", appendEscaped(nil, t.ID), t.Start.UTC().Format("2006-01-02T15:04:05.000Z"), t.Duration.short(), appendEscaped(nil, strings.Join(t.Services, ", ")))
	p := tracePrinter{trace: t}
	walk(t.Spans, 0, p.measure)
	walk(t.Spans, 0, func(s *Span, depth int) { b = p.append(b, s, depth) })
	if len(t.Entries) > 0 {
		b = append(b, "lines that belong to none of the steps:\n"...)
		b = appendTraceLines(b, t, t.Entries, 1)
	}
	for _, h := range t.Holes {
		if h.Span == "" {
			b = appendHole(b, h.Why, 0)
		}
	}
	if t.More {
		b = append(b, "…and more, which is older\n"...)
	}
	return b
}

// tracePrinter knows how wide the columns are.
type tracePrinter struct {
	trace         *Trace
	name, service int
}

func (p *tracePrinter) measure(s *Span, depth int) {
	p.name = max(p.name, len(indent(depth))+utf8.RuneCount(appendEscaped(nil, s.Name)))
	p.service = max(p.service, utf8.RuneCount(appendEscaped(nil, s.Service)))
}

// append writes a step and what belongs to it.
func (p *tracePrinter) append(b []byte, s *Span, depth int) []byte {
	status := ""
	if s.Status != 0 {
		status = fmt.Sprint(s.Status)
	}
	b = fmt.Appendf(b, "%-*s  %-*s  %-3s %9s |%s|", p.name, indent(depth)+string(appendEscaped(nil, s.Name)),
		p.service, appendEscaped(nil, s.Service), status, s.Duration.short(), p.bar(s))
	if s.Error != "" {
		b = appendEscaped(append(b, ' '), s.Error)
	}
	b = append(b, '\n')
	b = appendTraceLines(b, p.trace, s.Entries, depth+1)
	if s.Hole != "" {
		b = appendHole(b, s.Hole, depth+1)
	}
	return b
}

// bar shows when the step was within the trace.
func (p *tracePrinter) bar(s *Span) string {
	whole := max(float64(p.trace.Duration), 1)
	column := func(d float64) int { return int(min(max(d/whole, 0), 1) * barWidth) }
	from := min(column(float64(s.At)), barWidth-1)
	to := max(column(float64(s.At)+float64(s.Duration)), from+1)
	return strings.Repeat(" ", from) + strings.Repeat("█", to-from) + strings.Repeat(" ", barWidth-to)
}

// appendTraceLines writes lines with their time since the start of the trace.
func appendTraceLines(b []byte, t *Trace, lines []Entry, depth int) []byte {
	for _, e := range lines {
		b = fmt.Appendf(b, "%s+%v %s ", indent(depth), Duration(e.Time.Sub(t.Start)).short(), e.Level)
		b = append(appendBody(b, e.Message, e.Attributes), '\n')
	}
	return b
}

func appendHole(b []byte, why string, depth int) []byte {
	return append(appendEscaped(fmt.Appendf(b, "%s! ", indent(depth)), why), '\n')
}

func indent(depth int) string { return strings.Repeat("  ", min(depth, maxDepth)) }

// appendTraces writes traces as text for a terminal, one a line.
func appendTraces(b []byte, list []TraceSummary) []byte {
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%v\t%s\t%s", s.Start.UTC().Format("2006-01-02T15:04:05.000Z"),
			appendWord(nil, s.ID), appendWord(nil, s.Service), s.Duration.short(), web.Count(s.Spans, "span", "spans"), appendEscaped(nil, s.Name))
		if s.Status != 0 {
			fmt.Fprintf(w, " status=%d", s.Status)
		}
		if s.Error != "" {
			w.Write(appendWord([]byte(" error="), s.Error))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	return append(b, text.Bytes()...)
}

// short returns the duration with about as many digits as anybody reads.
func (d Duration) short() Duration {
	for unit := time.Second; unit >= time.Microsecond; unit /= 1000 {
		if time.Duration(d).Abs() >= unit {
			return Duration(time.Duration(d).Round(unit / 100))
		}
	}
	return d
}
