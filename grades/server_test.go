package grades

import (
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// service is a grading service behind a real listener, and a client of it.
type service struct {
	*Client
	server *Server
	stop   func()
}

// openService opens the service on a data directory, with the sample class if
// the directory is empty.
func openService(t testing.TB, dir string) *service { return openWith(t, dir, "true") }

func openWith(t testing.TB, dir, sample string) *service {
	t.Helper()
	app, err := Open(map[string]Format{"plain": plainFormat{}})(web.Env{
		Name: "GradingService", DataDir: dir, Logger: slog.New(slog.DiscardHandler),
		Flag: func(string) string { return sample },
	}, telemetry.NewMetrics())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api.Record(app.Routes(), web.LimitBodies(app)))
	s := &service{Client: NewClient(server.Client()), server: app.(*Server)}
	s.base = server.URL
	s.stop = func() {
		s.stop = func() {}
		server.Close()
		s.checkRecords(t)
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(func() { s.stop() })
	return s
}

// checkRecords holds that what the service has written follows from what was
// before: that a restore would take it.
func (s *service) checkRecords(t testing.TB) {
	t.Helper()
	b := new(Book)
	for r, err := range s.server.store.present().Records(1) {
		if err == nil {
			err = b.follows(r)
		}
		if err != nil {
			t.Errorf("record %d: %v", r.Revision, err)
			return
		}
		b.Apply(r.Revision, r.At, r.Record)
	}
}

// request makes a request by hand: "POST /students", headers "Name: value".
func (s *service) request(t testing.TB, line, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	method, path, _ := strings.Cut(line, " ")
	req, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		if name, value, ok := strings.Cut(header, ": "); ok {
			req.Header.Set(name, value)
		}
	}
	resp, err := s.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// everything is all that can be read, to see that nothing has changed.
func (s *service) everything(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	classes, err := s.Classes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range classes {
		book, err := s.Gradebook(t.Context(), class.ID)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(book)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	_, students := s.request(t, "GET /students", "")
	return all.String() + students
}

func TestFlags(t *testing.T) {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	Flags(fs)
	if got := fs.Lookup("sample").DefValue; got != "true" {
		t.Errorf("-sample is %s unless given, want true", got)
	}
}

func TestSample(t *testing.T) {
	s := openService(t, t.TempDir())
	list, next, err := s.Students(t.Context(), StudentQuery{})
	if err != nil || next != "" {
		t.Fatalf("students: next %q, %v", next, err)
	}
	var got []string
	for _, st := range list {
		line := st.Name() + " " + st.Average.String()
		for _, g := range st.Grades {
			line += " " + g.Title + "=" + g.Score.String() + "/" + g.Points.String() + "(" + g.Type + ")"
		}
		got = append(got, line)
	}
	want := []string{
		"Averill Simen 89.00 Quiz 1=85/100(Quiz) Week 1 Homework=94/100(Homework) Quiz 2=88/100(Quiz)",
		"Marge Garrard 96.00 Quiz 1=100/100(Quiz) Week 1 Homework=100/100(Homework) Quiz 2=88/100(Quiz)",
		"Sydnie Barber 47.33 Quiz 1=77/100(Quiz) Week 1 Homework=0/100(Homework) Quiz 2=65/100(Quiz)",
		"Louie Easton 88.33 Quiz 1=88/100(Quiz) Week 1 Homework=93/100(Homework) Quiz 2=84/100(Quiz)",
		"Kylee Attwood 97.33 Quiz 1=95/100(Quiz) Week 1 Homework=100/100(Homework) Quiz 2=97/100(Quiz)",
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	_, body := s.request(t, "GET /students/3", "")
	wantBody := `{"id":3,"firstName":"Sydnie","lastName":"Barber","classes":[1],"grades":[` +
		`{"title":"Quiz 1","type":"Quiz","score":77,"points":100,"class":1,"assignment":1,"status":"graded","revision":1},` +
		`{"title":"Week 1 Homework","type":"Homework","score":0,"points":100,"class":1,"assignment":2,"status":"graded","revision":1},` +
		`{"title":"Quiz 2","type":"Quiz","score":65,"points":100,"class":1,"assignment":3,"status":"graded","revision":1}],` +
		`"average":47.33,"totals":[{"class":1,"title":"Sample class","current":{"percent":47.33,"letter":"F"},"final":{"percent":47.33,"letter":"F"}}]}`
	if body != wantBody {
		t.Errorf("got  %s\nwant %s", body, wantBody)
	}
}

func TestWithoutSample(t *testing.T) {
	s := openWith(t, t.TempDir(), "false")
	if _, body := s.request(t, "GET /students", ""); body != "[]\n" {
		t.Errorf("students are %s, want []", body)
	}
	if _, body := s.request(t, "GET /classes", ""); body != "[]" && body != "[]\n" {
		t.Errorf("classes are %s, want []", body)
	}
}

// What the clients of the earlier demo send must keep being answered.
func TestOldClient(t *testing.T) {
	s := openService(t, t.TempDir())
	resp, body := s.request(t, "POST /students/1/grades", `{"Title":"T1","Type":"Test","Score":91.5}`)
	if resp.StatusCode != http.StatusCreated || resp.Header.Get("Location") != "/classes/1/grades/1/4" {
		t.Fatalf("%s, Location %q: %s", resp.Status, resp.Header.Get("Location"), body)
	}
	if want := `{"title":"T1","type":"Test","score":91.5,"points":100,"class":1,"assignment":4,"status":"graded","revision":2}` + "\n"; body != want {
		t.Errorf("got %s, want %s", body, want)
	}
	resp, body = s.request(t, "POST /students/1/grades", `{"Title":"T1","Type":"Test","Score":50}`)
	if resp.StatusCode != http.StatusConflict || !strings.Contains(body, `"score":91.5`) {
		t.Errorf("again: %s %s, want 409 with the present score", resp.Status, body)
	}
	class, err := s.Gradebook(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := class.Class.Categories[2]; got != (Category{Name: "Test"}) {
		t.Errorf("category made for it is %+v, want Test without weight", got)
	}
	resp, _ = s.request(t, "GET "+resp.Request.URL.Path[:11], "")
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the student: %s", resp.Status)
	}
}
