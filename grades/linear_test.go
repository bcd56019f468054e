package grades

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

var linear = flag.Int("linear", 6, "how often TestLinearizable lets 64 writers and 64 readers at the sample class")

// observation is a request and what its answer said.
type observation struct {
	begin, end int64  // on a clock that all share
	what       string // what was looked at, as in truth.show, or "" for a write
	saw        string
	writer     string // of a write: its actor, which no other write has
	revision   uint64 // of a write that was told it
	expected   string // of a write: the cell and revision it named, "" for none
	fate       fate
}

type fate int

const (
	answered fate = iota // read, or made
	refused              // 4xx: it was not made
	unknown              // 5xx: it may have been made
)

// crowd is many clients of one service.
type crowd struct {
	*service
	t     *testing.T
	clock atomic.Int64
	mu    sync.Mutex // guards seen
	seen  []observation
}

func (c *crowd) note(o observation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = append(c.seen, o)
}

// ask makes a request and notes when.
func (c *crowd) ask(o *observation, line, body string, headers ...string) (status int, answer string) {
	o.begin = c.clock.Add(1)
	resp, answer := c.request(c.t, line, body, headers...)
	o.end = c.clock.Add(1)
	return resp.StatusCode, answer
}

// look reads something and notes what it saw. It returns the cells of it.
func (c *crowd) look(what string) map[string]shownCell {
	kind, rest, _ := strings.Cut(what, " ")
	o := observation{what: what}
	path := map[string]string{
		"cell": "/classes/1/grades/" + rest, "student": "/students/" + rest, "class": "/classes/1/gradebook",
		"classes": "/classes", "statistics": "/statistics",
		"past": "/classes/1/gradebook?at=" + rest, "history": "/classes/1/history?limit=5",
		"changes": "/changes?wait=2ms&after=" + rest,
	}[kind]
	status, body := c.ask(&o, "GET "+path, "")
	if status >= 500 {
		return nil
	}
	var cells map[string]shownCell
	cells, o.saw = readAnswer(c.t, kind, body)
	c.note(o)
	return cells
}

// write makes one of the ways to write cells, with a score that nobody else
// writes.
func (c *crowd) write(r *rand.Rand, writer string, score int) {
	o := observation{writer: writer}
	actor := "Gradebook-Actor: " + writer
	student, assignment := 1+r.IntN(5), 1+r.IntN(3)
	cell := fmt.Sprintf("%d/%d", student, assignment)
	var status int
	var body string
	switch r.IntN(7) {
	case 0: // whatever is there
		status, body = c.ask(&o, "PUT /classes/1/grades/"+cell, fmt.Sprintf(`{"score":%d}`, score), actor, "If-Match: *")
	case 1: // what it has seen
		old, ok := c.look("cell " + cell)[cell]
		if !ok {
			return
		}
		o.expected = fmt.Sprintf("%s@%d", cell, old.Revision)
		status, body = c.ask(&o, "PUT /classes/1/grades/"+cell, fmt.Sprintf(`{"score":%d}`, score), actor, fmt.Sprintf(`If-Match: "r%d"`, old.Revision))
	case 2: // empty it
		status, body = c.ask(&o, "PUT /classes/1/grades/"+cell, `{}`, actor, "If-Match: *")
	case 3: // a whole row as seen, as one
		status, body = c.ask(&o, "POST /classes/1/grades", c.row(student, score), actor)
	case 4: // each cell of a column as seen, if it is still so
		status, body = c.ask(&o, "POST /classes/1/grades", strings.Replace(c.column(assignment, score), "{", `{"atomic":false,`, 1), actor, "Idempotency-Key: "+writer)
	case 5: // take back what is in it, with all that was written with it
		old, ok := c.look("cell " + cell)[cell]
		if !ok || old.Revision == 1 {
			return
		}
		status, body = c.ask(&o, "POST /classes/1/undo", fmt.Sprintf(`{"revision":%d,"overwrite":%v}`, old.Revision, r.IntN(2) == 0), actor)
	default: // an empty cell, by title
		title := []string{"Quiz 1", "Week 1 Homework", "Quiz 2"}[assignment-1]
		status, body = c.ask(&o, fmt.Sprintf("POST /students/%d/grades", student), fmt.Sprintf(`{"title":%q,"score":%d}`, title, score), actor, "Idempotency-Key: "+writer)
	}
	switch {
	case status >= 500:
		o.fate = unknown
	case status >= 400:
		o.fate = refused
	case status != http.StatusNoContent:
		o.revision = revisionOf(c.t, body)
	}
	if o.fate == answered && o.revision == 0 && status != http.StatusNoContent {
		o.fate = refused // a batch none of whose cells was still so
	}
	c.note(o)
}

