package cmd_test

import (
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
)

// repeatsOfAKey is how often TestRepeatedKeys sends each request.
const repeatsOfAKey = 5

// keyedPair is a new student and that student's first grade, each sent with a
// key, and the first answers.
type keyedPair struct{ student, grade string }

// TestRepeatedKeys sends requests with keys again and again, twice at once among
// them, while the service is stopped and killed: each is done once and answered
// always the same.
func TestRepeatedKeys(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	load := s.gradeLoad(0, 0, 0) // for its client and class
	pairs := make([]keyedPair, max(1, *repeats/repeatsOfAKey/2))
	for round := range repeatsOfAKey {
		var halfway sync.WaitGroup
		halfway.Add(len(pairs) / 2)
		done := make(chan struct{})
		go func() { // until every pair has been sent once more
			defer close(done)
			load.sendPairs(pairs, func(i int) {
				if i < len(pairs)/2 {
					halfway.Done()
				}
			})
		}()
		halfway.Wait()
		if round%2 == 0 {
			s.kill(gradingService)
		} else {
			s.stop(gradingService, os.Interrupt)
		}
		s.start(gradingService)
		<-done
	}
	load.end()
	for _, err := range load.odd {
		t.Error(err)
	}
	if status, answer := load.insist(http.MethodPost, "/students", `{"lastName":"Another"}`, "Idempotency-Key", "student 0"); status != http.StatusUnprocessableEntity {
		t.Errorf("another body with a used key is answered %d %s, want 422", status, answer)
	}
	load.checkPairs(t, len(pairs))
}

// sendPairs sends every pair from 16 senders, the first 100 twice at once, and
// compares the answers with the first ones.
func (l *gradeLoad) sendPairs(pairs []keyedPair, sent func(i int)) {
	const senders = 16
	var all sync.WaitGroup
	for sender := range senders {
		all.Go(func() {
			for i := sender; i < len(pairs) && l.alive.Err() == nil; i += senders {
				l.sendPair(&pairs[i], i)
				sent(i)
			}
		})
	}
	all.Wait()
}

func (l *gradeLoad) sendPair(p *keyedPair, i int) {
	l.sendSame(&p.student, i, "/students", fmt.Sprintf(`{"lastName":"Pair %d","class":%d}`, i, l.class), fmt.Sprint("student ", i))
	made, err := parse[struct{ ID int }](http.StatusCreated, p.student)
	if err != nil {
		l.fail("pair %d: %v", i, err)
		return
	}
	l.sendSame(&p.grade, i, fmt.Sprintf("/students/%d/grades", made.ID), fmt.Sprintf(`{"title":"Item %d","score":%d}`, i%l.assignments, i%100), fmt.Sprint("grade ", i))
}

// sendSame sends a request, the first hundred twice at once, and expects the
// first answer.
func (l *gradeLoad) sendSame(first *string, i int, path, body, key string) {
	answers := make([]string, 1)
	if i < 100 {
		answers = make([]string, 2)
	}
	var both sync.WaitGroup
	for n := range answers {
		both.Go(func() {
			status, answer := l.insist(http.MethodPost, path, body, "Idempotency-Key", key)
			if answers[n] = answer; status != http.StatusCreated && l.alive.Err() == nil {
				l.fail("%s is answered %d %s", key, status, answer)
			}
		})
	}
	both.Wait()
	for _, answer := range answers {
		if *first == "" {
			*first = answer
		}
		if answer != "" && answer != *first {
			l.fail("%s is answered %s, and was %s", key, answer, *first)
		}
	}
}

// checkPairs finds every student once with the one grade, and no change of the
// class but those.
func (l *gradeLoad) checkPairs(t *testing.T, pairs int) {
	t.Helper()
	status, answer := l.insist(http.MethodGet, fmt.Sprint("/classes/", l.class), "")
	class, err := parse[struct{ Revision int }](status, answer)
	if want := 2 + l.assignments + 2*pairs; err != nil || class.Revision != want {
		t.Errorf("the class is at revision %d (%v), want %d: one for each of %d keys", class.Revision, err, want, 2*pairs)
	}
	found := map[string]int{}
	for cursor := 0; ; {
		status, answer := l.insist(http.MethodGet, fmt.Sprintf("/students?q=Pair&cursor=%d", cursor), "")
		page, err := parse[[]struct {
			ID       int
			LastName string
			Grades   []shownGrade
		}](status, answer)
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range page {
			cursor = st.ID
			found[st.LastName]++
			var i int
			fmt.Sscanf(st.LastName, "Pair %d", &i)
			if len(st.Grades) != 1 || st.Grades[0].Score != i%100 || found[st.LastName] > 1 {
				t.Errorf("%s (%d times) has %v, want the score %d once", st.LastName, found[st.LastName], st.Grades, i%100)
			}
		}
		if len(page) < 1000 {
			break
		}
	}
	if len(found) != pairs {
		t.Errorf("%d students are there, want %d", len(found), pairs)
	}
	t.Logf("%d keys, each sent %d times, the first 200 also twice at once", 2*pairs, repeatsOfAKey)
}
