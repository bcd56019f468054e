package cmd_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// state is everything the grading service tells about the sample class.
func (s *system) state() string {
	s.t.Helper()
	return s.get(gradingService, "/students").body + s.get(gradingService, "/classes/1/gradebook").body
}

// TestBadScores: the demo stored −5 and 1e9, and dropped "abc" behind a
// redirect that looked like success.
func TestBadScores(t *testing.T) {
	t.Parallel()
	s := started(t)
	untouched := s.state()
	for _, c := range []struct{ title, kind, score, says string }{
		{"Bad", "Test", "-5", "score"},
		{"Bad", "Test", "1e9", "1000000"},
		{"Bad", "Test", "abc", "number"},
		{"Bad", "Test", "NaN", "number"},
		{"Bad", "Test", "Infinity", "number"},
		{"Bad", "Test", "0x10", "number"},
		{"Bad", "Test", "1.0000001", "decimals"},
		{"Bad", "Test", "", "score"},
		{"", "Test", "50", "title"},
		{"   ", "Test", "50", "title"},
		{"Quiz 1", "Quiz", "50", "85"}, // has a grade already
	} {
		f := s.fillGrade("/students/1", c.title, c.kind, c.score)
		a := s.submit("/students/1", f)
		if a.status != http.StatusUnprocessableEntity && a.status != http.StatusConflict {
			t.Errorf("%q of %q: got %d, want 422, or 409 for one that is there", c.title, c.score, a.status)
		}
		p := readPage(t, a.body)
		if !strings.Contains(a.body, "aria-invalid") || !strings.Contains(strings.ToLower(p.text), c.says) {
			t.Errorf("%q of %q: the page does not say why (%q): %s", c.title, c.score, c.says, p.text)
		}
		kept := gradeForm(t, p).fields
		if kept.Get("Title") != c.title || kept.Get("Score") != c.score {
			t.Errorf("%q of %q: the form came back with %q", c.title, c.score, kept)
		}
		if got := s.state(); got != untouched {
			t.Fatalf("%q of %q changed something:\n%s\nwas\n%s", c.title, c.score, got, untouched)
		}
	}
}

// TestStudentWithoutGrades: the demo showed NaN%.
func TestStudentWithoutGrades(t *testing.T) {
	t.Parallel()
	s := started(t)
	for _, body := range []string{
		`{"firstName":"Noor","lastName":"Blank","class":1}`,
		`{"firstName":"Nobody","lastName":"Nowhere"}`, // in no class
	} {
		created := read[struct{ ID int }](t, s.send(http.StatusCreated, http.MethodPost, gradingService, "/students", body))
		one := fmt.Sprintf("/students/%d", created.ID)
		student := read[struct{ Average any }](t, s.get(gradingService, one))
		if student.Average != nil {
			t.Errorf("the average of no grades is %v, want null", student.Average)
		}
		for _, at := range []struct{ service, path string }{
			{gradingService, "/students"}, {gradingService, one}, {gradingService, "/classes"}, {gradingService, "/classes/1/gradebook"},
			{portalService, "/"}, {portalService, "/classes/1"}, {portalService, "/students"}, {portalService, one},
		} {
			a := s.get(at.service, at.path)
			if a.status != http.StatusOK || strings.Contains(a.body, "NaN") || strings.Contains(a.body, "Inf") {
				t.Errorf("GET %s of %s: got %v, want 200 without NaN", at.path, at.service, a)
			}
		}
	}
	rows := s.page("/students").rows
	for _, name := range []string{"Noor Blank", "Nobody Nowhere"} {
		of := func(row string) bool { return strings.HasPrefix(row, name+" ") && strings.HasSuffix(row, " —") }
		if !slices.ContainsFunc(rows, of) {
			t.Errorf("no row of %s ends in — for the average: %q", name, rows)
		}
	}
}

// TestUnknownStudent: the demo's portal answered 500.
func TestUnknownStudent(t *testing.T) {
	t.Parallel()
	s := started(t)
	for _, path := range []string{"/students/999", "/students/0", "/students/-1", "/students/abc", "/students/1e3", "/students/99999999999999999999", "/classes/999", "/nowhere"} {
		a := s.get(portalService, path)
		if a.status != http.StatusNotFound || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("GET %s: got %v, want a 404 page", path, a)
			continue
		}
		if p := readPage(t, a.body); len(p.links) == 0 {
			t.Errorf("GET %s: the page leads nowhere: %s", path, p.text)
		}
	}
}

// TestOnlyPostAdds: at the demo DELETE, or any third segment, added a grade.
func TestOnlyPostAdds(t *testing.T) {
	t.Parallel()
	s := started(t)
	untouched := s.state()
	const grade = `{"title":"Stray","type":"Test","score":50}`
	for _, c := range []struct {
		want         int
		method, path string
	}{
		{405, "DELETE", "/students/1/grades"},
		{405, "PUT", "/students/1/grades"},
		{405, "PATCH", "/students/1/grades"},
		{405, "GET", "/students/1/grades"},
		{404, "POST", "/students/1/grade"},
		{404, "POST", "/students/1/anything"},
		{404, "DELETE", "/students/1/anything"},
		{404, "POST", "/students/1/grades/1"},
		{404, "POST", "/students/1/grades/"},
		{404, "POST", "/students/999/grades"},
		{404, "POST", "/students/abc/grades"},
	} {
		a := s.send(c.want, c.method, gradingService, c.path, grade)
		if c.want == http.StatusMethodNotAllowed && !strings.Contains(a.header.Get("Allow"), "POST") {
			t.Errorf("%s %s: Allow is %q, want POST in it", c.method, c.path, a.header.Get("Allow"))
		}
	}
	for _, path := range []string{"/students/1/anything", "/students/1/grades/1"} {
		s.send(http.StatusNotFound, http.MethodPost, portalService, path, "Title=Stray&Type=Test&Score=50", "Content-Type", "application/x-www-form-urlencoded")
	}
	s.send(http.StatusMethodNotAllowed, http.MethodDelete, portalService, "/students/1/grades", "")
	if got := s.state(); got != untouched {
		t.Errorf("something changed:\n%s\nwas\n%s", got, untouched)
	}
}

// TestLogBodyWithNewlines: at the demo it forged lines.
func TestLogBodyWithNewlines(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(logService)
	const message = "one\nforged two\r\nforged three\u2028forged four\x1b[2Jend"
	first := read[struct{ Offset uint64 }](t, s.send(http.StatusOK, http.MethodPost, logService, "/log", message))
	second := read[struct{ Offset uint64 }](t, s.send(http.StatusOK, http.MethodPost, logService, "/log", "next"))
	entry := read[struct{ Message string }](t, s.get(logService, fmt.Sprintf("/log/%d", first.Offset)))
	if entry.Message != message {
		t.Errorf("the message is %q, want %q", entry.Message, message)
	}
	text := s.get(logService, fmt.Sprintf("/log?after=%d&before=%d", first.Offset-1, second.Offset+1), "Accept", "text/plain").body
	lines := slices.DeleteFunc(strings.Split(strings.TrimSuffix(text, "\n"), "\n"), func(line string) bool {
		return strings.Contains(line, " LogService ") // what the log says of itself may come in between
	})
	if len(lines) != 2 || strings.ContainsAny(text, "\r\x1b\u2028") {
		t.Errorf("as text it is %q, want two lines and nothing that a terminal obeys", text)
	}
}
