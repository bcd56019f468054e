package log

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"gradebook/service/web"
)

// list answers GET /log: a query, or with Accept: text/event-stream a live tail.
func (s *Server) list(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFilter(r.URL.Query(), time.Now())
	if err != nil {
		return err
	}
	if f.format == "" && web.Accepts(r, "text/event-stream") {
		return s.tail(w, r, &f, showJSON)
	}
	entries, more, err := s.journal.find(r.Context(), &f)
	if err != nil {
		return err
	}
	if more {
		older := r.URL.Query()
		older.Set("before", strconv.FormatUint(entries[len(entries)-1].offset, 10))
		w.Header().Set("Link", fmt.Sprintf(`</log?%s>; rel="next"`, older.Encode()))
	}
	switch {
	case f.format == "text", f.format == "" && web.Accepts(r, "text/plain"):
		return write(w, "text/plain; charset=utf-8", appendLines(nil, entries))
	case f.format == "ndjson", f.format == "" && web.Accepts(r, "application/x-ndjson"):
		lines := appendEntries(nil, entries, '\n')
		if len(lines) > 0 {
			lines = append(lines, '\n')
		}
		return write(w, "application/x-ndjson", lines)
	}
	array := appendEntries([]byte{'['}, entries, ',')
	return web.WriteRawJSON(w, http.StatusOK, append(array, "]\n"...))
}

func write(w http.ResponseWriter, contentType string, body []byte) error {
	w.Header().Set("Content-Type", contentType)
	_, err := w.Write(body)
	return err
}

// get answers GET /log/{offset}.
func (s *Server) get(w http.ResponseWriter, r *http.Request) error {
	text := r.PathValue("offset")
	offset, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return web.NewProblem(http.StatusNotFound, "%q is not an offset: entries are numbered from 1", cut(text, 40))
	}
	e, ok, err := s.journal.get(r.Context(), offset)
	if err != nil {
		return err
	}
	if !ok {
		return s.noEntry(offset)
	}
	return web.WriteRawJSON(w, http.StatusOK, append(appendEntry(nil, offset, &e.record), '\n'))
}

// noEntry says why there is no entry at an offset.
func (s *Server) noEntry(offset uint64) error {
	if hole, ok := s.journal.log.Hole(offset); ok {
		return lostProblem(offset, hole)
	}
	oldest, end := s.journal.log.Bounds()
	switch {
	case offset == 0:
		return web.NewProblem(http.StatusNotFound, "there is no entry 0: entries are numbered from 1")
	case offset < oldest:
		return web.NewProblem(http.StatusGone, "entry %d was removed, as the log keeps only so much: it begins with %d", offset, oldest)
	}
	return web.NewProblem(http.StatusNotFound, "there is no entry %d: the log ends before %d", offset, end)
}
