package grades

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// step is a change of the book by somebody who repeats it until it is answered.
// One with a key is sent again as it is; whoever sends one without looks first
// whether it has been done.
type step struct{ line, body, header string }

// story makes every kind of record.
func story() []step {
	steps := []step{
		{"POST /classes", `{"title":"Physics","term":"Fall","weighting":"weighted","blankPolicy":"zeroAfterDue","categories":[{"name":"Lab","weight":60,"dropLowest":1},{"name":"Exam","weight":40}],"latePolicy":{"intervalHours":24,"percent":10,"floor":40}}`, ""},
		{"POST /students", `{"firstName":"Ana","lastName":"Ñandú","class":2,"externalID":"x-1"}`, ""},
		{"POST /students", `{"firstName":"Bo","lastName":"Berg","class":2}`, ""},
		{"POST /classes/2/assignments", `{"title":"Lab 1","category":"Lab","points":20,"due":"2026-01-10T12:00:00+02:00"}`, ""},
		{"POST /classes/2/assignments", `{"title":"Final","category":"Exam","points":100,"neverDrop":true}`, ""},
		{"PUT /classes/2/grades/6/4", `{"score":17.25,"comment":"well done"}`, "If-None-Match: *"},
		{"PUT /classes/2/grades/6/4", `{"score":18.5,"status":"late","submitted":"2026-01-11T09:00:00Z"}`, "If-Match: *"},
		{"PUT /classes/2/grades/7/4", `{"status":"excused"}`, "If-None-Match: *"},
		{"POST /classes/2/grades", `{"cells":[{"student":6,"assignment":5,"score":88},{"student":7,"assignment":5,"score":91.000001},{"student":7,"assignment":4,"score":3,"revision":9}]}`, ""},
		{"POST /classes/2/grades", `{"atomic":false,"cells":[{"student":6,"assignment":5,"score":1},{"student":6,"assignment":4,"revision":8}]}`, ""},
		{"PUT /classes/2/grades/7/5", `{}`, "If-Match: *"},
		{"POST /students/1/grades", `{"title":"Essay","type":"Writing","score":77}`, ""},
		{"POST /students/2/grades", `{"title":"Essay","type":"Writing","score":78}`, ""},
		{"POST /imports?format=plain", "title Art\nassignments Clay/10 Paint/5\na,Cy,Cole,9,EX\nb,Di,Dahl,,4\n", ""},
		{"POST /imports?format=plain&class=3", "title Art\nassignments Clay/10 Paint/5\na,Cy,Cole,10,EX\nb,Di,Dahl,8,4\nc,Ed,Eke,1,2\n", ""},
		{"PATCH /classes/2", `{"title":"Physics II","allowNegative":true}`, ""},
		{"PATCH /students/6", `{"email":"ana@example.org"}`, ""},
		{"PATCH /classes/2/assignments/4", `{"points":25,"due":null}`, ""},
		{"DELETE /classes/2/students/7", "", ""},
		{"POST /classes/2/students", `{"student":7}`, ""},
		{"DELETE /classes/2/assignments/5", "", ""},
		{"DELETE /students/8", "", ""},
		{"PATCH /classes/1", `{"archived":true}`, ""},
		{"DELETE /classes/3", "", ""},
		{"POST /classes/3/undo", `{"revision":25}`, ""},
		{"POST /students/8/undo", `{"revision":23}`, ""},
		{"POST /classes/2/undo", `{"revision":22}`, ""},
		{"POST /classes/3/undo", `{"revision":26,"overwrite":true}`, ""},
		{"POST /classes/2/undo", `{"revision":10,"overwrite":true}`, ""},
	}
	return keyed(steps)
}

// importStory makes records that are packed, because very much is changed.
func importStory() []step {
	file := func(score int) string {
		text := "title Art\nassignments"
		for i := range maxListed/3 + 1 {
			text += fmt.Sprintf(" W%d/9", i)
		}
		for _, name := range []string{"a,Cy,Cole", "b,Di,Dahl", "c,Ed,Eke"} {
			text += "\n" + name + strings.Repeat(fmt.Sprint(",", score), maxListed/3+1)
		}
		return text
	}
	return keyed([]step{
		{"POST /imports?format=plain", file(7), ""},
		{"POST /imports?format=plain&class=2", file(8), ""},
		{"PUT /classes/2/grades/6/4", `{"score":9}`, "If-Match: *"},
		{"POST /classes/2/undo", `{"revision":3,"overwrite":true}`, ""},
		{"POST /classes/2/undo", `{"revision":2,"overwrite":true}`, ""},
		{"POST /classes/2/undo", `{"revision":6}`, ""},
	})
}

// keyed gives each POST a key.
func keyed(steps []step) []step {
	for i, s := range steps {
		if strings.HasPrefix(s.line, "POST ") {
			steps[i].header = fmt.Sprintf("Idempotency-Key: step %d", i)
		}
	}
	return steps
}

// seen is all that is shown of the book, with its past.
func (s *service) seen(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	for _, path := range []string{
		"/classes?removed=true", "/students?removed=true", "/classes/1/gradebook", "/classes/2/gradebook", "/classes/3/gradebook",
		"/classes/1/history", "/classes/2/history", "/classes/3/history", "/students/6/history", "/students/8/history",
	} {
		resp, body := s.request(t, "GET "+path, "")
		fmt.Fprintln(&all, path, resp.StatusCode, body)
	}
	names := regexp.MustCompile(`"(name|title)":"[^"]*"`) // which are those of when somebody first asked
	for next := uint64(0); ; {
		var page struct {
			Changes []json.RawMessage
			Next    uint64
		}
		resp, body := s.request(t, fmt.Sprint("GET /changes?after=", next), "")
		if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Changes) == 0 {
			fmt.Fprintln(&all, "/changes", resp.StatusCode, body)
			return all.String()
		}
		for _, change := range page.Changes {
			fmt.Fprintf(&all, "%s\n", names.ReplaceAll(change, nil))
		}
		next = page.Next
	}
}

