package portal

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gradebook/grades"
	"gradebook/service/web"
)

// proposalRows is how many rows of a file a page shows.
const proposalRows = 200

// showProposal shows what an import would do or has done. While its file is read
// the page is loaded again and again.
func (s *Server) showProposal(w http.ResponseWriter, r *http.Request) error {
	return s.renderProposal(w, r, http.StatusOK, nil)
}

// renderProposal shows an import, with why something could not be done with it.
func (s *Server) renderProposal(w http.ResponseWriter, r *http.Request, status int, failed error) error {
	ctx, cancel := within(r, callLimit)
	defer cancel()
	report, err := s.grades.ImportReport(ctx, r.PathValue("import"), web.Value(r, "cursor"), proposalRows)
	if err != nil {
		return err
	}
	v := newProposalView(report)
	v.First, v.Undone = web.Value(r, "cursor") == "", web.Value(r, "undone") != ""
	if v.Undone {
		v.Summary = "This is what had been done."
	}
	v.refuse(failed)
	if v.State == grades.ImportReading {
		w.Header().Set("Refresh", "1")
	}
	return s.render(w, r, page{Template: "proposal", Title: v.Heading, Section: "classes", Status: status, View: v})
}

// act has something done with an import and leads to where that shows. What is
// no judgement on the request is returned.
func (s *Server) act(w http.ResponseWriter, r *http.Request, do func(id string) error, to string) error {
	id := r.PathValue("import")
	err := do(id)
	if err == nil {
		if to == "" {
			to = "/imports/" + url.PathEscape(id)
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	if p := problemOf(err); p != nil && (p.Status == http.StatusConflict || p.Status == http.StatusUnprocessableEntity) {
		return s.renderProposal(w, r, p.Status, err)
	}
	return err
}

// applyProposal applies an import, or the rows of the page that are chosen.
func (s *Server) applyProposal(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formProblem(err)
	}
	ctx, cancel := withinFile(w, r)
	defer cancel()
	return s.act(w, r, func(id string) error {
		rows, err := chosenRows(r.PostForm)
		if err != nil {
			return err
		}
		_, err = s.grades.ApplyImport(ctx, id, rows, "")
		return err
	}, "")
}

// chosenRows are the rows that a form has chosen, nil for all.
func chosenRows(form url.Values) (rows []int, err error) {
	if form.Get("What") != "chosen" {
		return nil, nil
	}
	for _, text := range form["Row"] {
		row, err := strconv.Atoi(text)
		if err != nil {
			return nil, web.NewProblem(http.StatusUnprocessableEntity, "%.40q is no line of the file; choose lines on the page", text)
		}
		rows = append(rows, row)
	}
	if rows == nil {
		return nil, web.NewProblem(http.StatusUnprocessableEntity, "no line is chosen; choose at least one")
	}
	return rows, nil
}

// changeProposal answers what an import asks, and has its file read again.
func (s *Server) changeProposal(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formProblem(err)
	}
	ctx, cancel := withinFile(w, r)
	defer cancel()
	return s.act(w, r, func(id string) error {
		report, err := s.grades.ImportReport(ctx, id, "", 1)
		if err != nil {
			return err
		}
		change, err := newImportChange(r.PostForm, report.Asked.Columns)
		if err == nil {
			_, err = s.grades.ChangeImport(ctx, id, change)
		}
		return err
	}, "")
}

// newImportChange is what a form says of a file, of whose columns some were said
// before.
func newImportChange(form url.Values, columns map[string]string) (change grades.ImportChange, err error) {
	for name, field := range map[string]**string{"Title": &change.Title, "Dates": &change.Dates, "Blanks": &change.Blanks, "Format": &change.Format} {
		if text := strings.TrimSpace(form.Get(name)); text != "" {
			*field = &text
		}
	}
	if text := strings.TrimSpace(form.Get("Class")); text != "" {
		class, err := strconv.Atoi(text)
		if err != nil {
			return change, web.NewProblem(http.StatusUnprocessableEntity, "%.40q is not the number of a class", text)
		}
		change.Class = &class
	}
	if len(form["Column"]) == 0 {
		return change, nil
	}
	change.Columns = map[string]string{}
	for column, meaning := range columns {
		change.Columns[column] = meaning
	}
	for i, column := range form["Column"] {
		if i < len(form["Meaning"]) && form["Meaning"][i] != "" {
			change.Columns[column] = form["Meaning"][i]
		}
	}
	return change, nil
}

// removeProposal forgets an import.
func (s *Server) removeProposal(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := within(r, callLimit)
	defer cancel()
	return s.act(w, r, func(id string) error { return s.grades.RemoveImport(ctx, id) }, "/import")
}

// undoImport takes back what an import has changed.
func (s *Server) undoImport(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := withinFile(w, r)
	defer cancel()
	return s.act(w, r, func(id string) error {
		report, err := s.grades.ImportReport(ctx, id, "", 1)
		if err != nil {
			return err
		}
		for _, class := range report.Classes {
			if report.State == grades.ImportApplied && report.Revision != 0 && class.ID != 0 && class.Outcome != grades.LineRemoved {
				_, err = s.grades.Undo(ctx, class.ID, grades.UndoInput{Revision: report.Revision}, "") // all of it: one change
				return err
			}
		}
		return &grades.ConflictError{Detail: "this import has changed nothing that can be taken back here"}
	}, fmt.Sprintf("/imports/%s?undone=true", url.PathEscape(r.PathValue("import"))))
}

// refuse notes why something could not be done with an import.
func (v *proposalView) refuse(err error) {
	p := problemOf(err)
	if err == nil || p == nil {
		return
	}
	v.Problem = sentence(p.Detail)
	if conflict, ok := errors.AsType[*grades.ConflictError](err); ok {
		v.Problem = conflictText(conflict)
	}
	v.Moved = p.Errors
}
