package portal

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestPages opens every page and looks for what it must say.
func TestPages(t *testing.T) {
	f := open(t, sampleSchool())
	for _, c := range []struct {
		path   string
		status int
		title  string
		texts  []string
	}{
		{"/", 200, "Classes", []string{"Sample class", "<bdi>Averill</bdi>, <bdi>Marge</bdi>, <bdi>Sydnie</bdi>, <bdi>Louie</bdi> and <bdi>Kylee</bdi>", "median 89.00", "All entered", "sample", "1 to enter", "Import a file", "All services up"}},
		{"/classes", 200, "Classes", []string{"Sample class"}},
		{"/classes/1", 200, "Sample class", []string{"Simen, Averill", "47.33", "graded only", "blank is 0", "5 students · 3 assignments", "/classes/1/export", "/classes/1/import", "not posted", "18 Sep"}},
		{"/classes/1?page=9", 200, "Sample class", []string{"Simen, Averill"}},
		{"/classes/2", 200, hostile, []string{"EX", "excused", "100 % · drop lowest 1", "—"}},
		{"/classes/1/import", 200, "Import a file", []string{`action="/classes/1/import"`, `<a href="/classes/1"><bdi>Sample class</bdi></a>`}},
		{"/classes/77/import", 404, "There is nothing here", []string{"There is no class 77."}},
		{"/import", 200, "Import a file", []string{`action="/import"`, "Title of the class"}},
		{"/imports/proposed", 200, "What the file would do in " + hostile, []string{
			"&lt;b&gt;.csv", "Please check", "line 4, Final exam", "Looks like a total.", "semicolon", "new assignment", "3 scores are blank in the file", "kept, blank in the file",
			"<del><bdi>9, late</bdi></del> → <ins><bdi>10</bdi></ins>", "<ins><bdi>empty</bdi></ins>", "One other line changes nothing.", `href="/imports/proposed?cursor=77"`, `value="2" checked`, "Apply all of it",
		}},
		{"/imports/proposed?cursor=77", 200, "What the file would do in " + hostile, []string{`href="/imports/proposed">First lines`}},
		{"/imports/proposed?cursor=x", 422, "This did not work", []string{"Cursor is not one that a page gave."}},
		{"/imports/asks", 200, "Something is not clear yet", []string{`<option value="mdy">month, day, year`, `name="Title"`, `name="Meaning"`, "Go on"}},
		{"/imports/refused", 200, "The file is not imported", []string{"results.csv, line 200, Quiz", "is not a number."}},
		{"/imports/reading", 200, "Reading the file", []string{"3.0 of 12.0 MiB", `value="25"`}},
		{"/imports/applied", 200, "Imported into " + hostile, []string{"Undo this import", "was changed"}},
		{"/imports/applied?undone=true", 200, "Imported into " + hostile, []string{"The import was taken back."}},
		{"/imports/gone", 404, "There is nothing here", []string{"There is no import gone."}},
		{"/students", 200, "Students", []string{"Averill Simen", "89.0", "96.0", "47.3", "88.3", "97.3", `href="/students?cursor=five"`}},
		{"/students?cursor=five", 200, "Students", []string{`href="/students">First page`, "—"}},
		{"/students/1", 200, "Averill Simen", []string{"89.00", "B&#43;", "Current", "Final", "Week 1 Homework", "94", `name="Title"`, `name="Score"`, "<option>Test</option>"}},
		{"/students/1?saved=3", 200, "Averill Simen", []string{"Saved.", "88 of 100"}},
		{"/students/6", 200, hostile + " " + hostile, []string{"no grade yet", "—"}},
		{"/status", 200, "System status", []string{"All services are up.", "localhost:3000", "TeacherPortal needs GradingService (works) and LogService (works)."}},
		{"/logs?q=refused&service=RegistryService&level=warn", 200, "Logs", []string{"refused a connection", `value="refused"`, "<option selected>RegistryService</option>", `value="warn" selected`, "b=2"}},
		{"/logs?trace=4bf92f&before=7", 200, "Logs", []string{`value="4bf92f"`, "Newest"}},
		{"/logs?before=x", 400, "This did not work", []string{"no place in the log"}},
		{"/nothing", 404, "There is nothing here", []string{"b7c1e04f", "All classes"}},
		{"/classes/77", 404, "There is nothing here", []string{"There is no class 77."}},
		{"/classes/x", 404, "There is nothing here", []string{"not the id of any class"}},
		{"/classes/1?page=0", 400, "This did not work", []string{"Page must be a whole number"}},
		{"/students/77", 404, "There is nothing here", []string{"There is no student 77."}},
		{"/students/1/grades", 405, "This did not work", []string{"POST"}},
		{"/static/gradebook.css", 404, "There is nothing here", nil},
	} {
		t.Run(c.path, func(t *testing.T) {
			status, header, text := f.get(t, c.path)
			if status != c.status {
				t.Errorf("got status %d, want %d", status, c.status)
			}
			if got := header.Get("Content-Security-Policy"); got != policy {
				t.Errorf("got policy %q", got)
			}
			if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("got headers %v", header)
			}
			if got, want := readHTML(t, text), c.title+" · Gradebook"; got != want {
				t.Errorf("got title %q, want %q", got, want)
			}
			for _, want := range c.texts {
				if !strings.Contains(text, want) {
					t.Errorf("the page lacks %q:\n%s", want, text)
				}
			}
		})
	}
}

