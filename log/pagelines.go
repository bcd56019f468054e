package log

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gradebook/service/web"
)

// linesView is a part of the log, newest first, and the form that chose it.
type linesView struct {
	Text, Service, Level, Since, Until, Trace string // as in the address

	Services       []string
	Levels, Sinces []choice
	Lines          []line
	Newest, Older  string // addresses; "" at the ends
	Live           bool   // it shows the newest, so that others may follow
	After          uint64 // those have higher offsets
	Chart          *chart // nil if there is none
	Alerts         urgentAlerts
}

type choice struct{ Value, Text string }

// showLines answers a search with a page.
func (s *Server) showLines(w http.ResponseWriter, r *http.Request) error {
	now, values := time.Now(), r.URL.Query()
	f, err := parseFilter(values, now)
	if err != nil {
		return err
	}
	v := newLinesView(values, now)
	end := s.journal.end() // what is stored from now on is not for this page, but for its stream
	v.After, f.before = end-1, min(f.before, end)
	entries, more, err := s.journal.query(r.Context(), &f)
	if err != nil {
		return err
	}
	if more && len(entries) > 0 {
		v.Older = address(values, "before", strconv.FormatUint(entries[len(entries)-1].Offset, 10))
	}
	for _, e := range entries {
		v.Lines = append(v.Lines, newLine(e, now))
	}
	if v.Chart, err = s.countLines(r.Context(), f, values, now); err != nil {
		return err
	}
	if v.Services, err = s.services(r.Context(), v.Service, now); err != nil {
		return err
	}
	v.Alerts = newUrgentAlerts(s.alerts.views(), now)
	return s.show(w, page{Template: "lines", Title: "Logs", Section: "logs", View: v})
}

// services returns who wrote something yesterday or today, and the one that is chosen.
func (s *Server) services(ctx context.Context, chosen string, now time.Time) ([]string, error) {
	const day = 24 * time.Hour
	f := newFilter()
	f.level, f.until = slog.LevelDebug, now.UnixNano()+1
	counts, err := s.countFor(ctx, newCounting(f, "service", 2*day, day))
	names := []string{chosen}
	for _, series := range counts.Series {
		names = append(names, series.Service)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" || name == otherSeries }), err
}

// newLinesView returns the form as values fill it in.
func newLinesView(values url.Values, now time.Time) linesView {
	v := linesView{
		Text: values.Get("q"), Service: values.Get("service"), Level: values.Get("level"),
		Since: values.Get("since"), Until: values.Get("until"), Trace: values.Get("trace"),
	}
	v.Levels = including([]choice{
		{"", "Debug and up"}, {"info", "Info and up"}, {"warn", "Warnings and errors"}, {"error", "Errors"},
	}, v.Level, v.Level+" and up")
	v.Sinces = sinces(v.Since, now)
	if v.Live = v.Until == "" && values.Get("before") == ""; !v.Live {
		v.Newest = address(values, "before", "", "until", "")
	}
	return v
}

// sinces are from when entries may be looked for, the chosen one among them.
func sinces(since string, now time.Time) []choice {
	text := since
	if at, err := time.Parse(time.RFC3339Nano, since); err == nil {
		text = web.Clock(at, now, time.TimeOnly)
	}
	return including([]choice{
		{"", "Any time"}, {"5m", "Last 5 minutes"}, {"30m", "Last 30 minutes"}, {"6h", "Last 6 hours"},
		{"24h", "Last 24 hours"}, {"168h", "Last 7 days"},
	}, since, text)
}

// including returns choices with value among them.
func including(choices []choice, value, text string) []choice {
	if slices.ContainsFunc(choices, func(c choice) bool { return c.Value == value }) {
		return choices
	}
	return append(choices, choice{value, text})
}

// address is that of the page of lines with changed parameters.
func address(values url.Values, changes ...string) string {
	return "/?" + with(values, changes...).Encode()
}

// with returns values with changes, which are names and values, "" for none.
func with(values url.Values, changes ...string) url.Values {
	changed := maps.Clone(values)
	for i := 0; i < len(changes); i += 2 {
		changed.Set(changes[i], changes[i+1])
	}
	maps.DeleteFunc(changed, func(_ string, v []string) bool { return len(v) == 0 || v[0] == "" })
	return changed
}

// follow answers the page's script with the lines that come after those it has, as the page shows
// them.
func (s *Server) follow(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFilter(r.URL.Query(), time.Now())
	if err != nil {
		return err
	}
	return s.tail(w, r, &f, func(offset uint64, r *record) ([]byte, error) {
		return s.pages.Part("lines", "line", newLine(r.entry(offset), time.Now()))
	})
}
