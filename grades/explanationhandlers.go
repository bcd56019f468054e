package grades

import (
	"net/http"
	"time"

	"gradebook/service/web"
)

// getExplanation reads the marks in the View and works them out after it: what
// is needed for each letter takes as long as some hundred totals.
func (s *Server) getExplanation(w http.ResponseWriter, r *http.Request) error {
	class, id, err := pathIDs(r, "class", "student")
	if err != nil {
		return err
	}
	var calculator *calculator
	var marks []mark
	var student Student
	var at time.Time
	err = s.viewAt(r, class, func(b *Book, now time.Time) error {
		state, err := b.class(class)
		if err != nil {
			return err
		}
		e, err := b.enrolled(state, id)
		if err != nil {
			return err
		}
		calculator, marks = e.calculator()
		student, at = e.student.Student, now
		return nil
	})
	if err != nil {
		return err
	}
	out := calculator.explain(marks, at)
	out.Student, out.Name = student.ID, student.Name()
	return web.WriteJSON(w, http.StatusOK, out)
}
