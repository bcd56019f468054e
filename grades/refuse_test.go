package grades

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gradebook/service/web"
)

// refusal is a request that is not to be granted, and what it is answered: the
// status, the first field that is wrong, "" for none, and a part of what is said
// of it. header is lines of "Name: value".
type refusal struct {
	request, body         string
	status                int
	field, detail, header string
}

// openSchool opens a service with the sample class 1, the weighted class 2, the
// archived class 3, the student 6, who is in 1 and 2, and student 7, who is in
// none.
func openSchool(t testing.TB) *service {
	t.Helper()
	s := openService(t, t.TempDir())
	for _, line := range []struct{ request, body string }{
		{"POST /classes", `{"title":"Weighted","weighting":"weighted","categories":[{"name":"Test","weight":70},{"name":"Lab","weight":30}]}`},
		{"POST /students", `{"firstName":"Ann","lastName":"Both","class":1,"externalID":"x1"}`},
		{"POST /classes/2/students", `{"student":6}`},
		{"POST /students", `{"lastName":"None"}`},
		{"POST /classes", `{"title":"Archive","archived":true}`},
	} {
		if resp, body := s.request(t, line.request, line.body); resp.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %s %s", line.request, resp.Status, body)
		}
	}
	return s
}

// refuses makes requests that are all refused: with a problem that says which
// field is wrong and what to do, and without a trace in the book or on disk.
func (s *service) refuses(t *testing.T, list []refusal) {
	t.Helper()
	before := s.whole(t)
	for _, c := range list {
		resp, body := s.request(t, c.request, c.body, strings.Split(c.header, "\n")...)
		name := c.request + " " + c.body[:min(len(c.body), 100)]
		var p web.Problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s is no problem: %v", name, body, err)
			continue
		}
		field, detail := "", p.Detail
		if len(p.Errors) > 0 {
			field, detail = p.Errors[0].Field, p.Errors[0].Detail
		}
		if resp.StatusCode != c.status || field != c.field || !strings.Contains(detail, c.detail) {
			t.Errorf("%s: %d, field %q, %s; want %d, %q, …%s…", name, resp.StatusCode, field, detail, c.status, c.field, c.detail)
		}
		if c.status == http.StatusMethodNotAllowed && resp.Header.Get("Allow") == "" {
			t.Errorf("%s: no Allow", name)
		}
	}
	if after := s.whole(t); after != before {
		t.Errorf("something has changed: before\n%s\nafter\n%s", before, after)
	}
}

// whole is everything, what was removed too, and the revision of the book.
func (s *service) whole(t testing.TB) string {
	t.Helper()
	all := []string{fmt.Sprint("revision ", s.server.store.Revision()), s.everything(t)}
	paths := []string{"/classes?removed=true", "/students?removed=true"}
	classes, err := s.Classes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range classes {
		path := fmt.Sprint("/classes/", c.ID)
		paths = append(paths, path+"/assignments?removed=true", path+"/students?removed=true", path+"/history")
	}
	for _, path := range paths {
		_, body := s.request(t, "GET "+path, "")
		all = append(all, body)
	}
	return strings.Join(all, "\n")
}

