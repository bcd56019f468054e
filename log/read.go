package log

import (
	"encoding/json"
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
	entries, more, err := s.journal.query(r.Context(), &f)
	if err != nil {
		return err
	}
	if more && len(entries) > 0 {
		older := r.URL.Query()
		older.Set("before", strconv.FormatUint(entries[len(entries)-1].Offset, 10))
		w.Header().Set("Link", fmt.Sprintf(`</log?%s>; rel="next"`, older.Encode()))
	}
	switch {
	case f.format == "text", f.format == "" && web.Accepts(r, "text/plain"):
		return write(w, "text/plain; charset=utf-8", appendLines(nil, entries))
	case f.format == "ndjson", f.format == "" && web.Accepts(r, "application/x-ndjson"):
		var lines []byte
		for _, e := range entries {
			line, err := json.Marshal(e)
			if err != nil {
				return err
			}
			lines = append(append(lines, line...), '\n')
		}
		return write(w, "application/x-ndjson", lines)
	}
	if entries == nil {
		entries = []Entry{} // an array on the wire
	}
	return web.WriteJSON(w, http.StatusOK, entries)
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
	e, ok, err := s.journal.get(offset)
	if err != nil {
		return err
	}
	if !ok {
		return web.NewProblem(http.StatusNotFound, "there is no entry %d: the log ends before %d", offset, s.journal.index.end())
	}
	return web.WriteJSON(w, http.StatusOK, e)
}
