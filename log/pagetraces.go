package log

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gradebook/service/web"
)

// tracesView is a list of requests, newest first, and the form that chose it.
type tracesView struct {
	Service, Min, Error, Since string // as in the address

	Services             []string
	Mins, Errors, Sinces []choice
	Rows                 []listedTrace
	Newest, Older        string // addresses; "" at the ends
}

// listedTrace is one of them.
type listedTrace struct {
	Name                stepName
	Link, Service, Time string
	Stamp               time.Time
	Services            string
	Status, Error       string
	Failed              bool
	Took, Steps         string
}

// showTraces answers a search with a page.
func (s *Server) showTraces(w http.ResponseWriter, r *http.Request, list []TraceSummary, older string) error {
	now := time.Now()
	v := newTracesView(r.URL.Query(), list, now)
	v.Older = older
	var err error
	if v.Services, err = s.services(r.Context(), v.Service, now); err != nil {
		return err
	}
	return s.show(w, page{Template: "traces", Title: "Traces", Section: "traces", View: v})
}

func newTracesView(values url.Values, list []TraceSummary, now time.Time) tracesView {
	v := tracesView{
		Service: values.Get("service"), Min: values.Get("min"), Error: values.Get("error"), Since: values.Get("since"),
	}
	v.Mins = including([]choice{{"", "Any time"}, {"10ms", "10 ms or more"}, {"100ms", "100 ms or more"}, {"1s", "1 s or more"}}, v.Min, v.Min+" or more")
	v.Errors = including([]choice{{"", "Any"}, {"true", "Something failed"}, {"false", "Nothing failed"}}, v.Error, v.Error)
	v.Sinces = sinces(v.Since, now)
	if values.Get("until") != "" {
		v.Newest = "/traces?" + with(values, "until", "").Encode()
	}
	for _, t := range list {
		v.Rows = append(v.Rows, newListedTrace(t, now))
	}
	return v
}

func newListedTrace(t TraceSummary, now time.Time) listedTrace {
	row := listedTrace{
		Name: stepName(t.Name), Link: traceAddress(t.ID), Service: t.Service, Stamp: t.Start.UTC(), Time: web.Clock(t.Start, now, "15:04:05.000"),
		Services: strings.Join(t.Services, ", "), Error: t.Error, Failed: t.Error != "",
		Took: shortTime(t.Duration), Steps: web.Thousands(t.Spans),
	}
	if t.Status != 0 {
		row.Status = fmt.Sprint(t.Status)
	}
	if row.Error == "status "+row.Status {
		row.Error = "" // it stands beside it
	}
	return row
}