func (c *crowd) row(student, score int) string {
	return batchOf(c.look(fmt.Sprint("student ", student)), score, func(cell string) bool { return true })
}

func (c *crowd) column(assignment, score int) string {
	return batchOf(c.look("class"), score, func(cell string) bool { return strings.HasSuffix(cell, fmt.Sprint("/", assignment)) })
}

// batchOf is a batch that writes a score into cells as they were seen.
func batchOf(cells map[string]shownCell, score int, chosen func(cell string) bool) string {
	var list []string
	for cell, c := range cells {
		if chosen(cell) {
			list = append(list, fmt.Sprintf(`{"student":%d,"assignment":%d,"score":%d,"revision":%d}`, c.Student, c.Assignment, score, c.Revision))
		}
	}
	return `{"cells":[` + strings.Join(list, ",") + `]}`
}

// Whatever 64 writers and 64 readers of the same cells are told is what one
// after the other would be told, in an order that is that of revisions and goes
// against nobody's clock. Syncs are slow, and the power goes out at any time:
// what anybody has read is still there afterwards.
func TestLinearizable(t *testing.T) {
	t.Parallel()
	for seed := range uint64(*linear) {
		var c *crowd
		disk, r := disktest.New(), rand.New(rand.NewPCG(5, seed))
		synctest.Test(t, func(t *testing.T) { c = let64At(t, disk, r) })
		disk = disk.Restart(r)
		records := readTruth(t, disk)
		if err := records.explain(c.seen); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		records.checkStart(t, disk)
		made := len(records.actors) - 1
		if t.Logf("seed %d: %d observations, %d changes, %d undone", seed, len(c.seen), made, len(records.undone)); made < 5 {
			t.Errorf("seed %d: only %d changes were made", seed, made)
		}
	}
}

// let64At lets 64 writers and 64 readers at a service, mostly until the power
// goes out.
func let64At(t *testing.T, disk *disktest.Disk, r *rand.Rand) *crowd {
	s, err := onDisk(disk, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	cut := 20 + r.IntN(100) // some of these are never reached
	delay := rand.New(rand.NewPCG(r.Uint64(), 6))
	var mu sync.Mutex // guards cut and delay
	disk.Intercept(func(op disktest.Op) error {
		if op.Name == "read" || op.Name == "open" || op.Name == "size" {
			runtime.Gosched()
			return nil
		}
		mu.Lock()
		cut--
		now, slow := cut, delay.IntN(4)
		mu.Unlock()
		if now == 0 {
			return disktest.ErrCrashed
		}
		if op.Name == "sync" {
			time.Sleep(time.Duration(slow) * time.Millisecond)
		}
		return nil
	})
	c := &crowd{service: s, t: t}
	var all sync.WaitGroup
	for i := range 64 {
		mine := rand.New(rand.NewPCG(r.Uint64(), uint64(i)))
		all.Go(func() {
			for n := range 5 {
				c.write(mine, fmt.Sprintf("w%d.%d", i, n), 1000*i+n+1)
				time.Sleep(time.Duration(mine.IntN(3)) * time.Millisecond)
			}
		})
		theirs := rand.New(rand.NewPCG(r.Uint64(), uint64(i)))
		all.Go(func() {
			for range 5 {
				student := 1 + theirs.IntN(5)
				latest := uint64(1)
				for _, cell := range c.look("class") {
					latest = max(latest, cell.Revision)
				}
				whats := []string{fmt.Sprint("changes ", latest), fmt.Sprint("changes ", theirs.Uint64N(latest)), fmt.Sprint("past ", latest), "history", "classes", "statistics", fmt.Sprint("student ", student), fmt.Sprintf("cell %d/%d", student, 1+theirs.IntN(3))}
				c.look(whats[theirs.IntN(len(whats))])
				time.Sleep(time.Duration(theirs.IntN(3)) * time.Millisecond)
			}
		})
	}
	all.Wait()
	return c
}
