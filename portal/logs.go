package portal

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gradebook/log"
	"gradebook/service/web"
)

// logsPage is how many lines a page of the log shows.
const logsPage = 100

// logsView is a part of the log, newest first, and the form that chose it.
type logsView struct {
	Text, Service, Level, Trace string
	Services                    []string
	Levels                      []choice
	Lines                       []logLine
	Newest, Older               string // addresses; "" at the ends
}

type choice struct{ Value, Text string }

type logLine struct {
	Time       string
	Stamp      time.Time
	Level      string
	Kind       string // of its tag
	Service    string
	Message    string
	Attributes string
	Trace      string // shortened
	TraceLink  string // the address of what else the same request wrote
}

func (s *Server) showLogs(w http.ResponseWriter, r *http.Request) error {
	q, err := readLogQuery(r)
	if err != nil {
		return err
	}
	ctx, cancel := within(r, callLimit)
	defer cancel()
	lines := q
	lines.Level = cmp.Or(q.Level, "debug") // or there would be the steps of a request, too
	entries, err := s.logs.Query(ctx, lines)
	if err != nil {
		return err
	}
	v := newLogsView(q, entries, s.watch.look(r.Context()), s.now())
	return s.render(w, r, page{Template: "logs", Title: "Logs", Section: "logs", View: v})
}

// readLogQuery reads the form, which is in the address. One line more than a
// page is asked for, to know whether there are older ones.
func readLogQuery(r *http.Request) (log.Query, error) {
	form := r.URL.Query()
	q := log.Query{
		Text: strings.TrimSpace(form.Get("q")), Service: form.Get("service"),
		Level: form.Get("level"), Trace: form.Get("trace"), Limit: logsPage + 1,
	}
	if text := form.Get("before"); text != "" {
		before, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return q, web.NewProblem(http.StatusBadRequest, "%q is no place in the log; open the logs anew", text)
		}
		q.Before = before
	}
	return q, nil
}

func newLogsView(q log.Query, entries []log.Entry, seen sighting, now time.Time) logsView {
	v := logsView{Text: q.Text, Service: q.Service, Level: q.Level, Trace: q.Trace, Levels: []choice{
		{"", "Debug and up"}, {"info", "Info and up"}, {"warn", "Warnings and errors"}, {"error", "Errors"},
	}}
	if q.Before != 0 {
		v.Newest = logsAddress(q, 0)
	}
	if len(entries) > logsPage {
		entries = entries[:logsPage]
		v.Older = logsAddress(q, entries[logsPage-1].Offset)
	}
	names := []string{q.Service}
	for _, n := range seen.Graph.Nodes {
		names = append(names, n.Name)
	}
	for _, e := range entries {
		names = append(names, e.Service)
		v.Lines = append(v.Lines, newLogLine(e, now))
	}
	slices.Sort(names)
	v.Services = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
	return v
}

// logsAddress is the page of the same search before an offset; 0 is the newest.
func logsAddress(q log.Query, before uint64) string {
	values := url.Values{}
	for name, value := range map[string]string{"q": q.Text, "service": q.Service, "level": q.Level, "trace": q.Trace} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if before != 0 {
		values.Set("before", strconv.FormatUint(before, 10))
	}
	return "/logs?" + values.Encode()
}

func newLogLine(e log.Entry, now time.Time) logLine {
	line := logLine{
		Time: clockMillis(e.Time, now), Stamp: e.Time, Level: e.Level, Service: e.Service,
		Message: e.Message, Attributes: attributesText(e.Attributes),
	}
	switch name, _, _ := strings.Cut(e.Level, "+"); name {
	case "error":
		line.Kind = "bad"
	case "warn":
		line.Kind = "warn"
	case "info":
		line.Kind = "info"
	}
	if e.Trace != "" {
		line.Trace = e.Trace[:min(len(e.Trace), 8)]
		line.TraceLink = "/logs?trace=" + url.QueryEscape(e.Trace)
	}
	return line
}

// attributesText writes attributes as key=value, by key.
func attributesText(attributes map[string]any) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		fmt.Fprintf(&b, " %s=%v", key, attributes[key])
	}
	return strings.TrimPrefix(b.String(), " ")
}
