package log

import "fmt"

// appendAlerts writes alerts as text for a terminal, one line each, in columns: state, name, since
// when, value and rule.
func appendAlerts(b []byte, alerts []Alert) []byte {
	width := 0
	for _, a := range alerts {
		width = max(width, len(a.Name))
	}
	for _, a := range alerts {
		since := ""
		if !a.Since.IsZero() {
			since = a.Since.UTC().Format("2006-01-02T15:04:05.000Z")
		}
		b = fmt.Appendf(b, "%-7s %-*s  %-24s %7d %s\n", a.State, width, a.Name, since, a.Value, a.Rule)
	}
	return b
}