func TestRefuseBodies(t *testing.T) {
	const grade = "POST /students/1/grades"
	openSchool(t).refuses(t, []refusal{
		{grade, ``, 400, "", "no body", ""},
		{grade, `{`, 400, "", "JSON", ""},
		{grade, `null`, 400, "", "null", ""},
		{grade, `[]`, 400, "body", "must be", ""},
		{grade, `{"title":"T","type":"Quiz","score":1} x`, 400, "", "JSON", ""},
		{grade, `{"title":"T","type":"Quiz","score":1,"Score":2}`, 400, "Score", "twice", ""},
		{grade, `{"title":"T","type":"Quiz","score":1,"points":2}`, 400, "points", "not a field", ""},
		{grade, `{"title":5,"type":"Quiz","score":1}`, 400, "title", "string", ""},
		{grade, "{\"title\":\"\xff\",\"type\":\"Quiz\",\"score\":1}", 400, "", "UTF-8", ""},
		{grade, `{"title":"T"}`, 415, "", "application/json", "Content-Type: application/xml"},
		{grade, `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "", "1048576", ""},
		{grade, `{"title":"T","type":"Quiz","score":1}`, 400, "Gradebook-Actor", "control", "Gradebook-Actor: a\tb"},
		{grade, `{"title":"T","type":"Quiz","score":1}`, 400, "Idempotency-Key", "printable", "Idempotency-Key: " + strings.Repeat("x", 201)},
		{grade, strings.Repeat(`{"title":`, 33) + "1" + strings.Repeat("}", 33), 400, "", "over 32 levels; send a flatter one", ""},
		{grade, `{"title":"T"`, 400, "", "JSON", ""},
		{grade, `"T"`, 400, "body", "must be an object, not string", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","NAME":"B"}]}`, 400, "NAME", "twice (letter case does not count); send it once", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","drop":1}]}`, 400, "drop", "not a field", ""},
		{"POST /classes", `{"title":"C","categories":{"name":"A"}}`, 400, "categories", "must be an array", ""},
		{"POST /classes", `{"title":"C","archived":"no"}`, 400, "archived", "must be true or false", ""},
		{"POST /students", `{"firstName":"A","class":1.5}`, 400, "class", "must be a whole number", ""},
		{"POST /students", `{"firstName":"A","class":99999999999999999999}`, 400, "class", "must be a whole number", ""},
		{"PATCH /students/1", ``, 400, "", "send a JSON object", ""},
		{"PUT /classes/1/grades/6/1", `{`, 400, "", "JSON", "If-None-Match: *"},
		{"POST /classes/1/grades", `[]`, 400, "body", "must be an object", ""},
		{"POST /classes/1/students", `student=1`, 400, "", "JSON", "Content-Type: application/x-www-form-urlencoded"},
		{"POST /classes/1/students", `--x`, 415, "", "application/json", "Content-Type: multipart/form-data; boundary=x"},
	})
}

// No address or method that there is not writes anything.
func TestRefuseAddresses(t *testing.T) {
	openSchool(t).refuses(t, []refusal{
		{"DELETE /students/1/grades", ``, 405, "", "takes POST", ""},
		{"GET /students/1/grades", ``, 405, "", "takes POST", ""},
		{"POST /students/1/anything", `{"title":"T","type":"Quiz","score":1}`, 404, "", "nothing at", ""},
		{"POST /students/1/grades/2", `{"title":"T","type":"Quiz","score":1}`, 404, "", "nothing at", ""},
		{"PUT /students/1", `{}`, 405, "", "takes", ""},
		{"PUT /classes", `{}`, 405, "", "takes", ""},
		{"DELETE /classes/1/grades/1/1", ``, 405, "", "takes", ""},
		{"POST /classes/-1/assignments", `{"title":"N"}`, 404, "", "whole numbers from 1", ""},
		{"POST /classes/99999999999999999999/assignments", `{"title":"N"}`, 404, "", "whole numbers from 1", ""},
		{"PUT /classes/1/grades/6/x", `{"score":1}`, 404, "", "not the id of any assignment", "If-None-Match: *"},
	})
}

func TestRefuseStudents(t *testing.T) {
	long := strings.Repeat("x", 201)
	openSchool(t).refuses(t, []refusal{
		{"GET /students/8", ``, 404, "", "no student 8", ""},
		{"GET /students/01", ``, 404, "", "not the id", ""},
		{"GET /students?limit=0", ``, 400, "limit", "from 1 to 1000", ""},
		{"GET /students?limit=1001", ``, 400, "limit", "from 1 to 1000", ""},
		{"GET /students?cursor=x", ``, 400, "cursor", "whole number", ""},
		{"GET /students?removed=1", ``, 400, "removed", "true or false", ""},
		{"GET /classes?removed=yes", ``, 400, "removed", "true or false", ""},
		{"GET /classes/1/assignments?removed=x", ``, 400, "removed", "true or false", ""},
		{"GET /classes/1/students?removed=x", ``, 400, "removed", "true or false", ""},
		{"GET /students?class=9", ``, 404, "", "no class 9", ""},
		{"POST /students", `{}`, 422, "firstName", "at least one", ""},
		{"POST /students", `{"firstName":"` + long + `"}`, 422, "firstName", "at most 200", ""},
		{"POST /students", `{"firstName":"A","email":"a"}`, 422, "email", "address", ""},
		{"POST /students", `{"firstName":"A","externalID":"x1"}`, 409, "", "student 6", ""},
		{"POST /students", `{"firstName":"A","class":9}`, 422, "class", "no class 9", ""},
		{"POST /students", `{"firstName":"A","id":9}`, 400, "id", "not a field", ""},
		{"PATCH /students/8", `{}`, 404, "", "no student 8", ""},
		{"PATCH /students/1", `{"firstName":"","lastName":" "}`, 422, "firstName", "at least one", ""},
		{"PATCH /students/1", `{"externalID":"x1"}`, 409, "", "student 6", ""},
		{"PATCH /students/1", `{"class":2}`, 422, "class", "/classes/2/students", ""},
		{"DELETE /students/8", ``, 404, "", "no student 8", ""},
		{"POST /students", `{"firstName":"A","class":3}`, 409, "", `with {"archived": false} first`, ""},

		// in a class
		{"POST /classes/1/students", `{"student":8}`, 422, "student", "no student 8", ""},
		{"POST /classes/1/students", `{}`, 422, "student", "no student 0", ""},
		{"POST /classes/9/students", `{"student":1}`, 404, "", "no class 9", ""},
		{"DELETE /classes/1/students/7", ``, 404, "", "no student 7 in class 1", ""},
		{"DELETE /classes/1/students", ``, 405, "", "takes", ""},
		{"GET /classes/9/students", ``, 404, "", "no class 9", ""},
		{"GET /classes/9/gradebook", ``, 404, "", "no class 9", ""},
		{"POST /classes/3/students", `{"student":1}`, 409, "", `with {"archived": false} first`, ""},
	})
}
