package portal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradebook/grades"
	"gradebook/service/web"
)

func gradePost(title, kind, score string) url.Values {
	return url.Values{"Title": {title}, "Type": {kind}, "Score": {score}}
}

// TestAddGrade posts the form as earlier versions and as this one have it.
func TestAddGrade(t *testing.T) {
	f := open(t, sampleSchool())
	keyed := gradePost("T1", "Test", " 91,5 ")
	keyed.Set("Key", "k")
	other := gradePost("T2", "Test", "91.5")
	other.Set("Key", "k")
	for _, form := range []url.Values{gradePost("T1", "Test", "91.5"), keyed, keyed, other} {
		status, header, _ := f.post(t, "/students/1/grades", form)
		if got, want := header.Get("Location"), "/students/1?saved=3"; status != http.StatusSeeOther || got != want {
			t.Fatalf("%v: got %d to %q, want 303 to %q", form, status, got, want)
		}
	}
	if got, want := f.bodies[1], `{"title":"T1","type":"Test","score":91.5}`; got != want {
		t.Errorf("grading got %s, want %s", got, want)
	}
	keys := make([]string, len(f.requests))
	for i, r := range f.requests {
		keys[i] = r.Header.Get("Idempotency-Key")
		if got := r.Header.Get("Gradebook-Actor"); got != actor {
			t.Errorf("got actor %q, want %q", got, actor)
		}
	}
	if keys[0] != "" || keys[1] == "" || keys[2] != keys[1] || keys[3] == keys[1] {
		t.Errorf("got keys %q: want none, one, the same, another", keys)
	}
}

// TestRefusedGrade shows the form again, with what was typed and what is wrong.
func TestRefusedGrade(t *testing.T) {
	invalid := func(field, detail string) error {
		return &grades.InvalidError{Faults: []grades.Fault{{Field: field, Detail: detail}}}
	}
	for _, c := range []struct {
		title, score string
		refusal      error
		status       int
		field        string // marked as wrong
		reason       string
	}{
		{"T1", "abc", nil, 422, "score", "&#34;abc&#34; is not a number: give one such as 91.5."},
		{"T1", "1e9", nil, 422, "score", "1e9 is out of range"},
		{"T1", "1,234", nil, 422, "score", "Write 1234 or 1.234."},
		{"T1", "", nil, 422, "score", "Give a score"},
		{"T1", "0.1234567", nil, 422, "score", "more than 6 decimals"},
		{" ", "50", nil, 422, "title", "Give the grade a title"},
		{"T1", "-5", invalid("score", "is -5; give 0 or more"), 422, "score", "Score is -5; give 0 or more."},
		{"T1", "50", invalid("type", "is unknown"), 422, "type", "Type is unknown."},
		{"T1", "50", invalid("weight", "is odd"), 422, "", "Weight is odd."},
		{"T1", "50", &grades.KeyReusedError{Key: "k"}, 422, "", "was used for another request; use a new key."},
		{"T1", "50", &grades.ConflictError{Current: grades.Grade{Score: ptr(grades.Points(85)), Status: grades.Graded}}, 409, "title", "T1 has the score 85 already, which stays."},
		{"T1", "50", &grades.ConflictError{Current: grades.Grade{Status: grades.Excused}}, 409, "title", "T1 has a grade already, which stays."},
		{"T1", "50", &grades.ConflictError{Detail: "PATCH it", Current: grades.Class{Title: "Old", Archived: true}}, 409, "", "Old is archived, and nothing in it changes."},
		{"T1", "50", web.NewProblem(413, "too large"), 422, "", "Too large."},
	} {
		t.Run(c.title+" "+c.score+" "+c.reason, func(t *testing.T) {
			s := sampleSchool()
			s.refusal = c.refusal
			f := open(t, s)
			status, _, text := f.post(t, "/students/1/grades", gradePost(c.title, "Homework", c.score))
			if status != c.status {
				t.Errorf("got %d, want %d", status, c.status)
			}
			for _, want := range []string{
				c.reason, "The grade is not saved.", `value="` + c.title + `"`, `value="` + c.score + `"`, "<option selected>Homework</option>", "Averill Simen",
			} {
				if !strings.Contains(text, want) {
					t.Errorf("the page lacks %q:\n%s", want, text)
				}
			}
			if c.field != "" && (!strings.Contains(text, `aria-describedby="`+c.field+`-error"`) || !strings.Contains(text, `href="#`+c.field+`"`)) {
				t.Errorf("the field %s is not marked:\n%s", c.field, text)
			}
			if marks := strings.Count(text, "aria-invalid"); marks > 1 || (marks == 1) != (c.field != "") {
				t.Errorf("%d fields are marked", marks)
			}
			readHTML(t, text)
		})
	}
}

