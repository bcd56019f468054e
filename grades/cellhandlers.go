package grades

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"gradebook/service/web"
)

func (s *Server) getCell(w http.ResponseWriter, r *http.Request) error {
	class, in, err := pathCell(r)
	if err != nil {
		return err
	}
	var grade Grade
	err = s.view(func(b *Book, _ time.Time) error {
		state, err := b.class(class)
		if err != nil {
			return err
		}
		e, err := b.enrolled(state, in.Student)
		if err != nil {
			return err
		}
		if _, err := b.assignment(state, in.Assignment); err != nil {
			return err
		}
		g := e.grade(in.Assignment)
		if g.empty() {
			return notFound("grade here yet; PUT one with If-None-Match: *")
		}
		grade = *g
		return nil
	})
	if err != nil {
		return err
	}
	w.Header().Set("ETag", etag(&grade))
	return web.WriteJSON(w, http.StatusOK, grade)
}

func (s *Server) putCell(r *http.Request) (decideFunc, error) {
	class, at, err := pathCell(r)
	if err != nil {
		return nil, err
	}
	revision, any, err := precondition(r)
	if err != nil {
		return nil, err
	}
	in, err := decodeCell(r)
	in.Student, in.Assignment, in.Revision = at.Student, at.Assignment, revision
	return func(b *Book, actor string, at time.Time) (decision, error) {
		return b.putCell(class, in, any, actor, at)
	}, err
}

func (s *Server) postCells(r *http.Request) (decideFunc, error) {
	class, err := web.PathID(r, "class")
	if err != nil {
		return nil, err
	}
	in, err := decodeBatch(r)
	return func(b *Book, actor string, at time.Time) (decision, error) { return b.putCells(class, in, actor, at) }, err
}

func pathCell(r *http.Request) (class int, cell CellInput, err error) {
	if class, err = web.PathID(r, "class"); err != nil {
		return 0, cell, err
	}
	cell.Student, cell.Assignment, err = pathIDs(r, "student", "assignment")
	return class, cell, err
}

// precondition is what a cell must be for a PUT: at a revision, 0 for empty, or
// any that is not empty.
func precondition(r *http.Request) (revision uint64, any bool, err error) {
	match, none := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	switch {
	case match == "" && none == "":
		return 0, false, web.NewProblem(http.StatusPreconditionRequired, `say what the cell must be now: If-Match: "r7" with the ETag that you read, or If-None-Match: * for an empty cell`)
	case match != "" && none != "":
		return 0, false, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "If-None-Match", Detail: "cannot go with If-Match; send one of them"})
	case none == "*":
		return 0, false, nil
	case none != "":
		return 0, false, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "If-None-Match", Detail: "must be * here; for a cell that is not empty send If-Match"})
	case match == "*":
		return 0, true, nil
	}
	digits, found := strings.CutPrefix(strings.TrimSuffix(match, `"`), `"r`)
	revision, err = strconv.ParseUint(digits, 10, 64)
	if !found || err != nil || revision == 0 {
		return 0, false, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "If-Match", Detail: `must be the one ETag that you read, such as "r7"`})
	}
	return revision, false, nil
}
