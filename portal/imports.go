package portal

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"gradebook/grades"
	"gradebook/service/web"
)

const (
	maxFile  = 128 << 20 // bytes of the largest upload that is taken
	longFile = 4 << 20   // one that is longer is read while the page says how far it is
)

// importForm is the form that uploads a file, and why a file was refused.
type importForm struct {
	Class      int    // to import into; 0 for the class that Title or the file names
	Into       string // its title; "" where it was not asked for
	Title      string // as typed
	TitleError string // what is wrong with Title
	Format     string // as chosen
	Formats    []importFormat
	Paste      string // rows that were pasted
	File       string // the name of the file that was refused
	Problem    string
	Refused    []web.FieldError // line by line
	Waiting    []waitingImport
}

// importFormat is a kind of file that can be chosen.
type importFormat struct{ Format, Name string }

func importFormats() []importFormat {
	list := []importFormat{{grades.FormatAuto, "Find out"}}
	for _, kind := range exportKinds() {
		list = append(list, importFormat{kind.Format, kind.Name})
	}
	return list
}

// formatName is what people call a kind of file.
func formatName(format string) string {
	for _, kind := range importFormats() {
		if kind.Format == format {
			return kind.Name
		}
	}
	return format
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
	form.Waiting = s.waitingImports(r)
	return s.renderImport(w, r, http.StatusOK, form)
}

// classTitle returns the title of a class, or a *NotFoundError.
func (s *Server) classTitle(r *http.Request, id int) (string, error) {
	ctx, cancel := within(r, callLimit)
	defer cancel()
	class, err := s.grades.Class(ctx, id)
	return class.Title, err
}

// waitingImport is an import that was not applied yet.
type waitingImport struct{ ID, Name, State string }

// waitingImports are those that were not applied yet. None is better than no
// form.
func (s *Server) waitingImports(r *http.Request) (list []waitingImport) {
	ctx, cancel := within(r, callLimit)
	defer cancel()
	imports, err := s.grades.Imports(ctx)
	if err != nil {
		return nil
	}
	for i := range imports {
		state := map[string]string{
			grades.ImportReading: "is being read", grades.ImportAsks: "has a question", grades.ImportProposed: "can be applied",
		}[imports[i].State]
		if state != "" {
			list = append(list, waitingImport{imports[i].ID, importName(&imports[i]), state})
		}
	}
	return list
}

// importName is what to call an import.
func importName(r *grades.ImportReport) string {
	if r.File == "" {
		return "A file without a name"
	}
	return r.File
}

func (s *Server) renderImport(w http.ResponseWriter, r *http.Request, status int, form importForm) error {
	return s.render(w, r, page{Template: "import", Title: "Import a file", Section: "classes", Status: status, View: form})
}

// runImport sends the file on and leads to what it would do.
func (s *Server) runImport(w http.ResponseWriter, r *http.Request) error {
	form, err := newImportForm(r)
	if err != nil {
		return err
	}
	ctx, cancel := withinFile(w, r)
	defer cancel()
	req, file, err := form.read(w, r)
	if err == nil {
		defer r.MultipartForm.RemoveAll()
		defer file.Close()
		var report *grades.ImportReport
		if report, err = s.grades.Import(ctx, req, file); err == nil {
			http.Redirect(w, r, "/imports/"+report.ID, http.StatusSeeOther)
			return nil
		}
	}
	if status := form.refuse(err); status != 0 {
		return s.renderImport(w, r, status, form)
	}
	return err
}

// newImportForm returns an empty form for the class in the path, if there is one.
func newImportForm(r *http.Request) (importForm, error) {
	form := importForm{Format: grades.FormatAuto, Formats: importFormats()}
	if r.PathValue("class") == "" {
		return form, nil
	}
	id, err := web.PathID(r, "class")
	form.Class = id
	return form, err
}

// read fills the form from the request and returns the import that it asks for,
// with its file. Its errors are problems for the one who sent it.
func (f *importForm) read(w http.ResponseWriter, r *http.Request) (req grades.ImportRequest, file io.ReadCloser, err error) {
	web.BodyLimit(w, r, maxFile+1<<20) // what is around the file has room, too
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return req, nil, web.NewProblem(http.StatusRequestEntityTooLarge, "the file is over 128 MiB; split it and import the parts one after the other")
		}
		return req, nil, formProblem(err)
	}
	f.Title, f.Paste = strings.TrimSpace(r.PostFormValue("Title")), r.PostFormValue("Paste")
	if format := r.PostFormValue("Format"); format != "" {
		f.Format = format
	}
	req = grades.ImportRequest{ImportOptions: grades.ImportOptions{Format: f.Format, Class: f.Class, Title: f.Title}, DryRun: true}
	upload, header, err := r.FormFile("File")
	switch {
	case err == nil:
		f.File, req.Name, req.Async = header.Filename, header.Filename, header.Size > longFile
		return req, upload, nil
	case strings.TrimSpace(f.Paste) != "":
		req.Name = "Pasted rows"
		return req, io.NopCloser(strings.NewReader(f.Paste)), nil
	}
	r.MultipartForm.RemoveAll()
	return req, nil, web.NewProblem(http.StatusUnprocessableEntity, "choose a file first, or paste rows")
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
		f.Problem = f.TitleError
		return p.Status
	}
	f.Refused = p.Errors
	return p.Status
}
