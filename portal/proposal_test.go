package portal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gradebook/grades"
)

// What the buttons of an import's page have done.
func TestProposalActions(t *testing.T) {
	for _, c := range []struct {
		path   string
		form   url.Values
		status int
		to     string // where it leads
		asked  string // of grading, at last; "" for nothing
	}{
		{"/imports/proposed/apply", url.Values{"What": {"all"}, "Row": {"1"}}, 303, "/imports/proposed", "POST /imports/proposed/apply {}"},
		{"/imports/proposed/apply", url.Values{"What": {"chosen"}, "Row": {"1", "3"}}, 303, "/imports/proposed", `POST /imports/proposed/apply {"rows":[1,3]}`},
		{"/imports/proposed/apply", url.Values{"What": {"chosen"}}, 422, "", ""},
		{"/imports/proposed/apply", url.Values{"What": {"chosen"}, "Row": {"x"}}, 422, "", ""},
		{"/imports/proposed", url.Values{"Blanks": {"clear"}}, 303, "/imports/proposed", `PATCH /imports/proposed {"blanks":"clear"}`},
		{"/imports/asks", url.Values{"Column": {"A", "B"}, "Meaning": {"id", "ignore"}, "Dates": {"dmy"}, "Title": {" Art "}}, 303, "/imports/asks", `PATCH /imports/asks {"title":"Art","columns":{"A":"id","B":"ignore"},"dates":"dmy"}`},
		{"/imports/asks", url.Values{"Class": {"x"}}, 422, "", ""},
		{"/imports/proposed", nil, 303, "/imports/proposed", "PATCH /imports/proposed {}"},
		{"/imports/applied/undo", nil, 303, "/imports/applied?undone=true", `POST /classes/1/undo {"revision":7,"overwrite":false}`},
		{"/imports/proposed/undo", nil, 409, "", ""},
		{"/imports/refused/remove", nil, 303, "/import", "DELETE /imports/refused "},
		{"/imports/gone/undo", nil, 404, "", ""},
	} {
		f := open(t, sampleSchool())
		status, header, text := f.post(t, c.path, c.form)
		asked := ""
		if n := len(f.requests); n > 0 {
			asked = f.requests[n-1].Method + " " + f.requests[n-1].URL.Path + " " + f.bodies[n-1]
		}
		if status != c.status || header.Get("Location") != c.to || asked != c.asked {
			t.Errorf("%s %v: got %d, %q, %s, want %d, %q, %s\n%s", c.path, c.form, status, header.Get("Location"), asked, c.status, c.to, c.asked, text)
		}
		if status != http.StatusSeeOther {
			readHTML(t, text)
		}
	}
}

// An import that cannot be applied any more says what has moved.
func TestProposalMoved(t *testing.T) {
	s := sampleSchool()
	s.refusal = &grades.ConflictError{Detail: "1 thing is not as the proposal showed", Faults: []grades.Fault{{Field: "line 3, Quiz", Detail: hostile + " has changed the cell to 7"}}}
	f := open(t, s)
	status, _, text := f.post(t, "/imports/proposed/apply", url.Values{"What": {"all"}})
	if status != http.StatusConflict {
		t.Errorf("got %d", status)
	}
	for _, want := range []string{"Nothing was changed.", "1 thing is not as the proposal showed.", "line 3, Quiz", "Read the file again", "has changed the cell to 7"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	readHTML(t, text)
}

// What was forgotten meanwhile, or applied by somebody else.
func TestProposalGone(t *testing.T) {
	for path, refusal := range map[string]error{
		"/imports/proposed/apply":  &grades.NotFoundError{What: "import proposed"},
		"/imports/proposed/remove": &grades.NotFoundError{What: "import proposed"},
		"/imports/proposed":        &grades.NotFoundError{What: "import proposed"},
		"/imports/asks":            &grades.ConflictError{Detail: "import asks was applied before, as change 7"},
	} {
		s := sampleSchool()
		s.refusal = refusal
		want := http.StatusNotFound
		if strings.HasSuffix(path, "asks") {
			want = http.StatusConflict
		}
		status, _, text := open(t, s).post(t, path, nil)
		if status != want {
			t.Errorf("%s: got %d, want %d", path, status, want)
		}
		readHTML(t, text)
	}
}
