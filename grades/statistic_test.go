package grades

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// school is a book of weighted classes of the given sizes, whose students have
// grades in as many assignments, of all kinds.
func school(assignments int, sizes ...int) *Book {
	b, random := new(Book), rand.New(rand.NewPCG(5, 6))
	for i, size := range sizes {
		b.Apply(b.revision+1, testTime(), schoolClass(b, random, i+1, assignments, size))
	}
	return b
}

func testTime() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func schoolClass(b *Book, random *rand.Rand, id, assignments, size int) Record {
	class := newClass(id)
	class.Title, class.Weighting = fmt.Sprint("Class ", id), Weighted
	class.Categories = []Category{{"Homework", Points(10), 1, 0}, {"Quiz", Points(20), 0, 0}, {"Lab", Points(20), 0, 0}, {"Test", Points(50), 0, 0}}
	if id%3 == 0 {
		class.Scale = []Cutoff{{"pass", 50_00}, {"B", 30_00}}
	}
	r := Record{Version: recordVersion, Action: "make school", Actor: "test"}
	r.Classes = []Change[Class]{{New: &class}}
	for i := range assignments {
		category := class.Categories[i%len(class.Categories)].Name
		r.Assignments = append(r.Assignments, Change[Assignment]{New: &Assignment{
			ID: len(b.assignments) + i + 1, ClassID: id, Title: fmt.Sprint(category, " ", i), Category: category, Points: Points(10 * (i % 5)), Posted: true,
		}})
	}
	for i := range size {
		student := len(b.students) + i + 1
		r.Students = append(r.Students, Change[Student]{New: &Student{ID: student, LastName: fmt.Sprint("Student ", student)}})
		r.Enrollments = append(r.Enrollments, EnrollmentChange{id, student, true})
		for _, a := range r.Assignments {
			r.Cells.Add(&CellChange{Student: student, Assignment: a.New.ID, New: schoolCell(random, a.New)})
		}
	}
	return r
}

func schoolCell(random *rand.Rand, a *Assignment) *CellValue {
	switch random.IntN(20) {
	case 0:
		return &CellValue{Status: Excused}
	case 1:
		return &CellValue{Status: Missing}
	case 2:
		return nil
	}
	return &CellValue{Score: new(Score(random.Int64N(int64(a.Points)*11/10/250_000+1) * 250_000))}
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestClassStatistics(t *testing.T) {
	s := openService(t, t.TempDir())
	newcomer(t, s) // without grades
	if _, err := s.AddGrade(t.Context(), 1, GradeInput{Title: "Bonus", Type: "Quiz", Score: Points(3)}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ChangeAssignment(t.Context(), 1, 4, AssignmentInput{Points: new(Score(0))}); err != nil {
		t.Fatal(err)
	}
	got, err := s.ClassStatistics(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	const none = `{"letter":"A−","n":0},`
	for _, c := range []struct {
		name string
		got  any
		want string
	}{
		{"students", got.Students, `6`},
		{"revision", got.Revision, `4`},
		{"Quiz 1", got.Assignments[0], `{"id":1,"title":"Quiz 1","category":"Quiz","points":100,` +
			`"scores":{"n":5,"mean":89,"deviation":7.974961,"min":77,"lowerQuartile":85,"median":88,"upperQuartile":95,"max":100},` +
			`"percents":{"n":5,"mean":89.00,"deviation":7.97,"min":77.00,"lowerQuartile":85.00,"median":88.00,"upperQuartile":95.00,"max":100.00,` +
			`"histogram":{"from":0.00,"width":5.00,"counts":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,2,0,2],"below":0,"above":0},` +
			`"letters":[{"letter":"A","n":2},` + none + `{"letter":"B+","n":1},{"letter":"B","n":1},{"letter":"B−","n":0},{"letter":"C+","n":1},` +
			`{"letter":"C","n":0},{"letter":"C−","n":0},{"letter":"D+","n":0},{"letter":"D","n":0},{"letter":"D−","n":0},{"letter":"F","n":0}],"without":1}}`},
		{"Bonus", got.Assignments[3], `{"id":4,"title":"Bonus","category":"Quiz","points":0,` +
			`"scores":{"n":1,"mean":3,"deviation":0,"min":3,"lowerQuartile":3,"median":3,"upperQuartile":3,"max":3},"percents":null}`},
		// 90.00 with the bonus, 96, 47.33, 88.33, 97.33
		{"current", got.Current.Spread, `{"n":5,"mean":83.80,"deviation":18.55,"min":47.33,"lowerQuartile":88.33,"median":90.00,"upperQuartile":96.00,"max":97.33}`},
		// and 0.00
		{"final", got.Final.Spread, `{"n":6,"mean":69.83,"deviation":35.53,"min":0.00,"lowerQuartile":57.58,"median":89.17,"upperQuartile":94.50,"max":97.33}`},
		{"current letters", got.Current.Letters[:2], `[{"letter":"A","n":2},{"letter":"A−","n":1}]`},
		{"without", []int{got.Current.Without, got.Final.Without}, `[1,0]`},
	} {
		if text := mustJSON(t, c.got); text != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, text, c.want)
		}
	}
}

// However a class is parted, its statistics are the same.
func TestPartsMerge(t *testing.T) {
	class := school(7, 60).classes[0]
	class.roster[3].removed = new(Removal)
	whole := class.count(class.roster, testTime())
	if whole.students != 59 {
		t.Errorf("%d students are counted, want those enrolled", whole.students)
	}
	want, random := mustJSON(t, whole.statistics(class)), rand.New(rand.NewPCG(7, 8))
	for range 50 {
		roster := slices.Clone(class.roster)
		random.Shuffle(len(roster), func(i, k int) { roster[i], roster[k] = roster[k], roster[i] })
		merged := class.count(nil, testTime())
		for part := range slices.Chunk(roster, 1+random.IntN(60)) {
			merged.merge(class.count(part, testTime()))
		}
		if got := mustJSON(t, merged.statistics(class)); got != want {
			t.Fatalf("merged\n%s\nwant\n%s", got, want)
		}
	}
}

// A class that is counted in parts has the same statistics on any number of
// processors.
func TestClassStatisticsOnManyProcessors(t *testing.T) {
	class := school(3, 2*partSize+100).classes[0]
	want := mustJSON(t, class.count(class.roster, testTime()).statistics(class))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(processors)
		if got := mustJSON(t, class.statistics(testTime())); got != want {
			t.Errorf("on %d processors\n%s\nwant\n%s", processors, got, want)
		}
	}
}

