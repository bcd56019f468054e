package portal

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"gradebook/service/web"
)

// exportKind is a kind of file that a class can leave in.
type exportKind struct {
	Format     string // as the grading service calls it
	Name       string
	Has, Lacks string // what it holds beside names, titles and scores, and what not
	media      string
	extension  string
}

// exportKinds are those kinds, in the order of the page.
func exportKinds() []exportKind {
	const csv = "text/csv; charset=utf-8"
	return []exportKind{
		{"canvas", "Canvas", "Keeps IDs, points possible, excused and not assigned, and which assignments are hidden. Totals stand in it marked as read only.",
			"email addresses, comments, due dates, IDs of assignments that are no numbers, and what is missing, late or incomplete.", csv, "csv"},
		{"moodle", "Moodle", "Keeps the school’s ID as the ID number, email addresses, and comments as feedback.",
			"the title of the class, other IDs, points possible, categories, due dates, and every status: excused or missing is a dash there.", csv, "csv"},
		{"google", "Google Classroom", "Keeps email addresses, points possible, and what is missing or excused.",
			"the title of the class, IDs, categories, due dates, comments, and what is late, incomplete or not assigned.", csv, "csv"},
		{"plain", "Spreadsheet (CSV)", "Keeps IDs, email addresses, points possible, and every status in words, such as “8.50 late”.",
			"categories, due dates, comments, IDs of assignments, and which of them are hidden.", csv, "csv"},
		{"text", "Text to paste", "Keeps the same as the spreadsheet, separated by tabs: what a spreadsheet takes from the clipboard.",
			"the same as with the spreadsheet.", "text/tab-separated-values; charset=utf-8", "tsv"},
		{"oneroster-1.2", "OneRoster 1.2", "What school systems exchange. Keeps IDs, email addresses, the term, categories, points possible, due dates, comments and every status; and weights, drops, the scale, what is hidden and how blanks, late and missing work count in columns that only this gradebook reads.",
			"who changed what and when.", "application/zip", "zip"},
		{"oneroster-1.1", "OneRoster 1.1", "Keeps the same as OneRoster 1.2, for systems that do not read that.",
			"the same as with OneRoster 1.2.", "application/zip", "zip"},
	}
}

func exportFormats() (names []string) {
	for _, kind := range exportKinds() {
		names = append(names, kind.Format)
	}
	return names
}

func exportMedia() []string {
	return []string{mediaPage, "text/csv", "text/tab-separated-values", "application/zip"}
}

// exportView is the page that asks for the kind of file.
type exportView struct {
	Class int
	Title string
	Kinds []exportKind
}

// exportClass asks which kind of file is wanted, or sends it when the query
// says. It is read to its end before the first byte goes out, so no file can be
// cut short and look whole.
func (s *Server) exportClass(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "class")
	if err != nil {
		return err
	}
	format := web.Value(r, "format")
	if format == "" {
		return s.askExport(w, r, id)
	}
	at := slices.IndexFunc(exportKinds(), func(k exportKind) bool { return k.Format == format }) // the route lets no other pass
	kind := exportKinds()[at]
	ctx, cancel := withinFile(w, r)
	defer cancel()
	body, err := s.grades.Export(ctx, id, kind.Format)
	if err != nil {
		return err
	}
	defer body.Close()
	file, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind.media)
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gradebook-class-%d-%s.%s"`, id, kind.Format, kind.extension))
	h.Set("Content-Length", strconv.Itoa(len(file)))
	h.Set("Cache-Control", "private, no-cache")
	w.Write(file) // a reader who has gone cannot be told
	return nil
}

func (s *Server) askExport(w http.ResponseWriter, r *http.Request, class int) error {
	title, err := s.classTitle(r, class)
	if err != nil {
		return err
	}
	return s.render(w, r, page{Template: "export", Title: "Export " + title, Section: "classes", View: exportView{class, title, exportKinds()}})
}
