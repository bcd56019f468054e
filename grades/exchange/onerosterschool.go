package exchange

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"gradebook/grades"
)

// rosterSchool is a school as OneRoster has it.
type rosterSchool struct {
	oneRoster
	books    []*grades.Gradebook
	students []*grades.Student // of all classes, each once
	terms    []rosterTerm
	ids      rosterNames
	begin    time.Time // of all terms
	end      time.Time // exclusive
}

// rosterTerm is a term of some classes, by its title.
type rosterTerm struct {
	title string
	class int // the first class that has it
}

const schoolID = "gradebook/school"

// newSchool prepares what the files are made of. What has an id already keeps it.
func (f oneRoster) newSchool(books []*grades.Gradebook, ids rosterNames) *rosterSchool {
	s := &rosterSchool{oneRoster: f, books: slices.Clone(books), ids: ids}
	slices.SortStableFunc(s.books, func(a, b *grades.Gradebook) int { return cmp.Compare(a.Class.ID, b.Class.ID) })
	seen := map[int]bool{}
	for _, b := range s.books {
		s.ids.give("class", b.Class.ID, b.Class.ExternalID)
		if !slices.ContainsFunc(s.terms, func(t rosterTerm) bool { return t.title == b.Class.Term }) {
			s.terms = append(s.terms, rosterTerm{b.Class.Term, b.Class.ID})
		}
		for i := range b.Students {
			if student := &b.Students[i]; !seen[student.ID] {
				seen[student.ID] = true
				s.students = append(s.students, student)
			}
		}
		for i := range b.Assignments {
			s.ids.give("assignment", b.Assignments[i].ID, b.Assignments[i].ExternalID)
			s.cover(b.Assignments[i].Due)
		}
		for i := range b.Cells {
			s.cover(&b.Cells[i].At)
		}
	}
	slices.SortFunc(s.students, func(a, b *grades.Student) int { return cmp.Compare(a.ID, b.ID) })
	for _, student := range s.students {
		s.ids.give("student", student.ID, student.ExternalID)
	}
	s.setYears()
	return s
}

// cover has the terms include a time.
func (s *rosterSchool) cover(at *time.Time) {
	if at == nil || at.IsZero() {
		return
	}
	if s.begin.IsZero() || at.Before(s.begin) {
		s.begin = at.UTC()
	}
	if at.After(s.end) {
		s.end = at.UTC()
	}
}

// setYears has the terms be whole school years from August on, since the book has
// no dates of them and OneRoster requires some. They stay the same for a year, so
// that a delta does not have them.
func (s *rosterSchool) setYears() {
	august := func(t time.Time) time.Time {
		if t.Month() < time.August {
			t = t.AddDate(-1, 0, 0)
		}
		return time.Date(t.Year(), time.August, 1, 0, 0, 0, 0, time.UTC)
	}
	s.begin, s.end = august(s.begin), august(s.end).AddDate(1, 0, 0) // the end is exclusive
}

// rows are the rows of a file. Each is valid until the next.
func (s *rosterSchool) rows(file string) iter.Seq[[]string] {
	rows := map[string]func(yield func(...string) bool){
		"orgs": s.orgs, "academicSessions": s.sessions, "courses": s.courses, "categories": s.categories, "classes": s.classes,
		"users": s.users, "roles": s.roles, "enrollments": s.enrollments, "lineItems": s.lineItems, "results": s.results, "scoreScales": s.scales,
	}[file]
	return func(yield func([]string) bool) {
		var row []string
		rows(func(cells ...string) bool { // an id, and all after status and dateLastModified
			row = append(append(row[:0], cells[0], "", ""), cells[1:]...)
			return yield(row)
		})
	}
}

func (s *rosterSchool) orgs(yield func(...string) bool) {
	yield(schoolID, "School", "school", "", "")
}

// sessions has for each term a grading period too, for line items refer to one.
func (s *rosterSchool) sessions(yield func(...string) bool) {
	begin, end, year := date(s.begin), date(s.end), strconv.Itoa(s.end.Year())
	for _, t := range s.terms {
		none := none("title", t.title)
		if !yield(ourRosterID("term", t.class), orDash(t.title), "term", begin, end, "", year, none) ||
			!yield(ourRosterID("period", t.class), orDash(t.title), "gradingPeriod", begin, end, ourRosterID("term", t.class), year, none) {
			return
		}
	}
}

// term returns the number of a class's term.
func (s *rosterSchool) term(class *grades.Class) int {
	i := slices.IndexFunc(s.terms, func(t rosterTerm) bool { return t.title == class.Term })
	return s.terms[i].class
}

func (s *rosterSchool) courses(yield func(...string) bool) {
	for _, b := range s.books {
		if !yield(ourRosterID("course", b.Class.ID), "", b.Class.Title, "", "", schoolID, "", "") {
			return
		}
	}
}

func (s *rosterSchool) categories(yield func(...string) bool) {
	for _, b := range s.books {
		for i, c := range b.Class.Categories {
			row := []string{ourRosterID("category", b.Class.ID, i+1), c.Name}
			if s.is12() {
				weight := ""
				if b.Class.Weighting == grades.Weighted {
					weight = strconv.FormatInt(int64((c.Weight+grades.Points(1)/2)/grades.Points(1)), 10) // it must be whole
				}
				row = append(row, weight)
			}
			row = append(row, s.ids.of("class", b.Class.ID), c.Weight.String(), strconv.Itoa(c.DropLowest), strconv.Itoa(c.DropHighest))
			if !yield(row...) {
				return
			}
		}
	}
}

