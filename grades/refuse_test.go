package grades

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"gradebook/service/web"
)

// Bad input: a problem that says which field and what to do, and nothing has
// changed. The book has the sample class 1, the weighted class 2 and the student
// 6, who is in both; student 7 is in none.
func TestRefuse(t *testing.T) {
	s := openService(t, t.TempDir())
	for _, line := range []struct{ request, body string }{
		{"POST /classes", `{"title":"Weighted","weighting":"weighted","categories":[{"name":"Test","weight":70},{"name":"Lab","weight":30}]}`},
		{"POST /students", `{"firstName":"Ann","lastName":"Both","class":1,"externalID":"x1"}`},
		{"POST /classes/2/students", `{"student":6}`},
		{"POST /students", `{"lastName":"None"}`},
	} {
		if resp, body := s.request(t, line.request, line.body); resp.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %s %s", line.request, resp.Status, body)
		}
	}
	before := s.everything(t)

	long := strings.Repeat("x", 201)
	const grade, cell = "POST /students/1/grades", "PUT /classes/1/grades/6/1"
	for _, c := range []struct {
		request, body string
		status        int
		field, detail string
		headers       []string
	}{
		// malformed, on any route
		{grade, ``, 400, "", "no body", nil},
		{grade, `{`, 400, "", "JSON", nil},
		{grade, `null`, 400, "", "null", nil},
		{grade, `[]`, 400, "body", "must be", nil},
		{grade, `{"title":"T","type":"Quiz","score":1} x`, 400, "", "JSON", nil},
		{grade, `{"title":"T","type":"Quiz","score":1,"Score":2}`, 400, "Score", "twice", nil},
		{grade, `{"title":"T","type":"Quiz","score":1,"points":2}`, 400, "points", "not a field", nil},
		{grade, `{"title":5,"type":"Quiz","score":1}`, 400, "title", "string", nil},
		{grade, "{\"title\":\"\xff\",\"type\":\"Quiz\",\"score\":1}", 400, "", "UTF-8", nil},
		{grade, `{"title":"T"}`, 415, "", "application/json", []string{"Content-Type: application/xml"}},
		{grade, `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "", "1048576", nil},
		{grade, `{"title":"T","type":"Quiz","score":1}`, 400, "Gradebook-Actor", "control", []string{"Gradebook-Actor: a\tb"}},
		{grade, `{"title":"T","type":"Quiz","score":1}`, 400, "Idempotency-Key", "printable", []string{"Idempotency-Key: " + long}},

		// POST /students/{id}/grades
		{grade, `{"title":"T","type":"Quiz"}`, 422, "score", "not given", nil},
		{grade, `{"title":"T","type":"Quiz","score":null}`, 422, "score", "not given", nil},
		{grade, `{"title":"T","type":"Quiz","score":"91"}`, 400, "score", "must be a number, not string", nil},
		{grade, `{"title":"T","type":"Quiz","score":true}`, 400, "score", "must be a number, not bool", nil},
		{grade, `{"title":"T","type":"Quiz","score":NaN}`, 400, "", "JSON", nil},
		{grade, `{"title":"T","type":"Quiz","score":-5}`, 422, "score", "0 or more", nil},
		{grade, `{"title":"T","type":"Quiz","score":1e9}`, 422, "score", "1000000", nil},
		{grade, `{"title":"T","type":"Quiz","score":1.1234567}`, 422, "score", "6 decimals", nil},
		{grade, `{"title":" ","type":"Quiz","score":1}`, 422, "title", "empty", nil},
		{grade, `{"type":"Quiz","score":1}`, 422, "title", "empty", nil},
		{grade, `{"title":"` + long + `","type":"Quiz","score":1}`, 422, "title", "at most 200", nil},
		{grade, `{"title":"a\u0000b","type":"Quiz","score":1}`, 422, "title", "control", nil},
		{grade, `{"title":"a\nb","type":"Quiz","score":1}`, 422, "title", "line break", nil},
		{grade, `{"title":"T","score":1}`, 422, "type", "Quiz, Homework", nil},
		{grade, `{"title":"T","type":"a\u2028b","score":1}`, 422, "type", "line break", nil},
		{"POST /students/6/grades", `{"title":"Quiz 1","type":"Test","score":1,"class":1}`, 422, "type", "category Quiz", nil},
		{grade, `{"title":"Quiz 1","type":"Test","score":1}`, 409, "", "has 85", nil},
		{grade, `{"title":"Quiz 1","type":"Quiz","score":1}`, 409, "", "has 85", nil},
		{grade, `{"title":"T","type":"Quiz","score":1,"class":2}`, 422, "class", "not in it", nil},
		{"POST /students/6/grades", `{"title":"T","type":"Quiz","score":1}`, 422, "class", "1 (Sample class), 2 (Weighted)", nil},
		{"POST /students/6/grades", `{"title":"T","type":"Quiz","score":1,"class":2}`, 422, "type", "Test, Lab", nil},
		{"POST /students/7/grades", `{"title":"T","type":"Quiz","score":1}`, 422, "class", "in none", nil},
		{"POST /students/8/grades", `{"title":"T","type":"Quiz","score":1}`, 404, "", "no student 8", nil},
		{"POST /students/x/grades", `{}`, 404, "", "not the id", nil},

		// paths and methods: never a write
		{"DELETE /students/1/grades", ``, 405, "", "takes POST", nil},
		{"GET /students/1/grades", ``, 405, "", "takes POST", nil},
		{"POST /students/1/anything", `{"title":"T","type":"Quiz","score":1}`, 404, "", "nothing at", nil},
		{"POST /students/1/grades/2", `{"title":"T","type":"Quiz","score":1}`, 404, "", "nothing at", nil},
		{"PUT /students/1", `{}`, 405, "", "takes", nil},
		{"PUT /classes", `{}`, 405, "", "takes", nil},
		{"DELETE /classes/1/grades/1/1", ``, 405, "", "takes", nil},

		// students
		{"GET /students/8", ``, 404, "", "no student 8", nil},
		{"GET /students/01", ``, 404, "", "not the id", nil},
		{"GET /students?limit=0", ``, 400, "limit", "from 1 to 1000", nil},
		{"GET /students?limit=1001", ``, 400, "limit", "from 1 to 1000", nil},
		{"GET /students?cursor=x", ``, 400, "cursor", "whole number", nil},
		{"GET /students?removed=1", ``, 400, "removed", "true or false", nil},
		{"GET /classes?removed=yes", ``, 400, "removed", "true or false", nil},
		{"GET /classes/1/assignments?removed=x", ``, 400, "removed", "true or false", nil},
		{"GET /classes/1/students?removed=x", ``, 400, "removed", "true or false", nil},
		{"GET /students?class=9", ``, 404, "", "no class 9", nil},
		{"POST /students", `{}`, 422, "firstName", "at least one", nil},
		{"POST /students", `{"firstName":"` + long + `"}`, 422, "firstName", "at most 200", nil},
		{"POST /students", `{"firstName":"A","email":"a"}`, 422, "email", "address", nil},
		{"POST /students", `{"firstName":"A","externalID":"x1"}`, 409, "", "student 6", nil},
		{"POST /students", `{"firstName":"A","class":9}`, 422, "class", "no class 9", nil},
		{"POST /students", `{"firstName":"A","id":9}`, 400, "id", "not a field", nil},
		{"PATCH /students/8", `{}`, 404, "", "no student 8", nil},
		{"PATCH /students/1", `{"firstName":"","lastName":" "}`, 422, "firstName", "at least one", nil},
		{"PATCH /students/1", `{"externalID":"x1"}`, 409, "", "student 6", nil},
		{"PATCH /students/1", `{"class":2}`, 422, "class", "/classes/2/students", nil},
		{"DELETE /students/8", ``, 404, "", "no student 8", nil},

		// classes
		{"GET /classes/9", ``, 404, "", "no class 9", nil},
		{"POST /classes", `{}`, 422, "title", "empty", nil},
		{"POST /classes", `{"title":"C","weighting":"both"}`, 422, "weighting", "weighted or points", nil},
		{"POST /classes", `{"title":"C","blankPolicy":"none"}`, 422, "blankPolicy", "zeroAfterDue", nil},
		{"POST /classes", `{"title":"C","missingDeduction":101}`, 422, "missingDeduction", "0 to 100", nil},
		{"POST /classes", `{"title":"C","missingDeduction":0.1234567}`, 422, "missingDeduction", "6 decimals", nil},
		{"POST /classes", `{"title":"C","latePolicy":{"percent":10}}`, 422, "latePolicy.intervalHours", "such as 24", nil},
		{"POST /classes", `{"title":"C","latePolicy":{"percent":-1,"intervalHours":24}}`, 422, "latePolicy.percent", "0 to 100", nil},
		{"POST /classes", `{"title":"C","latePolicy":{"floor":"x"}}`, 400, "latePolicy.floor", "must be a number", nil},
		{"POST /classes", `{"title":"C","categories":[]}`, 422, "categories", "from 1", nil},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","weight":-1}]}`, 422, "categories[0].weight", "0 or more", nil},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","weight":1e7}]}`, 422, "categories[0].weight", "out of range", nil},
		{"POST /classes", `{"title":"C","categories":[{"name":"A"},{"name":" A "}]}`, 422, "categories[1].name", "again", nil},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","dropLowest":-1}]}`, 422, "categories[0].dropLowest", "0 or more", nil},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","dropHighest":0.5}]}`, 400, "categories.dropHighest", "whole number", nil},
		{"POST /classes", `{"title":"C","scale":[{"letter":"B","from":80},{"letter":"A","from":90}]}`, 422, "scale[1].from", "high to low", nil},
		{"POST /classes", `{"title":"C","scale":[{"letter":"B","from":80.123}]}`, 422, "scale[0].from", "2 decimals", nil},
		{"POST /classes", `{"title":"C","scale":[{"letter":"","from":-1}]}`, 422, "scale[0].letter", "empty", nil},
		{"POST /classes", `{"title":"C","scale":[{"letter":"A"}]}`, 422, "scale[0].from", "not a number", nil},
		{"PATCH /classes/9", `{}`, 404, "", "no class 9", nil},
		{"PATCH /classes/1", `{"title":""}`, 422, "title", "empty", nil},
		{"PATCH /classes/1", `{"categories":[{"name":"Quiz"}]}`, 422, "categories", `leaves out "Homework"`, nil},
		{"PATCH /classes/1", `{"revision":1}`, 400, "revision", "not a field", nil},
		{"DELETE /classes/9", ``, 404, "", "no class 9", nil},

		// assignments
		{"GET /classes/9/assignments", ``, 404, "", "no class 9", nil},
		{"POST /classes/1/assignments", `{"title":"N"}`, 422, "category", "Quiz, Homework", nil},
		{"POST /classes/1/assignments", `{"title":"","category":"Quiz"}`, 422, "title", "empty", nil},
		{"POST /classes/1/assignments", `{"title":"Quiz 1","category":"Quiz"}`, 409, "", "assignment 1", nil},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","points":-1}`, 422, "points", "0 or more", nil},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","due":"tomorrow"}`, 422, "due", "such as 2026", nil},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","due":5}`, 400, "due", "string", nil},
		{"POST /classes/9/assignments", `{"title":"N"}`, 404, "", "no class 9", nil},
		{"PATCH /classes/1/assignments/9", `{}`, 404, "", "no assignment 9", nil},
		{"PATCH /classes/2/assignments/1", `{}`, 404, "", "no assignment 1 in class 2", nil},
		{"PATCH /classes/1/assignments/1", `{"title":"Quiz 2"}`, 409, "", "assignment 3", nil},
		{"DELETE /classes/1/assignments/9", ``, 404, "", "no assignment 9", nil},

		// enrollment
		{"POST /classes/1/students", `{"student":8}`, 422, "student", "no student 8", nil},
		{"POST /classes/1/students", `{}`, 422, "student", "no student 0", nil},
		{"POST /classes/9/students", `{"student":1}`, 404, "", "no class 9", nil},
		{"DELETE /classes/1/students/7", ``, 404, "", "no student 7 in class 1", nil},
		{"DELETE /classes/1/students", ``, 405, "", "takes", nil},
		{"GET /classes/9/students", ``, 404, "", "no class 9", nil},
		{"GET /classes/9/gradebook", ``, 404, "", "no class 9", nil},

		// cells
		{cell, `{"score":1}`, 428, "", "If-Match", nil},
		{cell, `{"score":1}`, 412, "", "is empty", []string{`If-Match: "r1"`}},
		{cell, `{"score":1}`, 412, "", "is empty", []string{`If-Match: *`}},
		{cell, `{"score":1}`, 400, "If-Match", "one ETag", []string{`If-Match: "x"`}},
		{cell, `{"score":1}`, 400, "If-Match", "one ETag", []string{`If-Match: "r0"`}},
		{cell, `{"score":1}`, 400, "If-None-Match", "must be *", []string{`If-None-Match: "r1"`}},
		{cell, `{"score":1}`, 400, "If-None-Match", "one of them", []string{`If-None-Match: *`, `If-Match: "r1"`}},
		{"PUT /classes/1/grades/1/1", `{"score":1}`, 412, "", "gradebook has changed the cell to 85", []string{"If-None-Match: *"}},
		{"PUT /classes/1/grades/1/1", `{"score":1}`, 412, "", "changed the cell to 85", []string{`If-Match: "r99"`}},
		{cell, `{"score":-1}`, 422, "score", "0 or more", []string{"If-None-Match: *"}},
		{cell, `{"score":1,"status":"excused"}`, 422, "score", "leave it out", []string{"If-None-Match: *"}},
		{cell, `{"status":"graded"}`, 422, "score", "not given", []string{"If-None-Match: *"}},
		{cell, `{"status":"lost"}`, 422, "status", "graded, excused", []string{"If-None-Match: *"}},
		{cell, `{"score":1,"submitted":"noon"}`, 422, "submitted", "such as", []string{"If-None-Match: *"}},
		{cell, `{"score":1,"comment":"` + strings.Repeat("x", 2001) + `"}`, 422, "comment", "at most 2000", []string{"If-None-Match: *"}},
		{cell, `{"score":1,"revision":1}`, 400, "revision", "not a field", []string{"If-None-Match: *"}},
		{"PUT /classes/2/grades/6/1", `{"score":1}`, 404, "", "no assignment 1 in class 2", []string{"If-None-Match: *"}},
		{"PUT /classes/1/grades/7/1", `{"score":1}`, 404, "", "no student 7 in class 1", []string{"If-None-Match: *"}},
		{"GET /classes/1/grades/6/1", ``, 404, "", "no grade here yet", nil},
		{"POST /classes/1/grades", `{"cells":[]}`, 422, "cells", "empty", nil},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":5},{"student":6,"assignment":2,"score":-5}]}`, 422, "cells[1].score", "0 or more", nil},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":5},{"student":1,"assignment":2,"score":5}]}`, 409, "cells[1].revision", "changed the cell to 94", nil},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":5},{"student":6,"assignment":1,"score":6}]}`, 422, "cells[1].student", "again", nil},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":5},{"student":9,"assignment":1,"score":6}]}`, 422, "cells[1]", "no student 9", nil},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":1e-7}]}`, 422, "cells[0].score", "6 decimals", nil},
		{"POST /classes/9/grades", `{"cells":[{"student":6,"assignment":1,"score":1}]}`, 404, "", "no class 9", nil},

		// files
		{"POST /imports", `x`, 400, "format", "plain", nil},
		{"POST /imports?format=pdf", `x`, 400, "format", "plain", nil},
		{"POST /imports?format=plain", "assignments A/5\n", 422, "title", "class=, or title=", nil},
		{"POST /imports?format=plain&class=9", "assignments A/5\n", 404, "", "no class 9", nil},
		{"POST /imports?format=plain&class=x", "assignments A/5\n", 400, "class", "whole number", nil},
		{"POST /imports?format=plain&class=1&dryRun=maybe", "assignments A/5\n", 400, "dryRun", "true or false", nil},
		{"POST /imports?format=plain&title=N", "assignments A/5\n1,A,B\n", 422, "line 2", "too few", nil},
		{"POST /imports?format=plain&title=N", strings.Repeat("x", 16<<20+1), 413, "", "16777216", nil},
		{"GET /imports", ``, 405, "", "takes POST", nil},
		{"GET /classes/1/export", ``, 400, "format", "plain", nil},
		{"GET /classes/9/export?format=plain", ``, 404, "", "no class 9", nil},
	} {
		resp, body := s.request(t, c.request, c.body, c.headers...)
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
		if c.status == 405 && resp.Header.Get("Allow") == "" {
			t.Errorf("%s: no Allow", name)
		}
	}
	if after := s.everything(t); after != before {
		t.Errorf("something has changed: before\n%s\nafter\n%s", before, after)
	}
}
