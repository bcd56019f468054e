package cmd_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fullSchool is how many students the limits are for: 100,000 with 20 grades.
const fullSchool = 100_000

// TestSchool makes a school, and is the service that holds it: in memory, at a
// start, for a class, for statistics and for an undo. With -school 100000 the
// limits hold, with a small school it shows that everything is right.
func TestSchool(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	begun := time.Now()
	sc := newSchool(t, s.url(gradingService), *students, func(sc *school, c *schoolClass) { sc.fill(c, 0, 0) })
	sc.check(t)
	t.Logf("%d students in %d classes, %d cells: made and read in %v", len(sc.classes)*schoolSize, len(sc.classes), len(sc.classes)*schoolSize*schoolItems, time.Since(begun).Round(time.Millisecond))
	t.Logf("the longest that anybody waited for a small change meanwhile: %v", sc.longest.Round(time.Millisecond))
	s.checkMemory("as made")

	s.kill(gradingService)
	s.timeStart("after kill -9, from what snapshots there are")
	sc.check(t)
	s.stop(gradingService, os.Interrupt)
	s.timeStart("after a stop")
	s.checkMemory("started, before any request")
	sc.checkClassTime(t)
	sc.check(t)
	sc.checkStatistics(t)
	sc.checkUndo(t)
	sc.checkLists(t)
	s.checkMemory("when everything was read")
}

// atMost fails a full school that is over a limit.
func atMost[T int | time.Duration](t testing.TB, what string, got, limit T) {
	t.Helper()
	t.Logf("%s: %v (limit %v)", what, got, limit)
	if *students >= fullSchool && !raceEnabled() && got > limit {
		t.Errorf("%s: %v, want at most %v", what, got, limit)
	}
}

// timeStart starts the grading service and waits until it answers.
func (s *system) timeStart(what string) {
	s.t.Helper()
	begun := time.Now()
	s.start(gradingService)
	s.send(http.StatusOK, http.MethodGet, gradingService, "/classes/2", "")
	atMost(s.t, "start "+what, time.Since(begun).Round(time.Millisecond), 3*time.Second)
}

func (s *system) checkMemory(when string) {
	s.t.Helper()
	if !procfs() {
		return
	}
	p := s.running[gradingService]
	atMost(s.t, "MiB resident "+when, p.memory(s.t, "VmRSS:")>>20, 1<<10)
	s.t.Logf("MiB resident at most so far: %d", p.memory(s.t, "VmHWM:")>>20)
}

// checkClassTime is the time inside the server for the gradebook of a class of
// 30, as its own metrics tell it: each class for the first time after a start,
// and then again and again.
func (sc *school) checkClassTime(t testing.TB) {
	t.Helper()
	t.Logf("a class of 30 inside the server, for the first time: %v", sc.classTime(t))
	var times []time.Duration
	for range 7 {
		times = append(times, sc.classTime(t))
	}
	slices.Sort(times)
	atMost(t, "a class of 30 inside the server", times[len(times)/2], 300*time.Microsecond)
}

// classTime is the mean over the gradebooks of up to 300 classes.
func (sc *school) classTime(t testing.TB) time.Duration {
	t.Helper()
	const route = `{route="GET /classes/{class}/gradebook"}`
	figures := func() (count, sum float64) {
		return sc.metric(t, "gradebook_http_request_duration_seconds_count"+route), sc.metric(t, "gradebook_http_request_duration_seconds_sum"+route)
	}
	classes := sc.classes[:min(len(sc.classes), 300)]
	count, sum := figures()
	for i := range classes {
		sc.gradebook(&classes[i])
	}
	countNow, sumNow := figures()
	if n := int(countNow - count); n != len(classes) {
		t.Errorf("the metrics count %d requests, want %d", n, len(classes))
	}
	return time.Duration((sumNow - sum) / (countNow - count) * float64(time.Second)).Round(time.Microsecond)
}

// metric is the value of a line of the metrics, 0 if there is none.
func (sc *school) metric(t testing.TB, name string) float64 {
	t.Helper()
	_, answer := sc.request(http.MethodGet, "/metrics", "")
	for line := range strings.Lines(answer) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	return 0
}

// checkStatistics is the median of the time of the statistics over the school,
// each after a change, so that no answer can be one that was kept.
func (sc *school) checkStatistics(t testing.TB) {
	t.Helper()
	var times []time.Duration
	for n := range 5 {
		sc.create("/students", fmt.Sprintf(`{"lastName":"Statistics %d","class":%d}`, n, sc.classes[0].id))
		begun := time.Now()
		status, answer := sc.request(http.MethodGet, "/statistics", "")
		times = append(times, time.Since(begun))
		all, err := parse[struct{ Current, Final struct{ N int } }](status, answer)
		if want := len(sc.classes)*schoolSize + 5; err != nil || all.Current.N != want || all.Final.N != want+n+1 {
			t.Fatalf("statistics over %d and %d totals (%v), want %d and %d, with those of the sample class", all.Current.N, all.Final.N, err, want, want+n+1)
		}
	}
	t.Logf("statistics on %d cores: %v", runtime.NumCPU(), times)
	slices.Sort(times)
	atMost(t, "statistics", times[len(times)/2].Round(time.Millisecond), 250*time.Millisecond)
}

// checkLists reads the classes twice and every page of students, and logs how
// long the longest of these takes.
func (sc *school) checkLists(t testing.TB) {
	t.Helper()
	get := func(path string) time.Duration {
		begun := time.Now()
		if status, answer := sc.request(http.MethodGet, path, ""); status != http.StatusOK {
			t.Fatalf("%s: %d %.400s", path, status, answer)
		}
		return time.Since(begun).Round(time.Millisecond)
	}
	first, second := get("/classes"), get("/classes")
	var longest time.Duration
	for cursor := 0; cursor < len(sc.classes)*schoolSize; cursor += 1000 {
		longest = max(longest, get(fmt.Sprintf("/students?cursor=%d", cursor)))
	}
	t.Logf("the list of classes: %v, then %v; the longest of the pages of students: %v; the students of one class: %v",
		first, second, longest, get(fmt.Sprintf("/students?class=%d", sc.classes[0].id)))
}

// checkUndo writes a class of 100 with 20 assignments twice, each time as one
// batch, and takes the second back.
func (sc *school) checkUndo(t testing.TB) {
	t.Helper()
	var c schoolClass
	sc.make(len(sc.classes), &c, 100, schoolItems)
	cells := regexp.MustCompile(`"cells":\[.*?\]`)
	value := regexp.MustCompile(`"score":[\d.]+`)
	values := func() []string { return value.FindAllString(cells.FindString(sc.gradebook(&c)), -1) }
	first := sc.fill(&c, 0, 0)
	before := values()
	batch := sc.fill(&c, 1, first)
	if slices.Equal(values(), before) {
		t.Fatal("the batch changed nothing")
	}
	begun := time.Now()
	status, answer := sc.request(http.MethodPost, fmt.Sprintf("/classes/%d/undo", c.id), fmt.Sprintf(`{"revision":%d}`, batch))
	atMost(t, "undo of a batch of 2,000 cells", time.Since(begun).Round(time.Millisecond), 50*time.Millisecond)
	if status/100 != 2 {
		t.Fatalf("undo: %d %s", status, answer)
	}
	if after := values(); !slices.Equal(after, before) || len(after) != 2000 {
		t.Errorf("undone, the %d scores are not the %d there were", len(after), len(before))
	}
	if got := sc.metric(t, "gradebook_revision"); got != float64(batch+1) {
		t.Errorf("the undo ends with revision %v, want %d: one record", got, batch+1)
	}
}
