package portal

import (
	"crypto/rand"
	"fmt"
	"net/http"

	"gradebook/service/web"
)

// addGrade takes the form. A saved grade is answered with 303, so that a reload
// adds nothing; anything else shows the form again with all that was typed.
func (s *Server) addGrade(w http.ResponseWriter, r *http.Request) error {
	form, err := readGradeForm(r)
	if err != nil {
		return err
	}
	in, status := form.input(), http.StatusUnprocessableEntity
	if !form.Refused() {
		ctx, cancel := within(r, callLimit)
		defer cancel()
		saved, err := s.grades.AddGrade(ctx, form.Student, in, form.idempotencyKey())
		if err == nil {
			http.Redirect(w, r, fmt.Sprintf("/students/%d?saved=%d", form.Student, saved.Assignment), http.StatusSeeOther)
			return nil
		}
		if status = form.refuse(err); status == 0 {
			return s.keepGrade(w, r, form, err)
		}
	}
	if err := s.renderStudent(w, r, status, form); err != nil {
		return s.keepGrade(w, r, form, err)
	}
	return nil
}

// keptView is a form that could not be saved because a service is away.
type keptView struct {
	Failure failure
	Unsure  bool // it may have been saved all the same
	Form    gradeForm
}

// keepGrade answers with the form on a page that needs no other service. It
// keeps its key: if the grade was saved after all, sending it again adds none.
func (s *Server) keepGrade(w http.ResponseWriter, r *http.Request, form gradeForm, err error) error {
	f := failureOf(err, s.now())
	if f.Status != http.StatusServiceUnavailable {
		return err
	}
	web.Report(w, err)
	if form.Key == "" {
		form.Key = rand.Text()
	}
	o, _ := outageOf(err)
	f.RequestID = web.RequestID(r.Context())
	w.Header().Set("Retry-After", retryAfter)
	return s.render(w, r, page{Template: "kept", Title: "The grade is not saved", Section: "students", Status: f.Status, View: keptView{f, o.Slow, form}})
}
