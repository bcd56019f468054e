package grades

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// truth is the log of a book as plain cells: at index r, what there is after
// record r and who wrote that record. It knows nothing of the Book.
type truth struct {
	grids  []grid
	actors []string
	olds   [][]string        // of a record, each cell with the revision it was changed from, as in observation.expected
	undone map[uint64]uint64 // revision → the one that undid it
	shown  map[string][]string
}

// readTruth reads the log of the book on a disk, each record of which must say
// what was there before.
func readTruth(t *testing.T, disk *disktest.Disk) *truth {
	t.Helper()
	s, err := store.Open("book", new(Book), store.Options{FS: disk})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out := &truth{grids: []grid{{}}, actors: []string{""}, olds: [][]string{nil}, shown: map[string][]string{}, undone: map[uint64]uint64{}}
	for entry, err := range s.Records(1) {
		if err != nil {
			t.Fatal(err)
		}
		g, olds := maps.Clone(out.grids[entry.Revision-1]), []string{}
		for c := range entry.Record.Cells.All() {
			cell := fmt.Sprintf("%d/%d", c.Student, c.Assignment)
			if old := g[cell]; c.Old != nil && (old.score != c.Old.Score.String() || old.revision != c.OldRevision) || c.Old == nil && old.score != "" {
				t.Errorf("record %d changes %s from %v at %d, and there was %v", entry.Revision, cell, c.Old, c.OldRevision, old)
			}
			olds = append(olds, fmt.Sprintf("%s@%d", cell, c.OldRevision))
			if delete(g, cell); c.New != nil {
				g[cell] = content{c.New.Score.String(), entry.Revision}
			}
		}
		out.undo(t, entry.Revision, entry.Record.Undoes)
		out.grids, out.actors, out.olds = append(out.grids, g), append(out.actors, entry.Record.Actor), append(out.olds, olds)
	}
	return out
}

// undo notes that a record undoes another, unless that is 0. It must not be
// undone already.
func (tr *truth) undo(t *testing.T, revision, undoes uint64) {
	t.Helper()
	if undoes == 0 {
		return
	}
	if by := tr.undoneBy(undoes); by != 0 {
		t.Errorf("record %d undoes record %d, which record %d has undone", revision, undoes, by)
	}
	tr.undone[undoes] = revision
}

// undoneBy returns what undid a record, 0 when that was undone as well.
func (tr *truth) undoneBy(revision uint64) uint64 {
	by := tr.undone[revision]
	if by == 0 || tr.undoneBy(by) != 0 {
		return 0
	}
	return by
}

// show returns what there is to see of something, after each record.
func (tr *truth) show(what string) []string {
	if tr.shown[what] != nil {
		return tr.shown[what]
	}
	kind, rest, _ := strings.Cut(what, " ")
	list := make([]string, len(tr.grids))
	for i, g := range tr.grids {
		switch averages := g.averages(); kind {
		case "cell":
			list[i] = g.part(func(cell string) bool { return cell == rest }).String()
		case "student":
			row := g.part(func(cell string) bool { return strings.HasPrefix(cell, rest+"/") })
			list[i] = row.String() + shownAverages(row.averages())
		case "class":
			list[i] = g.String() + shownAverages(averages)
		case "past":
			if r, _ := strconv.Atoi(rest); i >= r {
				list[i] = tr.show("class")[r]
			}
		case "history":
			list[i] = fmt.Sprint(tr.newest(i))
		case "changes":
			list[i] = fmt.Sprint(tr.after(rest, i))
		case "classes":
			list[i] = fmt.Sprint(len(g), " graded, median ", median(slices.Collect(maps.Values(averages))))
		case "statistics":
			list[i] = fmt.Sprint(len(g), " scores, mean ", mean(g.scores()), " at ", i)
		}
	}
	tr.shown[what] = list
	return list
}

// newest returns revision and actor of the last five records up to a revision
// that changed anything, newest first.
func (tr *truth) newest(revision int) (list []headline) {
	for r := revision; r > 0 && len(list) < 5; r-- {
		if len(tr.olds[r]) > 0 {
			list = append(list, headline{r, tr.actors[r]})
		}
	}
	return list
}

// after returns revision and actor of the records after one up to another.
func (tr *truth) after(revision string, last int) (list []headline) {
	first, _ := strconv.Atoi(revision)
	for r := first + 1; r <= last; r++ {
		list = append(list, headline{r, tr.actors[r]})
	}
	return list
}

