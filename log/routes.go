package log

import (
	"net/http"

	"gradebook/service/web"
)

const (
	mediaText   = "text/plain"
	mediaPage   = "text/html"
	mediaEvents = "text/event-stream"
	mediaLines  = "application/x-ndjson"
)

// routes is the API.
func (s *Server) routes() {
	s.mux = web.NewMux(s.fail, "application/problem+json", mediaPage)
	older := web.Sends(web.Text("Link", "where the older ones are, as rel=\"next\""))
	resumed := web.Header(web.Text("Last-Event-ID", "of a stream: the last event that was read"))
	s.mux.Handle("POST /log", s.post, web.Wire(),
		web.Does("Keeps entries, which are durable when this is answered: a text is one, an object or line each, gzip or not."),
		web.Takes(nil, mediaText), web.Takes(web.AnyOf{Entry{}, []Entry{}}), web.Takes(Entry{}, mediaLines),
		web.Gives(200, web.AnyOf{placed{}, receipt{}}), web.Fails(400, 413, 415, 429))
	s.mux.Handle("GET /log", s.list,
		web.Does("Entries, newest first; with Accept: text/event-stream those that come from now on."),
		web.Query(append(lineParams(), format("json", "text", "ndjson"))...), older, resumed,
		web.Gives(200, []Entry{}), web.Gives(200, Entry{}, mediaLines, mediaEvents), web.Gives(200, nil, mediaText))
	s.mux.Handle("GET /log/count", s.count,
		web.Does("How many entries there were in each step of a window."),
		web.Query(countParams()...), web.Gives(200, Counts{}))
	s.mux.Handle("GET /log/{offset}", s.get,
		web.Does("One entry."), web.Path(web.Text("offset", "of an entry, a whole number from 1")),
		web.Gives(200, Entry{}), web.Fails(404, 410))
	s.mux.Handle("GET /traces", s.listTraces,
		web.Does("Requests that went through the services, newest first."),
		web.Query(traceParams()...), older,
		web.Gives(200, []TraceSummary{}), web.Gives(200, nil, mediaText, mediaPage))
	s.mux.Handle("GET /traces/{id}", s.getTrace,
		web.Does("One request, step by step."), web.Path(web.Text("id", "of the request: the instance of a problem ends in it")),
		web.Query(format("json", "text")),
		web.Gives(200, Trace{}), web.Gives(200, nil, mediaText, mediaPage), web.Fails(404))
	s.alertRoutes(resumed)
	s.mux.Handle("GET /{$}", s.face,
		web.Does("Entries as a live page for browsers, examples for a terminal."),
		web.Query(lineParams()...), resumed, web.Gives(200, nil, mediaPage, mediaText, mediaEvents))
	s.mux.HandleAssets(s.pages.Assets)
}

func (s *Server) alertRoutes(resumed web.About) {
	name := web.Path(web.Text("name", "of an alert: up to 64 letters, digits, - _ and ."))
	s.mux.Handle("GET /alerts", s.listAlerts,
		web.Does("The alerts and how they stand; with Accept: text/event-stream what they say from now on, in events named alert."),
		web.Query(format("json", "text")), resumed,
		web.Gives(200, []Alert{}), web.Gives(200, nil, mediaText, mediaPage), web.Gives(200, Entry{}, mediaEvents))
	s.mux.Handle("GET /alerts/{name}", s.getAlert,
		web.Does("How one alert stands."), name, web.Gives(200, Alert{}), web.Fails(404))
	s.mux.Handle("PUT /alerts/{name}", s.putAlert,
		web.Does("Makes an alert or gives it another rule, such as: count(level>=error, service=GradingService) over 30m > 100, or: silence(service=GradingService) over 5m."), name,
		web.Takes(ruleInput{}), web.Takes(nil, mediaText), web.Gives(200, Alert{}), web.Gives(201, Alert{}), web.Fails(409))
	s.mux.Handle("DELETE /alerts/{name}", s.deleteAlert,
		web.Does("Removes an alert."), name, web.Gives(204, nil), web.Fails(404))
}

// conditions are what entries may be chosen by.
func conditions() []web.Param {
	return []web.Param{
		web.Text("service", "of this service"),
		web.Text("level", "of this level or above: trace, debug, info, warn or error; debug unless a trace is given"),
		web.Text("q", "with this text in the message or the attributes, in any letter case"),
		web.Text("trace", "of this request"),
	}
}

// lineParams are those of a list of entries.
func lineParams() []web.Param {
	return append(conditions(), since(), until(), limit(),
		web.Text("after", "with a higher offset"), web.Text("before", "with a lower offset"))
}

func countParams() []web.Param {
	return append(conditions(), until(),
		web.Text("window", "how long before that: 30m, and at most a year"), web.Text("step", "of the counts, such as 1m"),
		web.OneOf("by", "a series for each of these", countService, countLevel, countInstance))
}

func traceParams() []web.Param {
	return []web.Param{
		web.Text("service", "that has a part in it"), web.Text("min", "at least so long, such as 250ms"),
		web.Flag("error", "true: something went wrong; false: nothing did"),
		since(), until(), limit(), format("json", "text"),
	}
}

func since() web.Param {
	return web.Text("since", "from this time on: 2026-11-20T08:00:00Z, or 30m for half an hour ago")
}

func until() web.Param { return web.Text("until", "before this time; without it until now") }

func limit() web.Param { return web.Whole("limit", "at most so many", 1, maxLimit) }

func format(names ...string) web.Param {
	return web.OneOf("format", "of the answer, whatever Accept says", names...)
}

// Routes returns what the service says of its routes.
func (s *Server) Routes() []web.Route { return s.mux.Routes() }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }
