package grades

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"gradebook/service/store"
)

const (
	usualHistory   = 50   // changes on a page of history
	maxHistory     = 500  // at most
	maxHistorySize = 5000 // things that were changed: where they are more, the page ends early
	maxLookedAt    = 5000 // changes that are read for a page, a large one counting as many: where few match, it ends early
	usualChange    = 500  // things in a change that count as one more
)

// HistoryQuery selects changes. The zero value selects the newest 50.
type HistoryQuery struct {
	Student    int    // only what was done to the student; 0 for all
	Assignment int    // only what was done to the assignment; 0 for all
	By         string // only what this person did, in any letter case; "" for all
	Before     uint64 // only changes before this revision; 0 for all
	Limit      int    // 1 to 500; 0 is 50
}

// record is a record of the book with its revision.
type record = store.Entry[Record]

// records is where they are read, with the book that they led to: the store.
type records interface {
	Record(revision uint64) (record, error)
	Backward(revisions iter.Seq[uint64]) iter.Seq2[record, error] // newest first
	View(read func(b *Book)) error
}

// history is the changes of a part of the book, to be read from the newest to
// the oldest.
type history struct {
	from      records
	scope     scope
	revisions [][]uint64 // in order; a change may be in several
}

// classHistory is that of a class, which may be removed.
func (b *Book) classHistory(id int) (history, error) {
	class, err := b.everClass(id)
	if err != nil {
		return history{}, err
	}
	return history{scope: scope{class: id}, revisions: [][]uint64{class.revisions}}, nil
}

// studentHistory is that of a student, who may be removed, in all classes.
func (b *Book) studentHistory(id int) (history, error) {
	if id < 1 || id > len(b.students) {
		return history{}, notFound("student %d", id)
	}
	student := b.students[id-1]
	h := history{scope: scope{student: id}, revisions: [][]uint64{student.revisions}}
	for _, e := range student.enrollments {
		h.revisions = append(h.revisions, e.class.revisions)
	}
	return h, nil
}

// everClass returns the class with an id, be it removed or not, or a
// *NotFoundError.
func (b *Book) everClass(id int) (*classState, error) {
	if id < 1 || id > len(b.classes) {
		return nil, notFound("class %d", id)
	}
	return b.classes[id-1], nil
}

// has reports whether the change of a revision is one of the history's lists.
func (h history) has(revision uint64) bool {
	return slices.ContainsFunc(h.revisions, func(list []uint64) bool {
		_, found := slices.BinarySearch(list, revision)
		return found
	})
}

// page returns the changes that a query selects, the newest first, and the
// revision before which there may be more, 0 if there are none.
func (h history) page(q HistoryQuery) (list []Commit, more uint64, err error) {
	h.scope.student, h.scope.assignment = max(h.scope.student, q.Student), q.Assignment
	size, lookedAt := 0, 0
	list = []Commit{}
	for chunk, err := range h.chunks(q.Before) {
		if err != nil {
			return nil, 0, err
		}
		commits, err := h.commits(chunk, q.By)
		if err != nil {
			return nil, 0, err
		}
		for i := range commits {
			if len(list) == q.Limit || len(list) > 0 && size+commits[i].size() > maxHistorySize {
				return list, list[len(list)-1].Revision, nil
			}
			list, size = append(list, commits[i]), size+commits[i].size()
		}
		for _, r := range chunk {
			lookedAt += 1 + r.Record.size()/usualChange
		}
		if lookedAt >= maxLookedAt {
			return list, chunk[len(chunk)-1].Revision, nil
		}
	}
	return list, 0, nil
}

// chunks reads the records before a revision, 0 for all, some at a time.
func (h history) chunks(before uint64) iter.Seq2[[]record, error] {
	return func(yield func([]record, error) bool) {
		var chunk []record
		size := 0
		for r, err := range h.backward(before) {
			if err != nil {
				yield(nil, err)
				return
			}
			chunk, size = append(chunk, r), size+r.Record.size()
			if len(chunk) < usualHistory && size < maxHistorySize {
				continue
			}
			if !yield(chunk, nil) {
				return
			}
			chunk, size = nil, 0
		}
		if chunk != nil {
			yield(chunk, nil)
		}
	}
}

// backward reads the records before a revision, 0 for all, the newest first.
func (h history) backward(before uint64) iter.Seq2[record, error] {
	if h.scope.student > 0 && h.scope.assignment > 0 {
		return h.ofCell(cellKey{h.scope.student, h.scope.assignment}, before)
	}
	return h.from.Backward(newestFirst(h.revisions, before))
}

// ofCell reads only the records that wrote one cell: each names the one before.
func (h history) ofCell(key cellKey, before uint64) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		var revision uint64
		err := h.from.View(func(b *Book) {
			if c := b.findCell(key); c != nil {
				revision = c.revision
			}
		})
		for err == nil && revision > 0 {
			var r record
			if r, err = h.from.Record(revision); err != nil {
				break
			}
			if (before == 0 || revision < before) && !yield(r, nil) {
				return
			}
			change, found := r.Record.Cells.find(key)
			if !found {
				err = fmt.Errorf("record %d did not write the cell of student %d and assignment %d", revision, key.student, key.assignment)
				break
			}
			revision = change.OldRevision
		}
		if err != nil {
			yield(record{}, err)
		}
	}
}

// commits tells what the records did in the scope. Those that did nothing there
// are left out, and so are those that another made than by, "" for all.
func (h history) commits(chunk []record, by string) (list []Commit, err error) {
	err = h.from.View(func(b *Book) {
		for _, r := range chunk {
			if by != "" && !strings.EqualFold(by, r.Record.Actor) {
				continue
			}
			if c := b.commit(r, usual(h.scope)); c.size() > 0 {
				list = append(list, c)
			}
		}
	})
	return list, err
}

// newestFirst merges lists of revisions in order: what is below before, 0 for
// all, once each.
func newestFirst(lists [][]uint64, before uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		next := before
		if next == 0 {
			next = math.MaxUint64
		}
		rest := slices.Clone(lists)
		for {
			newest := uint64(0)
			for i, list := range rest {
				for len(list) > 0 && list[len(list)-1] >= next {
					at, _ := slices.BinarySearch(list, next)
					list = list[:at]
				}
				rest[i] = list
				if n := len(list); n > 0 {
					newest = max(newest, list[n-1])
				}
			}
			if newest == 0 || !yield(newest) {
				return
			}
			next = newest
		}
	}
}
