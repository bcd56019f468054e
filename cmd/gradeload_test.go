package cmd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// gradeLoad is teachers who enter grades into a grading service that is killed
// now and then, and what they were told. Each has cells that nobody else
// writes, and so knows at any time what is to be in them.
type gradeLoad struct {
	url     string
	client  *http.Client
	running sync.WaitGroup
	going   context.Context // until end: no new write is begun
	alive   context.Context // until the test ends
	stop    context.CancelFunc

	class, students, assignments int // the ids of the assignments are 4 and following
	first                        int // id of the class's first student

	answered, unknown, refused atomic.Int64 // writes; refused are those for which the disk had no room

	mu     sync.Mutex // guards what follows
	cells  map[[2]int]cellFate
	titles map[string]string // of grades that made an assignment: the answer
	names  map[string]int    // of new students: the id
	odd    []error           // what nobody should be told, the first few
}

// cellFate is what is in a cell as somebody was told.
type cellFate struct {
	score    int
	revision uint64
}

// newGradeLoad returns teachers who do nothing yet.
func newGradeLoad(t testing.TB, url string) *gradeLoad {
	l := &gradeLoad{
		url:    url,
		client: &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		cells:  map[[2]int]cellFate{}, titles: map[string]string{}, names: map[string]int{},
	}
	var abort context.CancelFunc
	l.alive, abort = context.WithCancel(context.Background())
	l.going, l.stop = context.WithCancel(l.alive)
	t.Cleanup(func() {
		abort()
		l.end()
	})
	return l
}

// gradeLoad makes a class and starts teachers: so many that write cell by cell,
// that write a student's row as one batch and now and then undo it, and that send
// with a key, again and again until they are answered, a grade under a new title
// and a new student.
func (s *system) gradeLoad(single, batch, keyed int) *gradeLoad {
	s.t.Helper()
	l := newGradeLoad(s.t, s.url(gradingService))
	l.class, l.students, l.assignments, l.first = 2, single+batch+keyed, 12, 6
	s.send(http.StatusCreated, http.MethodPost, gradingService, "/classes", `{"title":"Load","categories":[{"name":"Work","weight":100}]}`)
	for n := range l.students {
		s.send(http.StatusCreated, http.MethodPost, gradingService, "/students", fmt.Sprintf(`{"firstName":"Number %d","class":%d}`, n, l.class))
	}
	for n := range l.assignments {
		s.send(http.StatusCreated, http.MethodPost, gradingService, fmt.Sprintf("/classes/%d/assignments", l.class), fmt.Sprintf(`{"title":"Item %d","category":"Work","points":100}`, n))
	}
	for i := range l.students {
		student := l.first + i
		switch {
		case i < single:
			l.running.Go(func() { l.repeat(func(n int) { l.writeCell(student, 4+n%l.assignments, n) }) })
		case i < single+batch:
			l.running.Go(func() { l.repeat(func(n int) { l.writeRow(student, n) }) })
		default:
			l.running.Go(func() { l.repeat(func(n int) { l.sendKeyed(student, n) }) })
		}
	}
	return l
}

// end stops the teachers once each has its answer. The service must be there.
func (l *gradeLoad) end() {
	l.stop()
	l.running.Wait()
	l.client.CloseIdleConnections()
}

func (l *gradeLoad) repeat(write func(n int)) {
	for n := 1; l.going.Err() == nil; n++ {
		write(n)
	}
}

// fail notes what nobody should be told.
func (l *gradeLoad) fail(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.odd) < 10 {
		l.odd = append(l.odd, fmt.Errorf(format, args...))
	}
}

// request sends a request once. Without an answer, or with one that the service
// is stopping, the status is 0, after a moment: the service may be away.
func (l *gradeLoad) request(method, path, body string, header ...string) (status int, answer string) {
	req, err := http.NewRequestWithContext(l.alive, method, l.url+path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := l.client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		var text []byte
		text, err = io.ReadAll(resp.Body)
		answer = string(text)
	}
	switch {
	case err != nil || resp.StatusCode == http.StatusServiceUnavailable:
		<-time.After(5 * time.Millisecond)
		return 0, ""
	case resp.StatusCode == http.StatusInsufficientStorage:
		l.refused.Add(1)
		<-time.After(5 * time.Millisecond)
	}
	return resp.StatusCode, answer
}