// busyBook is a book that somebody changes before each look at it.
type busyBook struct {
	mu     sync.Mutex
	book   *Book
	change func(b *Book)
	looks  int
}

func (b *busyBook) view(read func(b *Book)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.looks++
	b.change(b.book)
	read(b.book)
	return nil
}

func TestSurvey(t *testing.T) {
	sizes := []int{30, 0, 1100, 25, 1, 300, 800, 30}
	random := rand.New(rand.NewPCG(9, 10))
	setCell := func(b *Book) {
		e := b.enrollments[random.IntN(len(b.enrollments))]
		a := e.class.assignments[random.IntN(len(e.class.assignments))]
		r := Record{Actor: "test", Changes: Changes{Cells: cellChangesOf(CellChange{Student: e.student.ID, Assignment: a.ID, New: schoolCell(random, a)})}}
		b.Apply(b.revision+1, testTime(), r)
	}
	for _, c := range []struct {
		name    string
		change  func(b *Book)
		classes int
	}{
		{"nobody writes", func(*Book) {}, 8},
		{"a cell a look", setCell, 8},
		{"every class, all the time", func(b *Book) {
			for _, class := range b.classes {
				b.Apply(b.revision+1, testTime(), Record{Changes: Changes{Classes: []Change[Class]{{Old: new(class.Class), New: new(class.Class)}}}})
			}
			setCell(b)
		}, 8},
		{"a class is removed", func(b *Book) {
			if b.classes[5].removed == nil && random.IntN(4) == 0 {
				b.Apply(b.revision+1, testTime(), Record{Changes: Changes{Classes: []Change[Class]{{Old: new(b.classes[5].Class)}}}})
			}
		}, -1},
		{"a student leaves a large class", func(b *Book) {
			if e := b.classes[2].roster[random.IntN(1100)]; random.IntN(2) == 0 {
				b.Apply(b.revision+1, testTime(), Record{Changes: Changes{Enrollments: []EnrollmentChange{{3, e.student.ID, false}}}})
			}
		}, 8},
	} {
		for _, workers := range []int{1, 5} {
			busy := &busyBook{book: school(6, sizes...), change: c.change}
			got, err := newSurvey(busy.view, testTime(), workers).run()
			if err != nil {
				t.Fatal(err)
			}
			want := all(busy.book)
			if got.Revision != busy.book.revision || c.classes >= 0 && got.Classes != c.classes {
				t.Errorf("%s, %d workers: %d classes at revision %d, want %d at %d", c.name, workers, got.Classes, got.Revision, c.classes, busy.book.revision)
			}
			if got, want := mustJSON(t, got), mustJSON(t, want); got != want {
				t.Errorf("%s, %d workers:\ngot  %s\nwant %s", c.name, workers, got, want)
			}
		}
	}
}

