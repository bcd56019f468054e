package grades

import (
	"errors"
	"sort"
	"time"
)

// instant is a moment in the history of the book: what it was after the change
// of a revision, or at a time.
type instant struct {
	field    string // of the request that names it
	revision uint64
	at       time.Time // zero: that of the revision
}

// past returns a book in which nothing is but a class with everyone ever in it,
// as they were at an instant. It is a copy of the book as it is now from which
// the later changes are taken back, the newest first. when is the instant with
// both its revision and its time.
//
// The error is an *InvalidError for an instant that is yet to come, and a
// *NotFoundError when there was no such class then.
func past(from records, class int, when instant, now time.Time) (_ *Book, _ instant, err error) {
	var f *fork
	var revisions []uint64
	if viewed := from.View(func(b *Book) {
		var state *classState
		if state, err = b.everClass(class); err == nil {
			f, revisions = b.fork(state), state.revisions
		}
	}); viewed != nil || err != nil {
		return nil, when, errors.Join(viewed, err)
	}
	if when, err = f.resolve(from, when, revisions, now); err != nil {
		return nil, when, err
	}
	if when.revision < revisions[0] {
		return nil, when, since(from, class, revisions[0])
	}
	kept := sort.Search(len(revisions), func(i int) bool { return revisions[i] > when.revision })
	for r, err := range from.Backward(newestFirst([][]uint64{revisions[kept:]}, 0)) {
		if err != nil {
			return nil, when, err
		}
		f.takeBack(&r.Record)
	}
	f.class.Revision = revisions[kept-1]
	if f.class.removed != nil {
		return nil, when, notFound("class %d at that time; it was removed, and not yet brought back", class)
	}
	return &f.Book, when, f.sign(from)
}

// resolve completes an instant.
func (f *fork) resolve(from records, when instant, revisions []uint64, now time.Time) (instant, error) {
	switch {
	case !when.at.IsZero() && when.at.After(now):
		return when, invalid(when.field, "is %s, which is yet to come; give a time before now", when.at.Format(time.RFC3339))
	case !when.at.IsZero():
		var failed error
		n := sort.Search(len(revisions), func(i int) bool {
			r, err := from.Record(revisions[i])
			failed = errors.Join(failed, err)
			return r.At.After(when.at)
		})
		if when.revision = 0; n > 0 {
			when.revision = revisions[n-1]
		}
		return when, failed
	case when.revision > f.revision:
		return when, invalid(when.field, "is %d, and the newest change is %d; give that or one before it", when.revision, f.revision)
	case when.revision == 0:
		return when, nil
	}
	r, err := from.Record(when.revision)
	when.at = r.At
	return when, err
}

// since says that there was no class yet, and since when there is.
func since(from records, class int, revision uint64) error {
	r, err := from.Record(revision)
	if err != nil {
		return err
	}
	return notFound("class %d at that time; %s made it at %s, in change %d", class, r.Record.Actor, r.At.Format(time.RFC3339), revision)
}
