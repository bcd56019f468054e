package grades

import (
	"net/http"
	"strings"
	"testing"
)

func TestRefuseGrades(t *testing.T) {
	long := strings.Repeat("x", 201)
	const grade = "POST /students/1/grades"
	openSchool(t).refuses(t, []refusal{
		{grade, `{"title":"T","type":"Quiz"}`, 422, "score", "not given", ""},
		{grade, `{"title":"T","type":"Quiz","score":null}`, 422, "score", "not given", ""},
		{grade, `{"title":"T","type":"Quiz","score":"91"}`, 400, "score", "must be a number, not string", ""},
		{grade, `{"title":"T","type":"Quiz","score":true}`, 400, "score", "must be a number, not bool", ""},
		{grade, `{"title":"T","type":"Quiz","score":NaN}`, 400, "", "JSON", ""},
		{grade, `{"title":"T","type":"Quiz","score":-5}`, 422, "score", "0 or more", ""},
		{grade, `{"title":"T","type":"Quiz","score":1e9}`, 422, "score", "1000000", ""},
		{grade, `{"title":"T","type":"Quiz","score":1.1234567}`, 422, "score", "6 decimals", ""},
		{grade, `{"title":" ","type":"Quiz","score":1}`, 422, "title", "empty", ""},
		{grade, `{"type":"Quiz","score":1}`, 422, "title", "empty", ""},
		{grade, `{"title":"` + long + `","type":"Quiz","score":1}`, 422, "title", "at most 200", ""},
		{grade, `{"title":"a\u0000b","type":"Quiz","score":1}`, 422, "title", "control", ""},
		{grade, `{"title":"a\nb","type":"Quiz","score":1}`, 422, "title", "line break", ""},
		{grade, `{"title":"T","score":1}`, 422, "type", "Quiz, Homework", ""},
		{grade, `{"title":"T","type":"a\u2028b","score":1}`, 422, "type", "line break", ""},
		{"POST /students/6/grades", `{"title":"Quiz 1","type":"Test","score":1,"class":1}`, 422, "type", "category Quiz", ""},
		{grade, `{"title":"Quiz 1","type":"Test","score":1}`, 409, "", "has 85", ""},
		{grade, `{"title":"Quiz 1","type":"Quiz","score":1}`, 409, "", "has 85", ""},
		{grade, `{"title":"T","type":"Quiz","score":1,"class":2}`, 422, "class", "not in it", ""},
		{"POST /students/6/grades", `{"title":"T","type":"Quiz","score":1}`, 422, "class", "1 (Sample class), 2 (Weighted)", ""},
		{"POST /students/6/grades", `{"title":"T","type":"Quiz","score":1,"class":2}`, 422, "type", "Test, Lab", ""},
		{"POST /students/7/grades", `{"title":"T","type":"Quiz","score":1}`, 422, "class", "in none", ""},
		{"POST /students/8/grades", `{"title":"T","type":"Quiz","score":1}`, 404, "", "no student 8", ""},
		{"POST /students/x/grades", `{}`, 404, "", "not the id", ""},
		{grade, `{"title":"T","type":"Quiz","score":-1000001}`, 422, "score", "from -1000000 to 1000000", ""},
		{grade, `{"title":"T","type":"Quiz","score":1000000.000001}`, 422, "score", "from -1000000 to 1000000", ""},
		{grade, `{"title":"T","type":"Quiz","score":1,"class":-1}`, 422, "class", "enroll the student first", ""},
	})
}

func TestRefuseCells(t *testing.T) {
	const cell, empty = "PUT /classes/1/grades/6/1", "If-None-Match: *"
	openSchool(t).refuses(t, []refusal{
		{cell, `{"score":1}`, 428, "", "If-Match", ""},
		{cell, `{"score":1}`, 412, "", "is empty", `If-Match: "r1"`},
		{cell, `{"score":1}`, 412, "", "is empty", `If-Match: *`},
		{cell, `{"score":1}`, 400, "If-Match", "one ETag", `If-Match: "x"`},
		{cell, `{"score":1}`, 400, "If-Match", "one ETag", `If-Match: "r0"`},
		{cell, `{"score":1}`, 400, "If-None-Match", "must be *", `If-None-Match: "r1"`},
		{cell, `{"score":1}`, 400, "If-None-Match", "one of them", `If-None-Match: *` + "\n" + `If-Match: "r1"`},
		{"PUT /classes/1/grades/1/1", `{"score":1}`, 412, "", "gradebook has changed the cell to 85", "If-None-Match: *"},
		{"PUT /classes/1/grades/1/1", `{"score":1}`, 412, "", "changed the cell to 85", `If-Match: "r99"`},
		{cell, `{"score":-1}`, 422, "score", "0 or more", "If-None-Match: *"},
		{cell, `{"score":1,"status":"excused"}`, 422, "score", "leave it out", "If-None-Match: *"},
		{cell, `{"status":"graded"}`, 422, "score", "not given", "If-None-Match: *"},
		{cell, `{"status":"lost"}`, 422, "status", "graded, excused", "If-None-Match: *"},
		{cell, `{"score":1,"submitted":"noon"}`, 422, "submitted", "such as", "If-None-Match: *"},
		{cell, `{"score":1,"comment":"` + strings.Repeat("x", 2001) + `"}`, 422, "comment", "at most 2000", "If-None-Match: *"},
		{cell, `{"score":1,"revision":1}`, 400, "revision", "not a field", "If-None-Match: *"},
		{"PUT /classes/2/grades/6/1", `{"score":1}`, 404, "", "no assignment 1 in class 2", "If-None-Match: *"},
		{"PUT /classes/1/grades/7/1", `{"score":1}`, 404, "", "no student 7 in class 1", "If-None-Match: *"},
		{"GET /classes/1/grades/6/1", ``, 404, "", "no grade here yet", ""},
		{cell, `{"score":0.1234567}`, 422, "score", "round it to 6 or fewer", empty},
		{cell, `{"score":1e6,"status":"missing"}`, 422, "score", "is given for an item that is missing; leave it out", empty},
		{cell, `{"score":0,"status":"unassigned"}`, 422, "score", "give status graded", empty},
		{cell, `{"score":1000001}`, 422, "score", "from -1000000 to 1000000", empty},
		{cell, `{"score":"A"}`, 400, "score", "must be a number", empty},
		{cell, `{"score":1,"submitted":"2026-13-01T00:00:00Z"}`, 422, "submitted", "give one such as", empty},
		{cell, `{"score":1,"comment":"a\u0007"}`, 422, "comment", "leave it out", empty},
		{"PUT /classes/1/grades/1/1", `{"score":1}`, 412, "", "read it again and decide", `If-Match: "r2"`},
		{"PUT /classes/1/grades/1/1", `{"score":1}`, 400, "If-Match", "one ETag", `If-Match: "r1", "r2"`},
		{"PUT /classes/1/grades/1/1", `{"score":1}`, 400, "If-Match", "one ETag", `If-Match: W/"r1"`},
		{"PUT /classes/1/grades/6/9", `{"score":1}`, 404, "", "no assignment 9 in class 1", empty},
		{"PUT /classes/2/grades/6/1", `{"score":1}`, 404, "", "it is in class 1", empty},
		{"PUT /classes/1/grades/7/1", `{"score":1}`, 404, "", "enroll the student first", empty},
	})
}