// all is what a survey must find, made in one go.
func all(b *Book) *Statistics {
	out, whole := &Statistics{Revision: b.revision}, new(bookPart)
	for _, class := range b.classes {
		if class.removed != nil {
			continue
		}
		out.Classes++
		whole.merge(class.count(class.roster, testTime()).forBook(class))
	}
	out.Students = whole.students
	out.Scores, out.Current, out.Final = whole.scores.statistics(), whole.current.statistics(), whole.final.statistics()
	return out
}

func TestSurveyIsRefused(t *testing.T) {
	gone := errors.New("gone")
	for at := range 4 {
		looks := 0
		book := school(2, 900, 900, 900)
		_, err := newSurvey(func(read func(b *Book)) error {
			if looks++; looks > at {
				return gone
			}
			read(book)
			return nil
		}, testTime(), 1).run()
		if err != gone {
			t.Errorf("error %v at look %d, want %v", err, at, gone)
		}
	}
}

func TestStatistics(t *testing.T) {
	s := openService(t, t.TempDir())
	if _, err := s.CreateClass(t.Context(), ClassInput{Title: new("Empty")}, ""); err != nil {
		t.Fatal(err)
	}
	got, err := s.Statistics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Classes != 2 || got.Students != 5 || got.Revision != 2 || got.Scores.N != 15 || got.Scores.Mean.String() != "83.60" || got.Current.Median.String() != "89.00" {
		t.Errorf("%+v", got)
	}
	empty := openWith(t, t.TempDir(), "false")
	if got, err = empty.Statistics(t.Context()); err != nil || got.Classes != 0 || got.Scores.N != 0 || got.Scores.Mean != nil {
		t.Errorf("of an empty book: %+v, %v", got, err)
	}
}

// Statistics wait for those before them, but not longer than whoever asks.
func TestStatisticsWait(t *testing.T) {
	s := &Server{surveys: make(chan struct{}, 1)}
	s.surveys <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.statistics(ctx); err != context.Canceled {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

// What is said of a class is said of it as it was, too.
func TestAnalysisOfThePast(t *testing.T) {
	s := openService(t, t.TempDir())
	then := map[string]string{} // by path and revision
	for i, step := range []func() error{
		func() error { return nil },
		func() error {
			_, err := s.ChangeClass(t.Context(), 1, ClassInput{Weighting: new(Weighted), Categories: []Category{{"Quiz", Points(70), 0, 0}, {"Homework", Points(40), 0, 0}}})
			return err
		},
		func() error { newcomer(t, s); return nil },
		func() error { return s.RemoveAssignment(t.Context(), 1, 2) },
		func() error { return s.Unenroll(t.Context(), 1, 3) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		for _, what := range []string{"checks", "statistics"} {
			path := fmt.Sprintf("GET /classes/1/%s?at=%d", what, i+1)
			_, then[path] = s.request(t, "GET /classes/1/"+what, "")
		}
	}
	seen := map[string]bool{}
	for path, want := range then {
		if _, got := s.request(t, path, ""); got != want {
			t.Errorf("%s:\ngot  %s\nthen %s", path, got, want)
		}
		seen[want] = true
	}
	if len(seen) < 7 {
		t.Errorf("only %d different answers: the steps change too little to show anything", len(seen))
	}
}

func TestInParallel(t *testing.T) {
	for _, workers := range []int{1, 3, 100} {
		done := make([]int, 50)
		inParallel(workers, len(done), func(i int) { done[i]++ })
		if slices.Min(done) != 1 || slices.Max(done) != 1 {
			t.Errorf("%d workers: %v, want each once", workers, done)
		}
	}
	defer func() {
		if text := fmt.Sprint(recover()); !strings.HasPrefix(text, "oh, at\n") || !strings.Contains(text, "statistic_test.go") {
			t.Errorf("panic %s, want what it was and where", text)
		}
	}()
	inParallel(3, 50, func(i int) {
		if i == 20 {
			panic("oh")
		}
	})
}

// The statistics of a school of 100,000 with 20 grades each.
func BenchmarkStatistics(b *testing.B) {
	book := school(20, slices.Repeat([]int{30}, 3333)...)
	view := func(read func(*Book)) error { read(book); return nil }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newSurvey(view, testTime(), 2).run(); err != nil {
			b.Fatal(err)
		}
	}
}
