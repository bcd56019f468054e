package grades

import (
	"net/http"
	"testing"
)

func TestRefuseUndo(t *testing.T) {
	s := openSchool(t) // at revision 6
	for _, c := range []struct {
		request, body, header string
		status                int
	}{
		{"PUT /classes/1/grades/6/1", `{"score":5}`, "If-None-Match: *", http.StatusCreated},
		{"POST /classes/1/undo", `{"revision":7}`, "", http.StatusOK},
		{"POST /students/1/grades", `{"title":"T","type":"Quiz","score":5}`, "", http.StatusCreated},
		{"PUT /classes/1/grades/1/4", `{"score":6}`, "If-Match: *", http.StatusOK},
	} {
		if resp, body := s.request(t, c.request, c.body, "Gradebook-Actor: Ines", c.header); resp.StatusCode != c.status {
			t.Fatalf("%s: %s %s", c.request, resp.Status, body)
		}
	}
	const undo = "POST /classes/1/undo"
	s.refuses(t, []refusal{
		{undo, `{"revision":7}`, 409, "revision", "was undone by change 8 already; to bring it back undo change 8", ""},
		{undo, `{"revision":7,"overwrite":true}`, 409, "revision", "undo change 8", ""},
		{undo, `{"revision":9}`, 409, "cells[1,4]", "Ines has changed it to 6 in change 10", ""},
		{undo, `{}`, 422, "revision", "give that of a change in the history", ""},
		{undo, `{"revision":0}`, 422, "revision", "give that of a change in the history", ""},
		{undo, `{"revision":-7}`, 400, "revision", "must be a whole number", ""},
		{undo, `{"revision":"r7"}`, 400, "revision", "must be a whole number", ""},
		{undo, `{"revision":9,"overwrite":"yes"}`, 400, "overwrite", "must be true or false", ""},
		{undo, `{"revision":9,"force":true}`, 400, "force", "not a field", ""},
		{undo, `{"revision":99}`, 404, "", "give the revision of one in the history", ""},
		{"POST /classes/2/undo", `{"revision":9}`, 404, "", "give the revision of one in the history", ""},
		{"POST /classes/9/undo", `{"revision":9}`, 404, "", "no class 9", ""},
		{"POST /students/2/undo", `{"revision":9}`, 404, "", "give the revision of one in the history", ""},
		{"POST /students/9/undo", `{"revision":9}`, 404, "", "no student 9", ""},
		{"GET /classes/1/undo", ``, 405, "", "takes POST", ""},
	})
}

// What only reads has nothing to undo.
func TestRefuseReading(t *testing.T) {
	const preview = "POST /classes/1/preview"
	openSchool(t).refuses(t, []refusal{
		{"GET /classes/9/history", ``, 404, "", "no class 9", ""},
		{"GET /classes/1/history?limit=0", ``, 400, "limit", "from 1", ""},
		{"GET /classes/1/history?before=x", ``, 400, "before", "whole number", ""},
		{"GET /classes/1/history?student=-1", ``, 400, "student", "whole number", ""},
		{"GET /classes/1/history?assignment=1.5", ``, 400, "assignment", "whole number", ""},
		{"GET /students/9/history", ``, 404, "", "no student 9", ""},
		{"GET /classes/1/students/7/explanation", ``, 404, "", "enroll the student first", ""},
		{"GET /classes/1/students/9/explanation", ``, 404, "", "no student 9", ""},
		{"GET /classes/9/students/1/explanation", ``, 404, "", "no class 9", ""},
		{"GET /classes/9/statistics", ``, 404, "", "no class 9", ""},
		{"GET /classes/1/history?sort=at", ``, 400, "sort", "is an unknown parameter", ""},
		{"GET /classes/1/history?limit=5&limit=6", ``, 400, "limit", "send it once", ""},
		{"GET /classes/1/difference", ``, 400, "from", "give the revision of a change, or a time", ""},
		{"GET /classes/1/difference?from=x&to=6", ``, 400, "from", "must be the revision of a change", ""},
		{"GET /classes/1/difference?from=1&to=99", ``, 422, "to", "the newest change is 6", ""},
		{"GET /classes/9/difference?from=1&to=6", ``, 404, "", "no class 9", ""},
		{"GET /changes?after=99", ``, 422, "after", "read it all again, from 0", ""},
		{"GET /changes?after=-1", ``, 400, "after", "whole number", ""},
		{"GET /changes?after=1&wait=1h", ``, 400, "wait", "such as 30s", ""},
		{"GET /changes?after=1&wait=soon", ``, 400, "wait", "such as 30s", ""},
		{"GET /changes?after=1&limit=0", ``, 400, "limit", "from 1 to 1000", ""},
		{"GET /changes", ``, 422, "Last-Event-ID", "read it all again, from 0", "Accept: text/event-stream\nLast-Event-ID: 99"},
		{"GET /changes/99", ``, 404, "", "there is no change 99", ""},
		{"GET /changes/x", ``, 404, "", "ids are whole numbers", ""},
		{"GET /changes/1?limit=50001", ``, 400, "limit", "from 1 to 50000", ""},
		{"GET /changes/1?cursor=-1", ``, 400, "cursor", "whole number", ""},
		{"GET /classes/9/checks", ``, 404, "", "no class 9", ""},
		{"GET /classes/1/gradebook?at=x", ``, 400, "at", "must be the revision of a change, such as 12, or a time such as", ""},
		{"GET /classes/1/gradebook?at=-1", ``, 400, "at", "must be the revision of a change", ""},
		{"GET /classes/1/gradebook?at=2026-02-30T00:00:00Z", ``, 400, "at", "must be the revision of a change", ""},
		{"GET /classes/1/gradebook?at=99", ``, 422, "at", "the newest change is 6; give that or one before it", ""},
		{"GET /classes/2/gradebook?at=1", ``, 404, "", "there is no class 2 at that time; api made it at", ""},
		{"GET /classes/1/gradebook?at=2020-01-01T00:00:00Z", ``, 404, "", "there is no class 1 at that time", ""},
		{"GET /classes/1/students/6/explanation?at=1", ``, 404, "", "no student 6", ""},
		{"POST /statistics", `{}`, 405, "", "takes GET", ""},
		{preview, `{"weighting":"both"}`, 422, "weighting", "weighted or points", ""},
		{preview, `{"categories":[{"name":"Quiz","weight":-1},{"name":"Homework"}]}`, 422, "categories[0].weight", "0 or more", ""},
		{preview, `{"categories":[{"name":"Quiz"}]}`, 422, "categories", `leaves out "Homework"`, ""},
		{preview, `{"assignments":[{"id":9,"points":5}]}`, 422, "assignments[0].id", "no assignment of class 1", ""},
		{preview, `{"assignments":[{"id":1,"points":0.1234567}]}`, 422, "assignments[0].points", "round it to 6 or fewer", ""},
		{preview, `{"assignments":[{"id":1,"due":"noon"}]}`, 422, "assignments[0].due", "give one such as", ""},
		{preview, `{"assignments":[{"id":1,"category":"Lab"}]}`, 422, "assignments[0].category", "give one of Quiz, Homework", ""},
		{preview, `{"grades":[]}`, 400, "grades", "not a field", ""},
		{"POST /classes/9/preview", `{}`, 404, "", "no class 9", ""},
	})
}