// TestGradeElsewhere has no page to come back to.
func TestGradeElsewhere(t *testing.T) {
	s := sampleSchool()
	s.refusal = &grades.NotFoundError{What: "student 77"}
	f := open(t, s)
	for path, want := range map[string]int{
		"/students/77/grades":    http.StatusNotFound,
		"/students/x/grades":     http.StatusNotFound,
		"/students/1/grades/2":   http.StatusNotFound,
		"/students/1/teapots":    http.StatusNotFound,
		"/students/1":            http.StatusMethodNotAllowed,
		"/classes/1/gradebook":   http.StatusNotFound,
		"/classes/1":             http.StatusMethodNotAllowed,
		"/api/unknown/students":  http.StatusNotFound,
		"/students/1/grades?a=b": http.StatusBadRequest,
	} {
		if status, _, _ := f.post(t, path, gradePost("T", "Test", "5")); status != want {
			t.Errorf("POST %s: got %d, want %d", path, status, want)
		}
	}
}

// TestSeveralClasses asks which class a grade is for.
func TestSeveralClasses(t *testing.T) {
	s := sampleSchool()
	s.students[0].Totals = append(s.students[0].Totals, grades.ClassTotals{Class: 2, Title: "Chemistry"})
	f := open(t, s)
	form := gradePost("T1", "Test", "x")
	form.Set("Class", "2")
	_, _, text := f.post(t, "/students/1/grades", form)
	for _, want := range []string{`<option value="2" selected>Chemistry</option>`, "Average of all classes 89.00"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	form.Set("Score", "5")
	f.post(t, "/students/1/grades", form)
	if got, want := f.bodies[0], `{"title":"T1","type":"Test","score":5,"class":2}`; got != want {
		t.Errorf("grading got %s, want %s", got, want)
	}
}

// TestGradeKept keeps what was typed while grading is away, right or wrong.
func TestGradeKept(t *testing.T) {
	f := open(t, sampleSchool(), gradingService)
	for _, score := range []string{"33", "abc"} {
		form := gradePost("Oral exam", "Test", score)
		form.Set("Key", "mine")
		status, header, text := f.post(t, "/students/1/grades", form)
		if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
			t.Errorf("got %d, want 503 with Retry-After", status)
		}
		for _, want := range []string{"GradingService is away.", "10:42:07", `value="Oral exam"`, `value="` + score + `"`, `value="mine"`, "<option selected>Test</option>", "b7c1e04f"} {
			if !strings.Contains(text, want) {
				t.Errorf("the page lacks %q:\n%s", want, text)
			}
		}
		readHTML(t, text)
	}
	if _, _, text := f.post(t, "/students/1/grades", gradePost("A", "Test", "1")); strings.Contains(text, `name="Key" value=""`) {
		t.Error("the kept form has no key")
	}
}

func TestReadScore(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"91.5", "91.5"}, {"91,5", "91.5"}, {" 7 ", "7"}, {"0,125", "0.125"}, {"-0,125", "-0.125"}, {"12,34", "12.34"},
		{"1,2345", "1.2345"}, {"1,234", "two ways"}, {"1,234.56", "not a number"}, {"1.234,5", "not a number"}, {"1,2,3", "not a number"},
		{"", "Give a score"}, {"NaN", "not a number"}, {"٣", "not a number"}, {"50%", "not a number"}, {",", "not a number"},
	} {
		score, problem := readScore(c.text)
		if problem == "" && score.String() != c.want || problem != "" && !strings.Contains(problem, c.want) {
			t.Errorf("readScore(%q) = %v, %q, want %s", c.text, score, problem, c.want)
		}
	}
}
