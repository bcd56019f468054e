package grades

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"gradebook/service/web"
)

// maxFile is the largest file that can be imported, in bytes.
const maxFile = 16 << 20

func (s *Server) postImport(w http.ResponseWriter, r *http.Request) error {
	web.BodyLimit(w, r, maxFile)
	return s.write(s.prepareImport)(w, r)
}

func (s *Server) prepareImport(r *http.Request) (decideFunc, error) {
	format, err := s.format(r)
	if err != nil {
		return nil, err
	}
	in := importCommand{class: web.Int(r, "class", 0), title: web.Value(r, "title"), dryRun: web.Bool(r, "dryRun")}
	body, err := web.ReadBody(r)
	if err != nil {
		return nil, err
	}
	if in.file, err = format.Read(bytes.NewReader(body), int64(len(body)), ReadOptions{}); err != nil {
		if _, refused := errors.AsType[*SheetError](err); refused {
			return nil, err
		}
		return nil, web.NewProblem(http.StatusUnprocessableEntity, "the file cannot be read: %v", err)
	}
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.importSheet(in) }, nil
}

func (s *Server) getExport(w http.ResponseWriter, r *http.Request) error {
	format, err := s.format(r)
	if err != nil {
		return err
	}
	book, err := viewClass(s, r, (*classState).gradebook)
	if err != nil {
		return err
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
