package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gradebook/grades"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// holds is what a format has a place for, beside the names of students and
// titles of assignments.
type holds struct {
	title, ids, sisIDs, logins, emails bool
	points, hidden, comments, rules    bool
	assignmentID                       func(id string) string // as it is kept; nil for never
	statuses                           []string               // without a score; those with one are kept by keepsLate
	keepsLate                          bool
}

func held() map[string]holds {
	everything := holds{
		title: true, ids: true, sisIDs: true, logins: true, emails: true, points: true, hidden: true, comments: true, rules: true, keepsLate: true,
		assignmentID: func(id string) string { return id },
		statuses:     []string{grades.Excused, grades.Missing, grades.Unassigned, grades.Late, grades.Incomplete},
	}
	return map[string]holds{
		"oneroster-1.1": everything,
		"oneroster-1.2": everything,
		"canvas": {
			title: true, ids: true, sisIDs: true, logins: true, points: true, hidden: true,
			assignmentID: func(id string) string {
				if isNumeric(id) {
					return id
				}
				return ""
			},
			statuses: []string{grades.Excused, grades.Unassigned},
		},
		"moodle": {sisIDs: true, emails: true, comments: true},
		"google": {emails: true, points: true, statuses: []string{grades.Excused, grades.Missing}},
		"plain": {
			title: true, ids: true, sisIDs: true, logins: true, emails: true, points: true, keepsLate: true,
			statuses: []string{grades.Excused, grades.Missing, grades.Unassigned, grades.Late, grades.Incomplete},
		},
		"text": {
			title: true, ids: true, sisIDs: true, logins: true, emails: true, points: true, keepsLate: true,
			statuses: []string{grades.Excused, grades.Missing, grades.Unassigned, grades.Late, grades.Incomplete},
		},
	}
}

// describe writes what a format holds of a book, to be compared: a line for the
// class, each assignment and each student.
func (h holds) describe(book *grades.Gradebook) string {
	var out strings.Builder
	if h.title {
		fmt.Fprintf(&out, "%q\n", book.Class.Title)
	}
	if h.rules {
		fmt.Fprintf(&out, "%q %s %+v %v\n", book.Class.Term, book.Class.Weighting, book.Class.Categories, book.Class.Scale)
	}
	for _, a := range book.Assignments {
		fmt.Fprintf(&out, "%q", a.Title)
		if h.rules {
			fmt.Fprintf(&out, " in %q due %v", a.Category, a.Due)
		}
		if h.points {
			fmt.Fprintf(&out, " of %s", a.Points)
		}
		if h.hidden {
			fmt.Fprintf(&out, " posted %v", a.Posted)
		}
		if h.assignmentID != nil {
			fmt.Fprintf(&out, " #%q", h.assignmentID(a.ExternalID))
		}
		out.WriteString("\n")
	}
	var students []string
	for _, s := range book.Students {
		students = append(students, h.student(book, &s))
	}
	slices.Sort(students) // the order of two with one name is open
	return out.String() + strings.Join(students, "")
}

func (h holds) student(book *grades.Gradebook, s *grades.Student) string {
	text := fmt.Sprintf("%q, %q", s.LastName, s.FirstName)
	for _, field := range []struct {
		held  bool
		value string
	}{{h.ids, s.ExternalID}, {h.sisIDs, s.SISID}, {h.logins, s.Login}, {h.emails, s.Email}} {
		if field.held {
			text += fmt.Sprintf(" %q", field.value)
		}
	}
	for _, g := range book.Cells {
		if at := slices.IndexFunc(book.Assignments, func(a grades.Assignment) bool { return a.ID == g.Assignment }); g.Student == s.ID {
			text += h.cell(at, &g)
		}
	}
	return text + "\n"
}

func (h holds) cell(at int, g *grades.Grade) string {
	text := ""
	switch {
	case g.Score != nil:
		text = g.Score.String()
		if h.keepsLate && g.Status != grades.Graded {
			text += " " + g.Status
		}
	case slices.Contains(h.statuses, g.Status):
		text = g.Status
	}
	if h.comments && g.Comment != "" {
		text += fmt.Sprintf(" %q", g.Comment)
	}
	if text == "" {
		return ""
	}
	return fmt.Sprintf("\n\t%d: %s", at+1, text)
}

// emptySchool is a grading service that holds nothing yet.
type emptySchool struct {
	*grades.Client
	url string
}

func openEmptySchool(t *testing.T) emptySchool {
	t.Helper()
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	grades.Flags(fs)
	fs.Set("sample", "false")
	app, err := grades.Open(Formats())(web.Env{
		Name: "GradingService", DataDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
		Flag: func(name string) string { return fs.Lookup(name).Value.String() },
	}, telemetry.NewMetrics())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(app)
	dialer := net.Dialer{}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, server.Listener.Addr().String())
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	})
	return emptySchool{grades.NewClient(&http.Client{Transport: transport}), server.URL}
}

// mustImport imports a file and returns the class it made.
func (s emptySchool) mustImport(t *testing.T, format, title string, file []byte) *grades.Gradebook {
	t.Helper()
	query := url.Values{"format": {format}, "title": {title}}
	resp, err := http.Post(s.url+"/imports?"+query.Encode(), "application/octet-stream", bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		t.Fatalf("what was written is refused: %s\n%s\n%.5000q", resp.Status, indent(body), file)
	}
	classes, err := s.Classes(t.Context())
	if err != nil || len(classes) != 1 {
		t.Fatalf("%d classes, error %v", len(classes), err)
	}
	book, err := s.Gradebook(t.Context(), classes[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func indent(body []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, body, "", " ") != nil {
		return string(body)
	}
	return out.String()
}

// What a format writes is read back equal, in what it holds, by the same
// decisions as the file of a teacher.
func TestRoundTrip(t *testing.T) {
	for name, h := range held() {
		t.Run(name, func(t *testing.T) {
			format := Formats()[name]
			for seed := range uint64(10) {
				book := hostileBook(rand.New(rand.NewPCG(seed, 6)))
				var file bytes.Buffer
				if err := format.Write(&file, []*grades.Gradebook{book}); err != nil {
					t.Fatal(err)
				}
				title := book.Class.Title
				if h.title {
					title = ""
				}
				got, want := h.describe(openEmptySchool(t).mustImport(t, name, title, file.Bytes())), h.describe(book)
				if got != want {
					t.Fatalf("seed %d: written and read back:\n%s\n%.5000q", seed, firstDifference(got, want), file.Bytes())
				}
			}
		})
	}
}

// What a format writes is known again when nobody says what it is.
func TestRecognizesItsOwn(t *testing.T) {
	for seed := range uint64(10) {
		book := hostileBook(rand.New(rand.NewPCG(seed, 9)))
		for name, format := range Formats() {
			file := []byte(write(t, format, book))
			for other, f := range Formats() {
				if got, want := f.Recognizes(file[:min(len(file), 64<<10)]), other == name; got != want {
					t.Errorf("seed %d: of a file of %s, %s says %v", seed, name, other, got)
				}
			}
		}
	}
}
