package cmd_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// The generated school: classes of 30 with 20 assignments, all of them graded.
const (
	schoolSize  = 30
	schoolItems = 20
	schoolParts = 4 // categories
)

// school is what was made, through the API.
type school struct {
	*gradeLoad
	classes []schoolClass

	longest time.Duration // that anybody waited for a small change; guarded by mu
}

// schoolClass are the ids of a class.
type schoolClass struct {
	id                    int
	students, assignments []int
	book                  string // the gradebook as it was shown when all was there
}

// newSchool makes a school of so many students, in a grading service with the
// sample class and no other. It has no grades unless more enters them: that is
// called for each class while others are made.
func newSchool(t testing.TB, url string, students int, more func(sc *school, c *schoolClass)) *school {
	sc := &school{gradeLoad: newGradeLoad(t, url), classes: make([]schoolClass, (students+schoolSize-1)/schoolSize)}
	sc.eachClass(func(n int, c *schoolClass) {
		sc.make(n, c, schoolSize, schoolItems)
		more(sc, c)
	})
	return sc
}

// eachClass calls f for every class, 8 at once.
func (sc *school) eachClass(f func(n int, c *schoolClass)) {
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for n := worker; n < len(sc.classes); n += 8 {
				f(n, &sc.classes[n])
			}
		})
	}
	all.Wait()
}

// make makes a weighted class with four categories.
func (sc *school) make(n int, c *schoolClass, students, assignments int) {
	c.id = sc.create("/classes", fmt.Sprintf(`{"title":"Class %d","term":"2026","weighting":"weighted","categories":[{"name":"Part 0","weight":10},{"name":"Part 1","weight":20},{"name":"Part 2","weight":30},{"name":"Part 3","weight":40}]}`, n))
	for i := range assignments {
		c.assignments = append(c.assignments, sc.create(fmt.Sprintf("/classes/%d/assignments", c.id), fmt.Sprintf(`{"title":"Item %d","category":"Part %d","points":%d}`, i, i%schoolParts, schoolPoints(i))))
	}
	for i := range students {
		c.students = append(c.students, sc.create("/students", fmt.Sprintf(`{"firstName":"Student %d","lastName":"Family %d","class":%d}`, i, (n*7919+i*104729)%50000, c.id)))
	}
}

// create posts something and returns its id.
func (sc *school) create(path, body string) int {
	begun := time.Now()
	status, answer := sc.request(http.MethodPost, path, body)
	sc.mu.Lock()
	sc.longest = max(sc.longest, time.Since(begun))
	sc.mu.Unlock()
	made, err := parse[struct{ ID int }](status, answer)
	if err != nil {
		sc.fail("POST %s: %v", path, err)
	}
	return made.ID
}

// fill writes all cells of a class as one batch, over the revision that all of
// them have, and returns its revision.
func (sc *school) fill(c *schoolClass, more int, old uint64) uint64 {
	var cells []string
	for _, student := range c.students {
		for i, assignment := range c.assignments {
			cells = append(cells, fmt.Sprintf(`{"student":%d,"assignment":%d,"score":%d.25,"revision":%d}`, student, assignment, schoolScore(student, i)+more, old))
		}
	}
	status, answer := sc.request(http.MethodPost, fmt.Sprintf("/classes/%d/grades", c.id), `{"cells":[`+strings.Join(cells, ",")+`]}`)
	report, err := parse[struct{ Revision uint64 }](status, answer)
	if err != nil {
		sc.fail("batch in class %d: %v", c.id, err)
	}
	return report.Revision
}

func schoolPoints(item int) int { return 10 + item%5*10 }

// schoolScore is a score in quarters less a quarter: from 0.25 to the points.
func schoolScore(student, item int) int { return (student*31 + item*17) % schoolPoints(item) }

// schoolTotal is a student's total by rationals: of each category what was got
// of what was possible, by weight.
func schoolTotal(student int) string {
	total := new(big.Rat)
	for part := range schoolParts {
		got, possible := new(big.Rat), new(big.Rat)
		for i := part; i < schoolItems; i += schoolParts {
			got.Add(got, big.NewRat(int64(4*schoolScore(student, i)+1), 4))
			possible.Add(possible, big.NewRat(int64(schoolPoints(i)), 1))
		}
		total.Add(total, got.Quo(got, possible).Mul(got, big.NewRat(int64(10*(part+1)), 1)))
	}
	return total.FloatString(2)
}

// gradebook reads the whole grid of a class.
func (sc *school) gradebook(c *schoolClass) string {
	status, answer := sc.request(http.MethodGet, fmt.Sprintf("/classes/%d/gradebook", c.id), "")
	if status != http.StatusOK {
		sc.fail("gradebook of class %d: %d %s", c.id, status, answer)
	}
	return answer
}

// check compares every class with what it was, the first time with what it was
// made to be.
func (sc *school) check(t testing.TB) {
	t.Helper()
	sc.eachClass(func(_ int, c *schoolClass) {
		now := sc.gradebook(c)
		if c.book == "" {
			c.book = now
			sc.checkTotals(c)
		}
		if now != c.book {
			sc.fail("class %d is %s, and was %s", c.id, now, c.book)
		}
	})
	for _, err := range sc.odd {
		t.Error(err)
	}
}

func (sc *school) checkTotals(c *schoolClass) {
	var book struct {
		Cells  []struct{ Student int }
		Totals map[int]struct{ Current, Final struct{ Percent json.Number } }
	}
	if err := json.Unmarshal([]byte(c.book), &book); err != nil {
		sc.fail("class %d: %v", c.id, err)
	}
	if len(book.Cells) != schoolSize*schoolItems {
		sc.fail("class %d has %d cells, want %d", c.id, len(book.Cells), schoolSize*schoolItems)
	}
	for _, student := range c.students {
		want, got := schoolTotal(student), book.Totals[student]
		if string(got.Current.Percent) != want || string(got.Final.Percent) != want {
			sc.fail("student %d has the totals %v, want %s", student, got, want)
		}
	}
}