// telling is the story as it goes when nothing fails: what each step is
// answered, and the book before the first step and after each.
type telling struct {
	steps   []step
	answers []string
	books   []string
}

func tell(t *testing.T, steps []step) *telling {
	n := &narrator{telling: &telling{steps: steps}, disk: disktest.New()}
	s, err := n.open()
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	n.books = []string{s.seen(t)}
	for i := range n.steps {
		status, answer := n.send(t, s, i)
		if status/100 != 2 {
			t.Fatalf("step %d, %s: %s", i, n.steps[i].line, answer)
		}
		n.done++
		n.answers, n.books = append(n.answers, answer), append(n.books, s.seen(t))
	}
	return n.telling
}

// narrator tells the story to a service whose disk fails, goes on after each
// failure where it was, and compares.
type narrator struct {
	*telling
	what string
	disk *disktest.Disk
	r    *rand.Rand // of what a power cut leaves of what was not synced
	done int        // steps answered
}

func (n *narrator) open() (*service, error) {
	return onDisk(n.disk, store.Options{Now: func() time.Time { return time.Date(2026, 1, 5, 8, n.done, 0, 0, time.UTC) }})
}

// send sends a step and returns the answer, with what headers matter.
func (n *narrator) send(t *testing.T, s *service, i int) (status int, answer string) {
	t.Helper()
	var headers []string
	if n.steps[i].header != "" {
		headers = []string{n.steps[i].header}
	}
	resp, body := s.request(t, n.steps[i].line, n.steps[i].body, headers...)
	body = regexp.MustCompile(`"(id|created|expires)":"[^"]*"`).ReplaceAllString(body, "") // of an import: made up, and of the clock
	return resp.StatusCode, fmt.Sprint(resp.StatusCode, " ", resp.Header.Get("Location"), " ", body)
}

// live opens the service and tells on until the story ends or it fails.
func (n *narrator) live(t *testing.T) {
	t.Helper()
	s, err := n.open()
	if err != nil {
		return
	}
	defer s.stop()
	if !n.resume(t, s) {
		return
	}
	for n.done < len(n.steps) {
		status, answer := n.send(t, s, n.done)
		switch {
		case status == http.StatusInsufficientStorage:
			if got := s.seen(t); got != n.books[n.done] {
				t.Fatalf("%s: the disk was full at step %d, and now there is\n%s\nwant\n%s", n.what, n.done, got, n.books[n.done])
			}
			return
		case status/100 == 5:
			return
		case answer != n.answers[n.done]:
			t.Fatalf("%s: step %d, %s, is answered\n%s\nwant\n%s", n.what, n.done, n.steps[n.done].line, answer, n.answers[n.done])
		}
		n.done++
	}
}

// resume checks that the book is as after the steps that were answered, or also
// after the one whose answer never came; without a key that step is done then.
// It returns false when the service fails again.
func (n *narrator) resume(t *testing.T, s *service) bool {
	t.Helper()
	got := s.seen(t)
	switch {
	case strings.Contains(got, ` 503 {`) || strings.Contains(got, ` 500 {`): // stopped, or it cannot read the log
		return false
	case got == n.books[n.done]:
	case n.done < len(n.steps) && got == n.books[n.done+1]:
		if !strings.HasPrefix(n.steps[n.done].header, "Idempotency-Key") {
			n.done++
		}
	default:
		t.Fatalf("%s: %d steps were answered, and after a start there is\n%s\nwant\n%s", n.what, n.done, got, n.books[n.done])
	}
	return true
}

// finish tells the rest to a service that does not fail. Then all that has a key
// is sent once more: the answers are the same and nothing changes, also when the
// book is read from the log alone.
func (n *narrator) finish(t *testing.T) {
	t.Helper()
	n.disk.Intercept(nil)
	n.live(t)
	for _, without := range []string{"", "snapshots"} {
		if without != "" {
			removeSnapshots(t, n.disk)
		}
		s, err := n.open()
		if err != nil {
			t.Fatalf("%s: open: %v", n.what, err)
		}
		for i, step := range n.steps {
			if !strings.HasPrefix(step.header, "Idempotency-Key") {
				continue
			}
			if _, got := n.send(t, s, i); got != n.answers[i] {
				t.Errorf("%s: sent again, step %d is answered\n%s\nwant\n%s", n.what, i, got, n.answers[i])
			}
		}
		if got, want := s.seen(t), n.books[len(n.steps)]; got != want {
			t.Errorf("%s: without %q, the book is\n%s\nwant\n%s", n.what, without, got, want)
		}
		s.stop()
	}
}

func removeSnapshots(t *testing.T, disk *disktest.Disk) {
	t.Helper()
	names, err := disk.List("book")
	if err != nil {
		t.Fatal(err)
	}
	removed := 0
	for _, name := range names {
		if strings.HasSuffix(name, ".snapshot") {
			removed++
			if err := disk.Remove("book/" + name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if removed == 0 {
		t.Errorf("there is no snapshot among %q", names)
	}
}