func (s *rosterSchool) classes(yield func(...string) bool) {
	for _, b := range s.books {
		c, scale := &b.Class, ""
		if !s.is12() {
			scale = writeScale(c.Scale)
		}
		if !yield(s.ids.of("class", c.ID), c.Title, "", ourRosterID("course", c.ID), "", "scheduled", "", schoolID,
			ourRosterID("term", s.term(c)), "", "", "", s.ids.other("class", c.ID, c.ExternalID), c.Weighting, scale, writeRules(c)) {
			return
		}
	}
}

func (s *rosterSchool) users(yield func(...string) bool) {
	for _, u := range s.students {
		login := cmp.Or(u.Login, ourRosterID("student", u.ID))
		row := []string{s.ids.of("student", u.ID), "true"}
		if !s.is12() {
			row = append(row, schoolID, "student")
		}
		row = append(row, login, "", orDash(u.FirstName), orDash(u.LastName), "", u.SISID, u.Email, "", "", "", "", "")
		if s.is12() {
			row = append(row, "", "", "", "", schoolID, "")
		}
		if !yield(append(row, s.ids.other("student", u.ID, u.ExternalID), none("givenName", u.FirstName, "familyName", u.LastName))...) {
			return
		}
	}
}

func (s *rosterSchool) roles(yield func(...string) bool) {
	for _, u := range s.students {
		if !yield(ourRosterID("role", u.ID), s.ids.of("student", u.ID), "primary", "student", "", "", schoolID, "") {
			return
		}
	}
}

func (s *rosterSchool) enrollments(yield func(...string) bool) {
	for _, b := range s.books {
		class := s.ids.of("class", b.Class.ID)
		for _, u := range b.Students {
			if !yield(ourRosterID("enrollment", b.Class.ID, u.ID), class, schoolID, s.ids.of("student", u.ID), "student", "false", "", "") {
				return
			}
		}
	}
}

func (s *rosterSchool) lineItems(yield func(...string) bool) {
	for _, b := range s.books {
		lowest := lowestScores(b)
		for i := range b.Assignments {
			a := &b.Assignments[i]
			due, exact := date(s.end), "none"
			if a.Due != nil {
				due, exact = date(*a.Due), a.Due.UTC().Format(time.RFC3339Nano)
			}
			begin := min(date(s.begin), due)
			category := slices.IndexFunc(b.Class.Categories, func(c grades.Category) bool { return c.Name == a.Category })
			row := []string{
				s.ids.of("assignment", a.ID), a.Title, "", begin, due, s.ids.of("class", b.Class.ID),
				ourRosterID("category", b.Class.ID, category+1), ourRosterID("period", s.term(&b.Class)), lowest[a.ID].String(), a.Points.String(),
			}
			if s.is12() {
				row = append(row, schoolID)
			}
			if !yield(append(row, s.ids.other("assignment", a.ID, a.ExternalID), exact, strconv.FormatBool(a.Posted), strconv.FormatBool(a.NeverDrop))...) {
				return
			}
		}
	}
}

// lowestScores are the lowest scores below 0 of each assignment.
func lowestScores(b *grades.Gradebook) map[int]grades.Score {
	lowest := map[int]grades.Score{}
	for i := range b.Cells {
		if c := &b.Cells[i]; c.Score != nil && *c.Score < lowest[c.Assignment] {
			lowest[c.Assignment] = *c.Score
		}
	}
	return lowest
}

func (s *rosterSchool) scales(yield func(...string) bool) {
	for _, b := range s.books {
		c := &b.Class
		if len(c.Scale) > 0 && !yield(ourRosterID("scale", c.ID), "Scale", "letter", schoolID, ourRosterID("course", c.ID), s.ids.of("class", c.ID), writeScale(c.Scale)) {
			return
		}
	}
}

func (s *rosterSchool) results(yield func(...string) bool) {
	for _, b := range s.books {
		class := s.ids.of("class", b.Class.ID)
		for i := range b.Cells {
			g := &b.Cells[i]
			status, score := scoreStatus(g), ""
			if g.Score != nil {
				score = g.Score.String()
			} else if !s.is12() {
				score = "0" // it requires one; the status says that it is none
			}
			row := []string{
				ourRosterID("result", g.Assignment, g.Student), s.ids.of("assignment", g.Assignment), s.ids.of("student", g.Student),
				status, score, date(g.At), g.Comment,
			}
			if s.is12() {
				yes := func(status string) string { return strconv.FormatBool(g.Status == status) }
				row = append(row, "", class, "", yes(grades.Incomplete), yes(grades.Late), yes(grades.Missing))
			}
			submitted := ""
			if g.Submitted != nil {
				submitted = g.Submitted.Format(time.RFC3339Nano)
			}
			if !yield(append(row, g.Status, submitted)...) {
				return
			}
		}
	}
}

// scoreStatus is the status of a grade as OneRoster has it.
func scoreStatus(g *grades.Grade) string {
	switch {
	case g.Status == grades.Excused || g.Status == grades.Unassigned:
		return scoreExempt
	case g.Score != nil && g.Status == grades.Incomplete:
		return scorePartially
	case g.Score != nil:
		return scoreFully
	case g.Submitted != nil || g.Status == grades.Late:
		return scoreSubmitted
	}
	return scoreNotSubmitted
}

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func orDash(name string) string { return cmp.Or(name, "-") }

// none names those columns, given with their values in turns, that are empty.
func none(columns ...string) string {
	var list []string
	for pair := range slices.Chunk(columns, 2) {
		if pair[1] == "" {
			list = append(list, pair[0])
		}
	}
	return strings.Join(list, " ")
}
