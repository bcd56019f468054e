package grades

import (
	"math"
	"time"
)

// Statistics says how everybody did in all classes, at one revision of the
// book. A student counts once in each class.
type Statistics struct {
	Classes  int               `json:"classes"`
	Students int               `json:"students"`
	Scores   PercentStatistics `json:"scores"`  // every score as a percentage of its points, unless those are 0
	Current  PercentStatistics `json:"current"` // of the current totals
	Final    PercentStatistics `json:"final"`   // of the final totals
	Revision uint64            `json:"revision"`
}

// survey makes statistics of all classes of a book that goes on changing. It
// looks at a few classes at a time, so that no writer waits for long, and again
// at those that changed meanwhile, until so few are left that they fit into the
// last look. That sees the book at one revision. Only when the writers are
// faster than the survey does the last look take all that is left, and have
// them wait for it.
type survey struct {
	view    func(func(b *Book)) error // see store.View
	now     time.Time
	workers int
	known   map[int]*surveyed // by class
}

// surveyed is what is known of a class. It is right while the class is at the
// revision.
type surveyed struct {
	revision uint64 // 0 when it changed between two looks at its students
	counted  *bookPart
}

// stretch is a part of the roster of a class.
type stretch struct{ class, from, to int }

// How many students fit into a look: a fraction of a millisecond's work, for
// between two looks there may be no more than one write, and into the last one.
const (
	lookSize     = 128
	lastLookSize = 1024
)

func newSurvey(view func(func(b *Book)) error, now time.Time, workers int) *survey {
	return &survey{view, now, workers, make(map[int]*surveyed)}
}

// run makes the statistics. An error is one of view.
func (s *survey) run() (*Statistics, error) {
	for before := math.MaxInt; ; {
		todo, left, revision, err := s.plan(before)
		if err != nil {
			return nil, err
		}
		if todo == nil {
			return s.statistics(revision), nil
		}
		if err := s.catchUp(todo); err != nil {
			return nil, err
		}
		before = left
	}
}

// plan is a look at what is left to do, and how much it is: nothing, if it was
// little enough to be done in this look, or not much less than before, and all
// is known at the revision then.
func (s *survey) plan(before int) (todo [][]stretch, left int, revision uint64, err error) {
	err = s.view(func(b *Book) {
		revision = b.revision
		todo, left = batches(s.outdated(b))
		if left <= lastLookSize || left > before/2 {
			found := make([][]*surveyed, len(todo))
			inParallel(s.workers, len(todo), func(i int) { found[i] = s.look(b, todo[i]) })
			s.take(todo, found)
			todo = nil
		}
	})
	return todo, left, revision, err
}

// catchUp looks at each batch for itself, several at a time.
func (s *survey) catchUp(todo [][]stretch) error {
	found, errs := make([][]*surveyed, len(todo)), make([]error, len(todo))
	inParallel(s.workers, len(todo), func(i int) {
		errs[i] = s.view(func(b *Book) { found[i] = s.look(b, todo[i]) })
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	s.take(todo, found)
	return nil
}

// outdated returns the rosters of the classes that are not known as they are
// now, in parts, and forgets the classes that were removed.
func (s *survey) outdated(b *Book) (list []stretch) {
	for _, class := range b.classes {
		if class.removed != nil {
			delete(s.known, class.ID)
			continue
		}
		if have := s.known[class.ID]; have != nil && have.revision == class.Revision {
			continue
		}
		for from := 0; from == 0 || from < len(class.roster); from += lookSize {
			list = append(list, stretch{class.ID, from, min(from+lookSize, len(class.roster))})
		}
	}
	return list
}

// batches puts together what fits into a look, and says how many students that
// is in all, of whom an empty class is one.
func batches(list []stretch) (all [][]stretch, students int) {
	size := 0
	for i, one := range list {
		n := max(one.to-one.from, 1)
		students += n
		if size += n; i == 0 || size > lookSize {
			all, size = append(all, nil), n
		}
		last := &all[len(all)-1]
		*last = append(*last, one)
	}
	return all, students
}

// look counts a batch on the book as it is.
func (s *survey) look(b *Book, batch []stretch) []*surveyed {
	found := make([]*surveyed, len(batch))
	for i, one := range batch {
		found[i] = &surveyed{counted: new(bookPart)}
		if class, err := b.class(one.class); err == nil {
			roster := class.roster[min(one.from, len(class.roster)):min(one.to, len(class.roster))]
			found[i] = &surveyed{class.Revision, class.count(roster, s.now).forBook(class)}
		}
	}
	return found
}

// take puts together what was found of each class.
func (s *survey) take(todo [][]stretch, found [][]*surveyed) {
	for i, batch := range todo {
		for k, one := range batch {
			if one.from == 0 {
				s.known[one.class] = found[i][k]
				continue
			}
			have := s.known[one.class]
			if have.revision != found[i][k].revision {
				have.revision = 0
			}
			have.counted.merge(found[i][k].counted)
		}
	}
}

// statistics are those of what is known.
func (s *survey) statistics(revision uint64) *Statistics {
	all := newBookPart()
	for _, class := range s.known { // in whatever order
		all.merge(class.counted)
	}
	return &Statistics{
		Classes: len(s.known), Students: all.students,
		Scores: all.scores.statistics(), Current: all.current.statistics(), Final: all.final.statistics(),
		Revision: revision,
	}
}