// readHTML checks what is true of every page: well-formed, nothing inline, one
// first heading, unique ids, and labels and links within the page that lead
// somewhere. It returns the title.
func readHTML(t *testing.T, text string) (title string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	ids, refs, headings, inTitle := []string{}, []string{}, 0, false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v\n%s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inTitle = token.Name.Local == "title" && title == ""
			switch token.Name.Local {
			case "h1":
				headings++
			case "script", "style", "iframe", "object", "embed", "base":
				t.Errorf("the page has an element %s", token.Name.Local)
			}
			for _, a := range token.Attr {
				switch name := a.Name.Local; {
				case name == "style" || strings.HasPrefix(name, "on"):
					t.Errorf("the page has an attribute %s=%q", name, a.Value)
				case name == "id":
					if slices.Contains(ids, a.Value) {
						t.Errorf("the id %q is there twice", a.Value)
					}
					ids = append(ids, a.Value)
				case name == "for" || name == "aria-describedby" || name == "aria-labelledby":
					refs = append(refs, strings.Fields(a.Value)...)
				case name == "href" && strings.HasPrefix(a.Value, "#"):
					refs = append(refs, a.Value[1:])
				}
			}
		case xml.CharData:
			if inTitle {
				title += string(token)
			}
		case xml.EndElement:
			inTitle = false
		}
	}
	if headings != 1 {
		t.Errorf("the page has %d first headings, want 1", headings)
	}
	for _, ref := range refs {
		if !slices.Contains(ids, ref) {
			t.Errorf("nothing has the id %q", ref)
		}
	}
	return title
}

// TestHostile puts a name that tries to be markup wherever a name goes.
func TestHostile(t *testing.T) {
	f := open(t, sampleSchool())
	long := strings.Repeat("w", 500)
	f.students[0].FirstName = long
	for _, path := range []string{"/", "/classes/2", "/students?cursor=five", "/students/6", "/logs", "/students/1", "/students/1?saved=%3Cscript%3E", "/logs?q=%3Cscript%3Ealert%28%29", "/%3Cscript%3Ealert%28%29"} {
		status, _, text := f.get(t, path)
		if strings.Contains(text, "<script") {
			t.Errorf("%s: the page has a script:\n%s", path, text)
		}
		if status == http.StatusOK && strings.Contains(text, "\u202E") && !strings.Contains(text, "<bdi") {
			t.Errorf("%s: a name is not isolated", path)
		}
		readHTML(t, text)
	}
	_, _, text := f.get(t, "/students/1")
	if !strings.Contains(text, "<bdi>"+long+" Simen</bdi>") {
		t.Error("a long name is cut")
	}
}

// TestLargeClass pages a class of more than 500 students.
func TestLargeClass(t *testing.T) {
	s := sampleSchool()
	book := s.books[1]
	for len(book.Students) < 501 {
		next := book.Students[0]
		next.ID = 1000 + len(book.Students)
		book.Students = append(book.Students, next)
	}
	f := open(t, s)
	for path, want := range map[string]string{
		"/classes/1":        `href="/classes/1?page=2"`,
		"/classes/1?page=2": "501 to 501 of 501",
	} {
		if _, _, text := f.get(t, path); !strings.Contains(text, want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
}

// TestEmpty says what to do where nothing is.
func TestEmpty(t *testing.T) {
	f := open(t, &school{graph: sampleGraph()})
	for path, want := range map[string]string{
		"/":         "There are no classes yet",
		"/students": "There are no students yet",
		"/logs":     "No line matches",
	} {
		if status, _, text := f.get(t, path); status != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%s: got %d without %q", path, status, want)
		}
	}
}

func TestAssets(t *testing.T) {
	f := open(t, sampleSchool())
	_, _, text := f.get(t, "/")
	for _, want := range []string{`href="/static/base.`, `href="/static/gradebook.`, `href="/static/favicon.`} {
		_, rest, found := strings.Cut(text, want)
		if !found {
			t.Fatalf("the page has no %s", want)
		}
		hash, _, _ := strings.Cut(rest, `"`)
		path := strings.TrimPrefix(want, `href="`) + hash
		if status, _, _ := f.get(t, path); status != http.StatusOK {
			t.Errorf("%s: got %d", path, status)
		}
	}
	if status, header, _ := f.get(t, "/favicon.ico"); status != http.StatusOK || header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("/favicon.ico: got %d %v", status, header)
	}
}
