package service

import (
	"net/http"
	"strings"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// received begins the step of answering r. Quiet requests have none, unless they
// are part of a trace that is recorded.
func received(tracer *telemetry.Tracer, r *http.Request, start time.Time, quiet bool) *telemetry.Active {
	header := r.Header.Get("Traceparent")
	if quiet {
		if caller, ok := telemetry.ParseTraceparent(header); !ok || !caller.Sampled {
			return nil
		}
	}
	return tracer.Receive(r.Context(), start, header, beginsTrace(r.URL.Path))
}

// beginsTrace is false for files that never change, and for looks at the log and
// the registry, which programs take every few seconds: a list of traces would
// otherwise show little else.
func beginsTrace(path string) bool {
	for _, prefix := range [...]string{
		"/static/", "/favicon.ico", "/log/", "/traces", "/alerts", "/graph", "/services", "/watch", "/sd/",
	} {
		if strings.HasPrefix(path, prefix) {
			return false
		}
	}
	return true
}

// endStep ends the step of answering r.
func endStep(step *telemetry.Active, r *http.Request, rec *web.Recorder, took time.Duration) {
	if step == nil {
		return
	}
	step.Name = stepName(r)
	step.Answer(rec.Status)
	if rec.Cause != nil {
		step.Fail(rec.Cause)
	}
	if took >= slow && !rec.Waits {
		step.Keep()
	}
	step.End()
}

// stepName is the pattern that took r, or the path where there is none or where
// it says little, since it takes every method.
func stepName(r *http.Request) string {
	if strings.HasPrefix(r.Pattern, r.Method+" ") {
		return r.Pattern
	}
	return r.Method + " " + r.URL.Path
}