func TestRefuseBatches(t *testing.T) {
	const batch = "POST /classes/1/grades"
	openSchool(t).refuses(t, []refusal{
		{"POST /classes/1/grades", `{"cells":[]}`, 422, "cells", "empty", ""},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":5},{"student":6,"assignment":2,"score":-5}]}`, 422, "cells[1].score", "0 or more", ""},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":5},{"student":1,"assignment":2,"score":5}]}`, 409, "cells[1].revision", "changed the cell to 94", ""},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":5},{"student":6,"assignment":1,"score":6}]}`, 422, "cells[1].student", "again", ""},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":5},{"student":9,"assignment":1,"score":6}]}`, 422, "cells[1].student", "no student 9", ""},
		{"POST /classes/1/grades", `{"cells":[{"student":6,"assignment":1,"score":1e-7}]}`, 422, "cells[0].score", "6 decimals", ""},
		{"POST /classes/9/grades", `{"cells":[{"student":6,"assignment":1,"score":1}]}`, 404, "", "no class 9", ""},
		{batch, `{"cells":[{"student":6,"assignment":1,"score":5},{"student":6,"assignment":9,"score":6}]}`, 422, "cells[1].assignment", "no assignment 9", ""},
		{batch, `{"cells":[{"student":6,"assignment":1,"score":5},{"student":7,"assignment":1,"score":6}]}`, 422, "cells[1].student", "enroll the student first", ""},
		{batch, `{"cells":[{"student":6,"assignment":1,"score":5},{"student":6,"assignment":2,"score":6,"status":"excused"}]}`, 422, "cells[1].score", "leave it out", ""},
		{batch, `{"cells":[{"student":6,"assignment":1,"score":5,"revision":1}]}`, 409, "cells[0].revision", "is empty; read it again", ""},
		{batch, `{"cells":[{"student":1,"assignment":1,"score":5,"revision":99}]}`, 409, "cells[0].revision", "changed the cell to 85; read it again and decide", ""},
		{batch, `{"cells":[{"student":1,"assignment":1,"score":5,"revision":-1}]}`, 400, "cells.revision", "must be a whole number", ""},
		{batch, `{"cells":[{"student":6,"assignment":1,"score":5,"points":1}]}`, 400, "points", "not a field", ""},
		{batch, `{"cells":[{"student":6,"assignment":1,"submitted":"now"}]}`, 422, "cells[0].submitted", "give one such as", ""},
		{"POST /classes/2/grades", `{"cells":[{"student":6,"assignment":1,"score":5}]}`, 422, "cells[0].assignment", "it is in class 1", ""},
		{"POST /classes/3/grades", `{"cells":[{"student":6,"assignment":1,"score":5}]}`, 409, "", `with {"archived": false} first`, ""},
	})
}

// A key that was used does nothing again, and nothing else.
func TestRefuseKeys(t *testing.T) {
	s := openSchool(t)
	const grade, body, header = "POST /students/1/grades", `{"title":"T","type":"Quiz","score":1}`, "Idempotency-Key: k1"
	if resp, text := s.request(t, grade, body, header); resp.StatusCode != http.StatusCreated {
		t.Fatalf("%s %s", resp.Status, text)
	}
	s.refuses(t, []refusal{
		{grade, `{"title":"T","type":"Quiz","score":2}`, 422, "Idempotency-Key", "use a new key", header},
		{"POST /students/2/grades", body, 422, "Idempotency-Key", "use a new key", header},
		{grade + "?x=1", body, 400, "x", "unknown parameter", header},
		{grade, body, 400, "Idempotency-Key", "1 to 200 printable", "Idempotency-Key: ä"},
		{grade, body, 409, "", "has 1 for", header + "\nGradebook-Actor: Ines"},
	})
}