// checkStart starts on a disk and reads the sample class as it is, and as it was
// after every third record.
func (tr *truth) checkStart(t *testing.T, disk *disktest.Disk) {
	t.Helper()
	s, err := onDisk(disk, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	check := func(kind, what, path string, r int) {
		t.Helper()
		_, body := s.request(t, "GET "+path, "")
		if _, got := readAnswer(t, kind, body); got != tr.show(what)[r] {
			t.Errorf("after a start %s shows %q, want %q", path, got, tr.show(what)[r])
		}
	}
	last := len(tr.grids) - 1
	check("class", "class", "/classes/1/gradebook", last)
	check("statistics", "statistics", "/statistics", last)
	check("history", "history", "/classes/1/history?limit=5", last)
	check("changes", fmt.Sprint("changes ", last/2), fmt.Sprint("/changes?limit=200&after=", last/2), last)
	for student := range 5 {
		check("student", fmt.Sprint("student ", student+1), fmt.Sprint("/students/", student+1), last)
	}
	for r := 1; r <= last; r += 3 {
		check("class", "class", fmt.Sprint("/classes/1/gradebook?at=", r), r)
	}
}

// explain gives each observation a place in the log, a read after the record
// that it was the last to see, such that whatever ended before something else
// began is not placed after it. It is an error if there is no such order, or if
// the log does not hold exactly the writes that were made.
func (tr *truth) explain(seen []observation) error {
	placed := map[string][]int{}
	for r, actor := range tr.actors {
		placed[actor] = append(placed[actor], r)
	}
	byEnd := slices.SortedFunc(slices.Values(seen), func(a, b observation) int { return cmp.Compare(a.end, b.end) })
	byBegin := slices.SortedFunc(slices.Values(seen), func(a, b observation) int { return cmp.Compare(a.begin, b.begin) })
	place := map[int64]int{} // by begin
	earliest := 0            // place for what begins now
	for _, o := range byBegin {
		for ; byEnd[0].end < o.begin; byEnd = byEnd[1:] {
			earliest = max(earliest, place[byEnd[0].begin])
		}
		at := -1
		switch {
		case o.what != "":
			from := tr.mustSee(o.what, earliest)
			if at = slices.Index(tr.show(o.what)[from:], o.saw); at >= 0 {
				at += from
			}
		default:
			var err error
			if at, err = tr.placeWrite(o, placed[o.writer], earliest); err != nil {
				return err
			}
		}
		if at < 0 {
			return fmt.Errorf("a read of %s that began after record %d was answered saw %q; record %d left %q, the last %q",
				o.what, earliest, o.saw, earliest, tr.show(o.what)[earliest], tr.show(o.what)[len(tr.grids)-1])
		}
		place[o.begin] = at
	}
	return nil
}

// mustSee is the record that a read of something must see at least, where all up
// to earliest are answered. Changes are given a part at a time, so of those the
// next one is enough.
func (tr *truth) mustSee(what string, earliest int) int {
	if after, ok := strings.CutPrefix(what, "changes "); ok {
		have, _ := strconv.Atoi(after)
		return min(earliest, have+1)
	}
	return earliest
}

// placeWrite returns the place of a write whose records are given, 0 for one
// that nobody knows to be made.
func (tr *truth) placeWrite(o observation, records []int, earliest int) (int, error) {
	switch {
	case len(records) > 1:
		return 0, fmt.Errorf("%s was made twice: %d", o.writer, records)
	case len(records) == 0 && o.fate == answered:
		return 0, fmt.Errorf("%s was told revision %d and is not in the log", o.writer, o.revision)
	case len(records) == 0:
		return 0, nil
	case o.fate == refused && len(tr.olds[records[0]]) > 0:
		return 0, fmt.Errorf("%s was refused and is record %d", o.writer, records[0])
	case o.fate == refused: // but its key was used
		return 0, nil
	case o.revision != 0 && int(o.revision) != records[0]:
		return 0, fmt.Errorf("%s was told revision %d and is record %d", o.writer, o.revision, records[0])
	case records[0] <= earliest:
		return 0, fmt.Errorf("%s is record %d, and record %d was answered before it began", o.writer, records[0], earliest)
	case o.expected != "" && !slices.Contains(tr.olds[records[0]], o.expected):
		return 0, fmt.Errorf("%s wanted to change %s and changed %s", o.writer, o.expected, tr.olds[records[0]])
	case o.fate == unknown:
		return 0, nil
	}
	return records[0], nil
}
