package service

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// slow is from when a request is worth a line in the log.
const slow = time.Second

// middleware puts the guards and the observation of every service around app,
// the innermost first.
func middleware(app http.Handler, logger *slog.Logger, metrics *telemetry.Metrics, tracer *telemetry.Tracer) http.Handler {
	for _, wrap := range []func(http.Handler) http.Handler{
		recoverPanics,
		web.LimitBodies,
		web.CheckOrigin,
		web.CheckHost,
		observe(logger, metrics, tracer),
	} {
		app = wrap(app)
	}
	return app
}

// recoverPanics answers 500 for a handler that panics and reports the stack.
// http.ErrAbortHandler is a handler's way to cut the connection and is let
// through.
func recoverPanics(next http.Handler) http.Handler {
	fail := web.Problems(nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				fail(w, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// observe traces each request, counts and times it by route, and logs it when it
// failed, was slow or changed something.
func observe(logger *slog.Logger, metrics *telemetry.Metrics, tracer *telemetry.Tracer) func(http.Handler) http.Handler {
	requests := metrics.Counter("gradebook_http_requests_total", "Requests answered, by route and status.", "route", "status")
	var told lines
	latency := metrics.Histogram("gradebook_http_request_duration_seconds", "Time to answer a request, by route.", telemetry.Latency(), "route")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			quiet := isQuiet(r.URL.Path)
			step := received(tracer, r, start, quiet)
			if step != nil {
				r = r.WithContext(web.WithRequestID(step, step))
			}
			rec := &web.Recorder{ResponseWriter: w}
			defer func() { // also when the handler aborts the connection
				took, route := time.Since(start), route(r)
				requests.With(route, strconv.Itoa(rec.Status)).Add(1)
				latency.With(route).Observe(took.Seconds())
				endStep(step, r, rec, took)
				if !quiet || rec.Status == http.StatusInternalServerError {
					logRequest(logger, &told, r, rec, took)
				}
			}()
			next.ServeHTTP(rec, r)
			if rec.Status == 0 {
				rec.Status = http.StatusOK // an empty answer, which net/http sends
			}
		})
	}
}

// isQuiet is true of the services' own traffic, which would drown everything
// else and, for log entries, go round in circles. Below /services/ are views
// that are pushed, suspicions and lookups.
func isQuiet(path string) bool {
	switch path {
	case "/log", "/heartbeat", "/ready", "/metrics":
		return true
	}
	return strings.HasPrefix(path, "/services/") || strings.HasPrefix(path, "/v1/")
}

// route is the pattern that took r: a small set, unlike paths.
func route(r *http.Request) string {
	if r.Pattern == "" || r.Pattern == "/" {
		return "none"
	}
	return r.Pattern
}

// logRequest says that a request failed, was slow or changed something. Of
// those that went well it tells so many a second, and counts the others.
func logRequest(logger *slog.Logger, told *lines, r *http.Request, rec *web.Recorder, took time.Duration) {
	level := slog.LevelInfo
	switch {
	case rec.Status >= 500 || rec.Cause != nil:
		level = slog.LevelError
	case took >= slow && !rec.Waits:
		level = slog.LevelWarn
	case r.Method == http.MethodGet || r.Method == http.MethodHead || rec.Status >= 400:
		return
	}
	attrs := []slog.Attr{
		slog.Int("status", rec.Status),
		slog.Duration("took", took.Round(10*time.Microsecond)),
	}
	if level == slog.LevelError {
		if rec.Cause != nil {
			attrs = append(attrs, slog.String("error", rec.Cause.Error()))
		}
	} else if ok, skipped := told.take(time.Now()); !ok {
		return
	} else if skipped > 0 {
		attrs = append(attrs, slog.Int("unlogged", skipped))
	}
	logger.LogAttrs(r.Context(), level, r.Method+" "+r.URL.Path, attrs...)
}
