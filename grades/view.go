package grades

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// viewAt is the student with grades and totals at a time.
func (s *studentState) viewAt(now time.Time) StudentView {
	v := StudentView{Student: s.student(), Removed: s.removed, Grades: []StudentGrade{}, Totals: []ClassTotals{}}
	var current []Percent
	for _, e := range s.enrollments {
		if !e.active() {
			continue
		}
		for _, a := range e.class.assignments {
			if cell := e.row.find(a.ID); cell != nil && cell.scored {
				v.Grades = append(v.Grades, studentGrade(a, cell.grade(s.ID)))
			}
		}
		calculator := newCalculator(&e.class.Class, e.class.assignments)
		totals := calculator.totals(calculator.marks(e.row), now)
		v.Totals = append(v.Totals, ClassTotals{e.class.ID, e.class.Title, totals})
		if totals.Current.Percent != nil {
			current = append(current, *totals.Current.Percent)
		}
	}
	v.Average = meanPercent(current)
	return v
}

// json is the view as JSON. It is kept until something that it is made of
// changes, so that most requests cost no more than writing it.
func (s *studentState) json(now time.Time) ([]byte, error) {
	stamp := s.stamp()
	if kept := s.view.Load(); kept.good(stamp, now) {
		return kept.value, nil
	}
	body, err := json.Marshal(s.viewAt(now))
	if err != nil {
		return nil, err
	}
	kept := &cached[[]byte]{value: body, stamp: stamp}
	for _, e := range s.enrollments {
		kept.until = earliest(kept.until, e.class.nextDue(now))
	}
	s.view.Store(kept)
	return body, nil
}

// made reports whether json has nothing to do.
func (s *studentState) made(now time.Time) bool {
	return s.view.Load().good(s.stamp(), now)
}

// stamp is the revision of the last change to what the view is made of.
func (s *studentState) stamp() uint64 {
	stamp := s.changed
	for _, e := range s.enrollments {
		stamp = max(stamp, e.class.rules)
	}
	return stamp
}

// nextDue returns when the totals change without a change of the book: in a
// class that counts blanks 0 once they are due. Zero is never.
func (c *classState) nextDue(now time.Time) (next time.Time) {
	if c.BlankPolicy != ZeroOnceDue {
		return next
	}
	for _, a := range c.assignments {
		if a.Due != nil && !a.Due.Before(now) {
			next = earliest(next, *a.Due)
		}
	}
	return next
}

// earliest is the earlier of two times, of which zero is never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// page returns the students a query asks for, by id after the one it has seen,
// and the last id when there may be more. With removed, those who were removed
// are among them.
func (b *Book) page(class int, text string, removed bool, after, limit int) (list []*studentState, next int, err error) {
	var in *classState
	if class != 0 {
		if in, err = b.class(class); err != nil {
			return nil, 0, err
		}
	}
	text = strings.ToLower(strings.TrimSpace(text))
	rest := b.students[min(after, len(b.students)):]
	list = make([]*studentState, 0, min(limit, len(rest)))
	for _, s := range rest {
		if s.removed != nil && !removed || !s.matches(text) {
			continue
		}
		if in != nil {
			if e := s.enrollment(in); e == nil || e.removed != nil {
				continue
			}
		}
		if len(list) == limit {
			return list, list[limit-1].ID, nil
		}
		list = append(list, s)
	}
	return list, 0, nil
}

// matches reports whether the name, email or external id has the text, which
// is in lower case.
func (s *studentState) matches(text string) bool {
	return text == "" || slices.ContainsFunc([]string{s.Name(), s.Email, s.ExternalID}, func(have string) bool {
		return strings.Contains(strings.ToLower(have), text)
	})
}
