package grades

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"gradebook/service/store"
)

// What was added comes back as it was, and from JSON as well, and both are packed
// alike, so that more can be added to either.
func TestCellChanges(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	for n := range 60 {
		n *= 1 + n%2*16 // some are listed, some packed
		var l CellChanges
		var want []string
		for range n {
			c := randomCellChange(rng)
			if rng.IntN(9) == 0 {
				c.Student, c.Assignment, c.OldRevision = rng.Int(), -rng.Int(), math.MaxUint64
			}
			l.Add(&c)
			want = append(want, asJSON(t, c))
		}
		var read CellChanges
		if err := json.Unmarshal([]byte(asJSON(t, l)), &read); err != nil {
			t.Fatal(err)
		}
		for _, l := range []*CellChanges{&l, &read} {
			got := []string{}
			for c := range l.All() {
				got = append(got, asJSON(t, c))
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") || l.Len() != n || l.IsZero() != (n == 0) {
				t.Fatalf("got %d:\n%s\nwant %d:\n%s", l.Len(), strings.Join(got, "\n"), n, strings.Join(want, "\n"))
			}
		}
		last := randomCellChange(rng)
		l.Add(&last)
		read.Add(&last)
		if string(l.packed) != string(read.packed) {
			t.Fatalf("%d changes and one more are packed as %x, and read from JSON first as %x", n, l.packed, read.packed)
		}
	}
}

// Books on disk have packed changes: what each byte means stays as it is.
func TestPackedFormStays(t *testing.T) {
	due := time.Date(2026, 11, 21, 8, 30, 0, 5, time.FixedZone("", 3600))
	l := cellChangesOf(
		CellChange{Student: 1, Assignment: 1, New: &CellValue{Score: new(Points(85))}},
		CellChange{Student: 1, Assignment: 2, New: &CellValue{Score: new(Score(-1_250_000)), Status: Late, Submitted: &due, Comment: "é"}},
		CellChange{Student: 3, Assignment: 1, OldRevision: 7, Old: &CellValue{Status: Excused}},
		CellChange{Student: 3, Assignment: 2, OldRevision: 9, Old: &CellValue{Comment: "x"}, New: &CellValue{Status: Unassigned}},
	)
	if got, want := fmt.Sprintf("%x", l.packed), "1102005510d47d01f0a18ab00d05a03802c3a90f04010e3a1c04b80001783e"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A grade that is new takes 3 bytes and its score.
func TestCellChangesAreSmall(t *testing.T) {
	var l CellChanges
	for student := range 100 {
		for assignment := range 100 {
			l.Add(&CellChange{Student: student + 1, Assignment: assignment + 1, New: &CellValue{Score: new(Score(955 * scoreUnit / 10))}})
		}
	}
	if len(l.packed) > 42_000 {
		t.Errorf("10,000 grades take %d bytes", len(l.packed))
	}
}

// Text that is no changes is refused, however little is wrong with it; what is
// taken can be read.
func TestCellChangesRefuse(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 2))
	var l CellChanges
	for range maxListed + 1 {
		c := randomCellChange(rng)
		l.Add(&c)
	}
	good := asJSON(t, l)
	bad := []string{`""`, `"AA="`, `"!"`, `"/////////w8="`, `[{"s":1,"a":1,"new":{"status":"ill"}}]`, `7`, `{}`}
	for i := 4; i < len(good)-4; i += 4 {
		bad = append(bad, good[:i+1]+`"`)
	}
	for _, text := range bad {
		if err := json.Unmarshal([]byte(text), new(CellChanges)); err == nil {
			t.Errorf("%.50s of %d bytes is taken", text, len(text))
		}
	}
	for range 5000 {
		text := []byte(good)
		text[1+rng.IntN(len(good)-2)] = "ABCXYZabcxyz0189+/"[rng.IntN(18)]
		var l CellChanges
		if json.Unmarshal(text, &l) != nil {
			continue
		}
		n := 0
		for c := range l.All() {
			if n++; c.Old != nil && !isStatus(c.Old.Status) {
				t.Fatalf("a change with status %q was taken", c.Old.Status)
			}
		}
		if n != l.Len() {
			t.Fatalf("%d of %d changes can be read", n, l.Len())
		}
	}
}

// undone is what takes changes back in the worst case: every cell was written
// again since, each in another change.
func undone(rng *rand.Rand, l *CellChanges) (out CellChanges) {
	for c := range l.All() {
		out.Add(&CellChange{Student: c.Student, Assignment: c.Assignment, Old: c.New, New: c.Old, OldRevision: rng.Uint64()})
	}
	return out
}

// An undo has room, whatever it undoes.
func TestUndoHasRoom(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 3))
	for range 50 {
		var l CellChanges
		for range maxListed + 1 + rng.IntN(500) {
			c := randomCellChange(rng)
			if c.OldRevision = 0; rng.IntN(2) == 0 {
				c = CellChange{Student: c.Student, Assignment: c.Assignment, New: &CellValue{Score: new(Score)}}
			}
			l.Add(&c)
		}
		undo := undone(rng, &l)
		if room := len(asJSON(t, l)) + undoRoom*l.Len(); len(asJSON(t, undo)) > room+4 {
			t.Errorf("the undo of %d changes takes %d bytes, and there is room for %d", l.Len(), len(asJSON(t, undo)), room)
		}
	}
}

// The largest change there may be can be undone; one that is larger is refused.
func TestLargestRecord(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 4))
	r := Record{Version: packedVersion, Action: "import", Actor: "Ines"}
	c := CellChange{New: &CellValue{Score: new(Score)}}
	for (4+undoRoom)*r.Cells.Len() < maxRecord-200 {
		c.Assignment++
		r.Cells.Add(&c)
	}
	if _, err := r.AppendJSON(nil); err != nil {
		t.Fatalf("%d cells: %v", r.Cells.Len(), err)
	}
	undo := r
	undo.Undoes, undo.Cells = 1, undone(rng, &r.Cells)
	text, err := undo.AppendJSON(nil)
	if err != nil || len(text) > store.MaxRecord*3/4 {
		t.Errorf("the undo of %d cells has %d bytes, %v", r.Cells.Len(), len(text), err)
	}
	for range maxRecord / 100 {
		c.Assignment++
		r.Cells.Add(&c)
	}
	_, err = r.AppendJSON(nil)
	large, ok := errors.AsType[*store.TooLargeError](err)
	if !ok {
		t.Fatalf("%d cells: %v, want a *TooLargeError", r.Cells.Len(), err)
	}
	if p := problems(fmt.Errorf("encode record: %w", large)); p == nil || p.Status != http.StatusRequestEntityTooLarge || !strings.Contains(p.Detail, "make it in smaller parts") {
		t.Errorf("it is answered with %+v, want 413", p)
	}
}

// A million changes are added, written, read and looked at.
func BenchmarkCellChanges(b *testing.B) {
	for b.Loop() {
		var l CellChanges
		score := new(Score)
		for i := range 1_000_000 {
			*score = Score(i % 101 * scoreUnit / 2)
			l.Add(&CellChange{Student: i / 100, Assignment: i % 100, New: &CellValue{Score: score}})
		}
		text := l.appendJSON(nil)
		var read CellChanges
		if err := read.UnmarshalJSON(text); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(text)), "bytes")
	}
}