// insist sends a request until it is answered and there was room for it.
func (l *gradeLoad) insist(method, path, body string, header ...string) (status int, answer string) {
	for (status == 0 || status == http.StatusInsufficientStorage) && l.alive.Err() == nil {
		status, answer = l.request(method, path, body, header...)
	}
	return status, answer
}

func (l *gradeLoad) cell(student, assignment int) cellFate {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cells[[2]int{student, assignment}]
}

func (l *gradeLoad) setCell(student, assignment int, fate cellFate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cells[[2]int{student, assignment}] = fate
}

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

// parse reads an answer that must be JSON with a status of 200 or 201.
func parse[T any](status int, answer string) (v T, err error) {
	if status != http.StatusOK && status != http.StatusCreated {
		return v, fmt.Errorf("%d %s", status, answer)
	}
	return v, json.Unmarshal([]byte(answer), &v)
}

// check compares what the service holds with what it has told. The load must
// have ended.
func (l *gradeLoad) check(t testing.TB) {
	t.Helper()
	for _, err := range l.odd {
		t.Error(err)
	}
	l.checkGrid(t)
	l.checkNewStudents(t)
	t.Logf("%d writes answered, %d without an answer, %d refused; %d cells, %d titles, %d new students",
		l.answered.Load(), l.unknown.Load(), l.refused.Load(), len(l.cells), len(l.titles), len(l.names))
}

// checkGrid finds in the class what was written, and nothing else.
func (l *gradeLoad) checkGrid(t testing.TB) {
	t.Helper()
	status, answer := l.insist(http.MethodGet, fmt.Sprintf("/classes/%d/gradebook", l.class), "")
	book, err := parse[struct {
		Assignments []struct {
			ID    int
			Title string
		}
		Cells []struct {
			Student int
			shownGrade
		}
	}](status, answer)
	if err != nil {
		t.Fatal(err)
	}
	titles := map[int]string{}
	for _, a := range book.Assignments {
		titles[a.ID] = a.Title
	}
	if got, want := len(titles), l.assignments+len(l.titles); got != want {
		t.Errorf("the class has %d assignments, want %d", got, want)
	}
	posted := 0
	for _, c := range book.Cells {
		got := cellFate{c.Score, c.Revision}
		if want := l.cells[[2]int{c.Student, c.Assignment}]; want.revision != 0 {
			if got != want {
				t.Errorf("cell %d/%d is %v, and was told to be %v", c.Student, c.Assignment, got, want)
			}
			continue
		}
		posted++
		told, err := parse[shownGrade](http.StatusCreated, l.titles[titles[c.Assignment]])
		if want := (cellFate{told.Score, told.Revision}); err != nil || got != want {
			t.Errorf("%q is %v, and was told to be %v (%v)", titles[c.Assignment], got, want, err)
		}
	}
	if posted != len(l.titles) || len(book.Cells) != len(l.cells)+len(l.titles) {
		t.Errorf("there are %d cells, %d of them by title; want %d and %d", len(book.Cells), posted, len(l.cells)+len(l.titles), len(l.titles))
	}
}

// checkNewStudents finds each once, under the id that was told.
func (l *gradeLoad) checkNewStudents(t testing.TB) {
	t.Helper()
	found := 0
	for cursor := 0; ; {
		status, answer := l.insist(http.MethodGet, fmt.Sprintf("/students?q=New&cursor=%d", cursor), "")
		page, err := parse[[]struct {
			ID       int
			LastName string
		}](status, answer)
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range page {
			if cursor = st.ID; l.names[st.LastName] != st.ID {
				t.Errorf("%s is student %d, and was told to be %d", st.LastName, st.ID, l.names[st.LastName])
			}
		}
		if found += len(page); len(page) < 1000 {
			break
		}
	}
	if found != len(l.names) {
		t.Errorf("there are %d new students, want %d", found, len(l.names))
	}
}
