package cmd_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// form is a form of a page as a browser has it: where it goes and what its
// fields hold.
type form struct {
	action, method string
	fields         url.Values
	options        map[string][]string // of the selects
}

// page is what a browser makes of HTML, as far as the tests need it.
type page struct {
	forms []form
	links map[string]string // address by text; the first of a text
	rows  []string          // the texts of the rows of tables
	text  string            // with single spaces
}

// readPage reads well-formed HTML with the standard library's XML decoder,
// which knows the elements that HTML does not close.
func readPage(t testing.TB, html string) page {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	r := reader{page: page{links: map[string]string{}}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			r.open(token)
		case xml.EndElement:
			r.close(token.Name.Local)
		case xml.CharData:
			r.words.WriteString(string(token))
		}
	}
	r.page.text = squeeze(r.words.String())
	return r.page
}

// reader is where the reading of a page is.
type reader struct {
	page  page
	words strings.Builder
	form  *form  // that is open
	name  string // of the select or textarea that is open
	start int    // of the text of the link, option or textarea that is open
	href  string // of the link that is open
	value string // of the option that is open
	row   int    // where the text of the row that is open starts
	taken bool   // the option that is open is selected
}

func (r *reader) open(e xml.StartElement) {
	attr := map[string]string{}
	for _, a := range e.Attr {
		attr[a.Name.Local] = a.Value
	}
	switch e.Name.Local {
	case "a":
		r.href, r.start = attr["href"], r.words.Len()
	case "form":
		r.page.forms = append(r.page.forms, form{
			action: attr["action"], method: strings.ToUpper(attr["method"]),
			fields: url.Values{}, options: map[string][]string{},
		})
		r.form = &r.page.forms[len(r.page.forms)-1]
	case "input":
		if r.form != nil && attr["name"] != "" && attr["type"] != "submit" {
			r.form.fields.Set(attr["name"], attr["value"])
		}
	case "select", "textarea":
		r.name, r.start = attr["name"], r.words.Len()
	case "tr":
		r.row = r.words.Len()
	case "option":
		r.start = r.words.Len()
		_, r.taken = attr["selected"]
		r.value = attr["value"]
	default:
		r.words.WriteByte(' ') // neighbouring cells are separate words
	}
}

func (r *reader) close(name string) {
	text := squeeze(r.words.String()[r.start:])
	switch name {
	case "a":
		if _, ok := r.page.links[text]; !ok {
			r.page.links[text] = r.href
		}
	case "tr":
		r.page.rows = append(r.page.rows, squeeze(r.words.String()[r.row:]))
	case "form":
		r.form = nil
	case "option":
		if r.value == "" {
			r.value = text
		}
		if r.form != nil && (r.taken || r.form.options[r.name] == nil) {
			r.form.fields.Set(r.name, r.value)
		}
		if r.form != nil {
			r.form.options[r.name] = append(r.form.options[r.name], r.value)
		}
	case "textarea":
		if r.form != nil {
			r.form.fields.Set(r.name, text)
		}
	}
}

// squeeze makes all white space single spaces.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

// gradeForm returns the form of a student's page that adds a grade.
func gradeForm(t testing.TB, p page) form {
	t.Helper()
	i := slices.IndexFunc(p.forms, func(f form) bool { return f.fields.Has("Title") && f.fields.Has("Score") })
	if i < 0 {
		t.Fatalf("no form with Title and Score on the page: %s", p.text)
	}
	f := p.forms[i]
	if got, want := f.options["Type"], []string{"Test", "Quiz", "Homework"}; f.method != "POST" || !containsAll(got, want) {
		t.Fatalf("the form has method %q and types %q, want POST and %q", f.method, got, want)
	}
	return f
}

func containsAll(got, want []string) bool {
	return !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(got, w) })
}

// submit posts a form of the portal's page at path as a browser does.
func (s *system) submit(path string, f form) answer {
	s.t.Helper()
	base, err := url.Parse(s.url(portalService) + path)
	if err != nil {
		s.t.Fatal(err)
	}
	target, err := base.Parse(f.action)
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.ask(f.method, portalService, target.RequestURI(), f.fields.Encode(),
		"Content-Type", "application/x-www-form-urlencoded",
		"Origin", s.url(portalService), "Sec-Fetch-Site", "same-origin", "Accept", "text/html")
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// page returns a page of the portal, which must be there.
func (s *system) page(path string) page {
	s.t.Helper()
	a := s.get(portalService, path)
	if a.status != http.StatusOK {
		s.t.Fatalf("GET %s: got %v, want 200", path, a)
	}
	return readPage(s.t, a.body)
}

// follow returns the page that a saved form leads to: by 303, so that a reload
// saves nothing again.
func (s *system) follow(a answer) page {
	s.t.Helper()
	if a.status != http.StatusSeeOther {
		s.t.Fatalf("the form was answered %v, want 303", a)
	}
	return s.page(a.header.Get("Location"))
}

// fillGrade returns the filled in form of a student's page.
func (s *system) fillGrade(path, title, kind, score string) form {
	s.t.Helper()
	f := gradeForm(s.t, s.page(path))
	f.fields.Set("Title", title)
	f.fields.Set("Type", kind)
	f.fields.Set("Score", score)
	return f
}
