package portal

import (
	"fmt"
	"io"
	"net/http"
	"strconv"

	"gradebook/service/web"
)

// exportClass sends a class's gradebook as a file. It is read to its end before
// the first byte goes out, so no file can be cut short and look whole.
func (s *Server) exportClass(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "class")
	if err != nil {
		return err
	}
	ctx, cancel := withinFile(w, r)
	defer cancel()
	body, err := s.grades.Export(ctx, id, "canvas")
	if err != nil {
		return err
	}
	defer body.Close()
	file, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gradebook-class-%d.csv"`, id))
	h.Set("Content-Length", strconv.Itoa(len(file)))
	h.Set("Cache-Control", "private, no-cache")
	w.Write(file) // a reader who has gone cannot be told
	return nil
}
