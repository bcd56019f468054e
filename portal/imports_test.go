package portal

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"gradebook/grades"
	"gradebook/service/web"
)

// upload posts a file as the form does; without a name, none was chosen.
func (f *fakes) upload(t *testing.T, path, title, name string, content []byte) (int, string) {
	t.Helper()
	status, _, text := f.uploadTo(t, path, title, name, content)
	return status, text
}

func (f *fakes) uploadTo(t *testing.T, path, title, name string, content []byte) (int, http.Header, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("Title", title)
	if name != "" {
		part, err := m.CreateFormFile("File", name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(content)
	}
	m.Close()
	return f.do(t, http.MethodPost, path, m.FormDataContentType(), &b)
}

// A file is sent on as it is, and its page says what it would do.
func TestImport(t *testing.T) {
	f := open(t, sampleSchool())
	content := []byte("Student,ID,Section\n" + strings.Repeat("x", 2<<20)) // over the server's own limit
	for path, query := range map[string]string{"/import": "", "/classes/1/import": "class=1&"} {
		status, header, text := f.uploadTo(t, path, " Chem 2 ", "<b>.csv", content)
		if status != http.StatusSeeOther || header.Get("Location") != "/imports/proposed" {
			t.Fatalf("%s: got %d, %v:\n%s", path, status, header, text)
		}
		last, want := len(f.requests)-1, query+"dryRun=true&format=auto&name=%3Cb%3E.csv&title=Chem+2"
		if got := f.requests[last].URL.RawQuery; got != want || f.bodies[last] != string(content) {
			t.Errorf("grading got %q and %d bytes, want %q and %d", got, len(f.bodies[last]), want, len(content))
		}
	}
}

func TestRefusedImport(t *testing.T) {
	for _, c := range []struct {
		what, name string
		size       int
		refusal    error
		status     int
		texts      []string
	}{
		{"no file", "", 0, nil, 422, []string{"Choose a file first, or paste rows."}},
		{"too large", "a.csv", 9, web.NewProblem(413, "the file has 135000000 bytes"), 413, []string{"The file has 135000000 bytes."}},
		{"unknown", "a.csv", 9, &grades.InvalidError{Faults: []grades.Fault{{Field: "format", Detail: "is not given"}}}, 422, []string{"a.csv</bdi> is not imported, and nothing was changed.", "is not given"}},
		{"gone", "a.csv", 9, &grades.NotFoundError{What: "class 1"}, 404, []string{"There is no class 1."}},
		{"archived", "a.csv", 9, &grades.ConflictError{Detail: "PATCH it", Current: grades.Class{Title: "Old", Archived: true}}, 409, []string{"Old is archived, and nothing in it changes."}},
		{"full disk", "a.csv", 9, web.NewProblem(507, "the disk is full"), 503, []string{"The disk is full."}},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := sampleSchool()
			s.refusal = c.refusal
			f := open(t, s)
			for _, path := range []string{"/classes/1/import", "/import"} {
				status, text := f.upload(t, path, "Mine", c.name, make([]byte, c.size))
				if status != c.status {
					t.Errorf("%s: got %d, want %d", path, status, c.status)
				}
				for _, want := range c.texts {
					if !strings.Contains(text, want) {
						t.Errorf("%s: the page lacks %q:\n%s", path, want, text)
					}
				}
				readHTML(t, text)
			}
		})
	}
}

func TestUnreadableForms(t *testing.T) {
	f := open(t, sampleSchool())
	for _, c := range []struct {
		path, mediaType, body string
		status                int
	}{
		{"/import", "application/x-www-form-urlencoded", "a=b", 400},
		{"/import", "multipart/form-data; boundary=x", "--x\r\nbroken", 400},
		{"/students/1/grades", "application/x-www-form-urlencoded", "Title=%zz", 400},
		{"/students/1/grades", "application/x-www-form-urlencoded", "Title=" + strings.Repeat("a", 2<<20), 413},
	} {
		status, _, text := f.do(t, http.MethodPost, c.path, c.mediaType, strings.NewReader(c.body))
		if status != c.status {
			t.Errorf("POST %s %.20q: got %d, want %d", c.path, c.body, status, c.status)
		}
		readHTML(t, text)
	}
	if len(f.requests) != 0 {
		t.Error("something was sent on")
	}
}
