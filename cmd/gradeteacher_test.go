package cmd_test

import (
	"fmt"
	"net/http"
	"strings"
)

// shownGrade is a grade as far as it matters here.
type shownGrade struct {
	Title      string
	Assignment int
	Score      int
	Revision   uint64
}

// writeCell writes a cell over what is there. Without an answer it reads what
// became of that.
func (l *gradeLoad) writeCell(student, assignment, score int) {
	old := l.cell(student, assignment)
	path := fmt.Sprintf("/classes/%d/grades/%d/%d", l.class, student, assignment)
	header := []string{"If-Match", fmt.Sprintf(`"r%d"`, old.revision)}
	if old.revision == 0 {
		header = []string{"If-None-Match", "*"}
	}
	status, answer := l.request(http.MethodPut, path, fmt.Sprintf(`{"score":%d}`, score), header...)
	if status == 0 {
		l.unknown.Add(1)
		if status, answer = l.insist(http.MethodGet, path, ""); status == http.StatusNotFound && old.revision == 0 {
			return
		}
	}
	if l.alive.Err() != nil || status == http.StatusInsufficientStorage { // which the next write of the cell puts to the test
		return
	}
	grade, err := parse[shownGrade](status, answer)
	now := cellFate{grade.Score, grade.Revision}
	if err != nil || now != old && (now.score != score || now.revision <= old.revision) {
		l.fail("cell %d/%d was %v, then %d was written, and it is %v: %d %s", student, assignment, old, score, now, status, answer)
		return
	}
	l.answered.Add(1)
	l.setCell(student, assignment, now)
}

// writeRow writes a student's row as one batch. Without an answer it reads what
// became of that: all cells or none.
func (l *gradeLoad) writeRow(student, score int) {
	old := l.cell(student, 4)
	var cells []string
	for i := range l.assignments {
		cells = append(cells, fmt.Sprintf(`{"student":%d,"assignment":%d,"score":%d,"revision":%d}`, student, 4+i, score, old.revision))
	}
	status, answer := l.request(http.MethodPost, fmt.Sprintf("/classes/%d/grades", l.class), `{"atomic":true,"cells":[`+strings.Join(cells, ",")+`]}`)
	if l.alive.Err() != nil || status == http.StatusInsufficientStorage {
		return
	}
	now := cellFate{score: score}
	if status == 0 {
		l.unknown.Add(1)
		var whole bool
		if now, whole = l.readRow(student); !whole || now != old && now.score != score {
			l.fail("the row of student %d was %v, then %d was written, and it is %v, whole: %v", student, old, score, now, whole)
			return
		}
	} else if report, err := parse[struct{ Revision uint64 }](status, answer); err != nil || report.Revision <= old.revision {
		l.fail("the row of student %d was %v, then %d was written: %d %s", student, old, score, status, answer)
		return
	} else {
		now.revision = report.Revision
	}
	l.answered.Add(1)
	l.setRow(student, now)
	if score%4 == 0 && old.revision != 0 && now != old {
		l.undoRow(student, old, now)
	}
}

// undoRow takes back the batch that wrote a row, and is answered in the end.
func (l *gradeLoad) undoRow(student int, old, now cellFate) {
	status, answer := l.insist(http.MethodPost, fmt.Sprintf("/classes/%d/undo", l.class), fmt.Sprintf(`{"revision":%d}`, now.revision), "Idempotency-Key", fmt.Sprint("undo ", now.revision))
	if l.alive.Err() != nil {
		return
	}
	report, err := parse[struct{ Revision uint64 }](status, answer)
	if err != nil || report.Revision <= now.revision {
		l.fail("the row of student %d was %v, then %v, and to undo that is answered %d %s", student, old, now, status, answer)
		return
	}
	l.answered.Add(1)
	l.setRow(student, cellFate{old.score, report.Revision})
}

func (l *gradeLoad) setRow(student int, now cellFate) {
	for i := range l.assignments {
		l.setCell(student, 4+i, now)
	}
}

// readRow returns what all of a student's cells are, or false.
func (l *gradeLoad) readRow(student int) (all cellFate, same bool) {
	status, answer := l.insist(http.MethodGet, fmt.Sprint("/students/", student), "")
	view, err := parse[struct{ Grades []shownGrade }](status, answer)
	for i, g := range view.Grades {
		now := cellFate{g.Score, g.Revision}
		if i > 0 && now != all {
			return now, false
		}
		all = now
	}
	return all, err == nil && (len(view.Grades) == 0 || len(view.Grades) == l.assignments)
}

// sendKeyed sends what must not be done twice until it is answered, and now and
// then once more.
func (l *gradeLoad) sendKeyed(student, n int) {
	name := fmt.Sprintf("%d-%d", student, n)
	path, body := fmt.Sprintf("/students/%d/grades", student), fmt.Sprintf(`{"title":%q,"type":"Work","score":%d}`, name, n)
	if n%2 == 0 {
		path, body = "/students", fmt.Sprintf(`{"firstName":"New","lastName":%q}`, name)
	}
	var first string
	for range 1 + n%3 {
		status, answer := l.insist(http.MethodPost, path, body, "Idempotency-Key", name)
		if l.alive.Err() != nil {
			return
		}
		if status != http.StatusCreated || first != "" && answer != first {
			l.fail("%s is answered %d %s, and was %s", name, status, answer, first)
			return
		}
		first = answer
	}
	l.answered.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if n%2 == 1 {
		l.titles[name] = first
		return
	}
	made, err := parse[struct{ ID int }](http.StatusCreated, first)
	if l.names[name] = made.ID; err != nil {
		l.odd = append(l.odd, err)
	}
}
