package grades

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
)

func (s *Server) getExport(w http.ResponseWriter, r *http.Request) error {
	format, err := s.format(r)
	if err != nil {
		return err
	}
	book, err := viewClass(s, r, (*classState).gradebook)
	if err != nil {
		return err
	}
	if _, school := format.(SchoolFormat); school {
		own, err := s.ownIDs()
		if err != nil {
			return err
		}
		own.sign(book)
	}
	var file bytes.Buffer
	if err := format.Write(&file, []*Gradebook{book}); err != nil {
		return fmt.Errorf("export class %d: %w", book.Class.ID, err)
	}
	w.Header().Set("Content-Type", format.ContentType())
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="class-%d.%s"`, book.Class.ID, format.Extension()))
	w.Header().Set("Content-Length", strconv.Itoa(file.Len()))
	_, err = file.WriteTo(w)
	return err
}
