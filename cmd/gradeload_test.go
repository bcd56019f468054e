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

// parse reads an answer that must be JSON with a status of 200 or 201.
func parse[T any](status int, answer string) (v T, err error) {
	if status != http.StatusOK && status != http.StatusCreated {
		return v, fmt.Errorf("%d %s", status, answer)
	}
	return v, json.Unmarshal([]byte(answer), &v)
}
