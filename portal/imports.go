package portal

import (
	"errors"
	"mime/multipart"
	"net/http"
	"strings"

	"gradebook/grades"
	"gradebook/service/web"
)

// maxFile is the largest upload that is taken, in bytes.
const maxFile = 16 << 20

// importForm is the form that uploads a file, and why a file was refused.
type importForm struct {
	Class      int    // to import into; 0 for the class that Title or the file names
	Into       string // its title; "" where it was not asked for
	Title      string // as typed
	TitleError string // what is wrong with Title
	File       string // the name of the file that was refused
	Problem    string
	Refused    []web.FieldError // line by line
}

func (s *Server) askImport(w http.ResponseWriter, r *http.Request) error {
	form, err := newImportForm(r)
	if err != nil {
		return err
	}
	if form.Class != 0 {
		if form.Into, err = s.classTitle(r, form.Class); err != nil {
			return err
		}
	}
	return s.renderImport(w, r, http.StatusOK, form)
}

// classTitle returns the title of a class, or a *grades.NotFoundError.
func (s *Server) classTitle(r *http.Request, id int) (string, error) {
	ctx, cancel := within(r, callLimit)
	defer cancel()
	class, err := s.grades.Class(ctx, id)
	return class.Title, err
}

func (s *Server) renderImport(w http.ResponseWriter, r *http.Request, status int, form importForm) error {
	return s.render(w, r, page{Template: "import", Title: "Import a file", Section: "classes", Status: status, View: form})
}

// runImport sends the file on and shows what came of it.
func (s *Server) runImport(w http.ResponseWriter, r *http.Request) error {
	form, err := newImportForm(r)
	if err != nil {
		return err
	}
	ctx, cancel := withinFile(w, r)
	defer cancel()
	file, err := form.read(w, r)
	if err == nil {
		defer r.MultipartForm.RemoveAll()
		defer file.Close()
		var report *grades.ImportReport
		report, err = s.grades.Import(ctx, grades.ImportRequest{ImportOptions: grades.ImportOptions{Format: "canvas", Title: form.Title, Class: form.Class}}, file)
		if err == nil {
			v := newImportedView(report, form.File)
			return s.render(w, r, page{Template: "imported", Title: v.Heading, Section: "classes", View: v})
		}
	}
	if status := form.refuse(err); status != 0 {
		return s.renderImport(w, r, status, form)
	}
	return err
}

// newImportForm returns an empty form for the class in the path, if there is one.
func newImportForm(r *http.Request) (importForm, error) {
	if r.PathValue("class") == "" {
		return importForm{}, nil
	}
	id, err := web.PathID(r, "class")
	return importForm{Class: id}, err
}

// read fills the form from the request and opens its file. Its errors are
// problems for the one who sent it.
func (f *importForm) read(w http.ResponseWriter, r *http.Request) (multipart.File, error) {
	web.BodyLimit(w, r, maxFile)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, web.NewProblem(http.StatusRequestEntityTooLarge, "the file is over 16 MiB; split it and import the parts one after the other")
		}
		return nil, formProblem(err)
	}
	f.Title = strings.TrimSpace(r.PostFormValue("Title"))
	file, header, err := r.FormFile("File")
	if err != nil {
		r.MultipartForm.RemoveAll()
		return nil, web.NewProblem(http.StatusUnprocessableEntity, "choose a file first")
	}
	f.File = header.Filename
	return file, nil
}

// refuse notes why the file was not taken. It returns the status to answer
// with, or 0 when err is no judgement on the file.
func (f *importForm) refuse(err error) int {
	p := problemOf(err)
	if p == nil || p.Status >= http.StatusInternalServerError || p.Status == http.StatusNotFound {
		return 0
	}
	f.Problem = sentence(p.Detail)
	if conflict, ok := errors.AsType[*grades.ConflictError](err); ok {
		f.Problem = conflictText(conflict)
	}
	if len(p.Errors) == 1 && p.Errors[0].Field == "title" {
		f.TitleError = sentence("title " + p.Errors[0].Detail)
		if f.Title == "" {
			f.TitleError = "The file does not name its class. Give the class a title."
		}
		f.Problem = f.TitleError
		return p.Status
	}
	f.Refused = p.Errors
	return p.Status
}
