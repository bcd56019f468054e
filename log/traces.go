package log

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gradebook/service/web"
)

// Bounds of a single trace: a forger may give one id to everything.
const (
	maxSpans      = 2000
	maxTraceLines = 2000
)

// getTrace answers GET /traces/{id} with what the log has of one request.
func (s *Server) getTrace(w http.ResponseWriter, r *http.Request) error {
	t, err := s.trace(r.Context(), r.PathValue("id"), time.Now())
	if err != nil {
		return err
	}
	switch formOf(r) {
	case "text":
		return write(w, "text/plain; charset=utf-8", t.appendText(nil))
	case "page":
		return s.showTrace(w, t)
	}
	return web.WriteJSON(w, http.StatusOK, t)
}

// listTraces answers GET /traces.
func (s *Server) listTraces(w http.ResponseWriter, r *http.Request) error {
	q, err := parseTraceQuery(r.URL.Query(), time.Now())
	if err != nil {
		return err
	}
	list, before, err := s.journal.traces(r.Context(), &q)
	if err != nil {
		return err
	}
	older := ""
	if !before.IsZero() {
		older = "/traces?" + with(r.URL.Query(), "until", before.Format(time.RFC3339Nano)).Encode()
		w.Header().Set("Link", fmt.Sprintf(`<%s>; rel="next"`, older))
	}
	switch formOf(r) {
	case "text":
		return write(w, "text/plain; charset=utf-8", appendTraces(nil, list))
	case "page":
		return s.showTraces(w, r, list, older)
	}
	if list == nil {
		list = []TraceSummary{} // an array on the wire
	}
	return web.WriteJSON(w, http.StatusOK, list)
}

// trace returns the trace of that id, with its holes explained. Nothing in the log is a 404
// problem.
func (s *Server) trace(ctx context.Context, id string, now time.Time) (*Trace, error) {
	t, err := s.journal.trace(ctx, id)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, web.NewProblem(http.StatusNotFound, "nothing of the trace %q is in the log: of requests that go well only some are recorded, and what is recorded takes a moment to come", cut(id, 2*maxID))
	}
	if gaps := t.gaps(); gaps != nil {
		registry, err := askGraph(ctx, s.env.Client)
		if err != nil {
			registry = nil // which is a part of the explanation
		}
		t.explain(gaps, registry, now)
	}
	return t, nil
}

// trace reads what the log has of one request, nil if that is nothing.
func (j *journal) trace(ctx context.Context, id string) (*Trace, error) {
	f := newFilter()
	f.trace = id
	var spans []*Span
	var lines []Entry
	more := false
	for found, err := range j.scan(ctx, &f) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("read trace %q: %w", cut(id, maxID), err)
		case found.kind == kindSpan && len(spans) < maxSpans:
			spans = append(spans, newSpan(&found.record))
		case found.kind != kindSpan && len(lines) < maxTraceLines:
			lines = append(lines, found.entry(found.offset))
		default:
			more = true
		}
		if len(spans) == maxSpans && len(lines) == maxTraceLines {
			more = true // most likely
			break
		}
	}
	if spans == nil && lines == nil {
		return nil, nil
	}
	t := newTrace(id, spans, lines)
	t.More = more
	return t, nil
}
