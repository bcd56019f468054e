package grades

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// findClass finds the class of a sheet: the one that was asked for, the one with
// the file's id, or the one in use by title; or makes it.
func (s *sheetImport) findClass() error {
	said := &s.sheet.Class
	if s.o.Class != 0 {
		state, err := s.book.writable(s.o.Class)
		if err != nil {
			return err
		}
		return s.useClass(state)
	}
	var f faults
	title, id := f.line("title", s.sheet.Title), f.line("id", said.ExternalID)
	if own := s.ownClass(id); own != nil {
		return s.useClass(own)
	}
	if s.o.Title != "" {
		title = f.line("title", s.o.Title)
	}
	if err := f.err(); err != nil {
		return err
	}
	state, err := s.knownClass(title, id)
	switch {
	case err != nil:
		return err
	case state != nil:
		return s.useClass(state)
	case title == "" && id != "" && !said.Removed:
		s.refuse("", 1, "", "class %s is not in the book, and the file does not say what it is called; send the class first", id)
		s.report.Outcome = LineRemoved // nothing is to be said of what is in it
		return nil
	case title == "" && !said.Removed:
		return invalid("title", "is not given, and the file does not say; give class=, or title=")
	}
	return s.newClass(title, id)
}

// ownClass returns the class with an id that the book itself gave, nil without one.
func (s *sheetImport) ownClass(id string) *classState {
	if state, err := s.book.class(s.own.number(ownClass, id)); err == nil {
		return state
	}
	return nil
}

// ambiguousClassError is a class of a file that may be one of two.
type ambiguousClassError [2]*classState

func (e *ambiguousClassError) Error() string { return e.Unwrap().Error() }

// Unwrap returns the *InvalidError that it is to a request.
func (e *ambiguousClassError) Unwrap() error {
	return invalid("title", "is that of class %d and of class %d; give class= instead", e[0].ID, e[1].ID)
}

// question asks which it is.
func (e *ambiguousClassError) question() Question {
	return Question{
		Option: "class", Detail: fmt.Sprintf("two classes are called %s; give the number of the one that is meant", e[0].Title),
		Choices: []string{strconv.Itoa(e[0].ID), strconv.Itoa(e[1].ID)},
	}
}

// knownClass returns the class with an id of another system, or else the one in
// use of a title; nil without one.
func (s *sheetImport) knownClass(title, id string) (found *classState, err error) {
	for _, by := range []func(c *Class) bool{
		func(c *Class) bool { return id != "" && c.ExternalID == id },
		func(c *Class) bool {
			return title != "" && c.Title == title && !c.Archived && !differ(c.ExternalID, id)
		},
	} {
		for _, state := range s.book.classes {
			switch {
			case state.removed != nil || !by(&state.Class):
			case found != nil:
				return nil, &ambiguousClassError{found, state}
			default:
				found = state
			}
		}
		if found != nil {
			return found, nil
		}
	}
	return nil, nil
}

func (s *sheetImport) useClass(state *classState) error {
	if err := state.writable(); err != nil {
		return err
	}
	if slices.ContainsFunc(s.sheets, func(other *sheetImport) bool { return other.state == state }) {
		s.refuse("", 1, "", "the file has class %s twice; leave one of them out", state.Title)
	}
	s.state, s.class = state, state.Class
	s.report = ImportClass{ID: state.ID, Title: state.Title, Outcome: LineUnchanged, Columns: []ImportColumn{}}
	if s.sheet.Class.Removed {
		s.report.Outcome = LineRemoved
		old := state.Class
		s.changes.Classes = append(s.changes.Classes, Change[Class]{Old: &old})
		return nil
	}
	s.addToClass()
	return s.checkClass()
}

// addToClass adds what the file says of a known class and the book does not.
func (s *sheetImport) addToClass() {
	said := &s.sheet.Class
	if s.class.ExternalID == "" && s.own.number(ownClass, said.ExternalID) == 0 {
		s.class.ExternalID = said.ExternalID
	}
	if differ(s.class.ExternalID, said.ExternalID) && s.own.number(ownClass, said.ExternalID) == 0 {
		s.detail("its id %s is kept; the file says %s", s.class.ExternalID, said.ExternalID)
	}
	if s.class.Term == "" {
		s.class.Term = said.Term
	}
	if differ(s.class.Term, said.Term) {
		s.detail("the term %s is kept; the file says %s", s.class.Term, said.Term)
	}
	if differ(s.class.Weighting, said.Weighting) {
		s.detail("its total stays by %s; the file says %s", s.class.Weighting, said.Weighting)
	}
	for _, c := range said.Categories {
		at := slices.IndexFunc(s.class.Categories, func(have Category) bool { return have.Name == c.Name })
		switch {
		case at < 0:
			s.detail("the file's category %s is added when an assignment needs it", c.Name)
		case s.class.Categories[at].Weight != c.Weight && s.class.Weighting == Weighted:
			s.detail("category %s keeps its weight of %s; the file says %s", c.Name, s.class.Categories[at].Weight, c.Weight)
		}
	}
	if said.Rules != nil && *said.Rules != NewSheetRules(&s.class) {
		s.detail("its rules for blanks, and for missing, late and negative work, are kept; the file has others")
	}
	if said.Scale != nil && !slices.Equal(said.Scale, s.class.Scale) {
		s.detail("its scale of letters is kept; the file has another")
	}
}

func (s *sheetImport) newClass(title, id string) error {
	if slices.ContainsFunc(s.sheets, func(other *sheetImport) bool {
		return other.state == nil && other.class.Title == title && !differ(other.class.ExternalID, id)
	}) {
		s.refuse("", 1, "", "the file has class %s twice; leave one of them out", title)
	}
	made := 0
	for _, other := range s.sheets {
		if other.report.Outcome == LineCreated {
			made++
		}
	}
	said := &s.sheet.Class
	if said.Removed {
		s.report = ImportClass{Title: title, Outcome: LineRemoved, Columns: []ImportColumn{}}
		s.detail("the file removes it, and it is not in the book")
		return nil
	}
	s.class = newClass(len(s.book.classes) + 1 + made)
	s.class.Title, s.class.ExternalID, s.class.Term = title, id, said.Term
	if said.Weighting != "" {
		s.class.Weighting = said.Weighting
	}
	if said.Categories != nil {
		s.class.Categories = said.Categories
	}
	if said.Scale != nil {
		s.class.Scale = said.Scale
	}
	if r := said.Rules; r != nil {
		s.class.BlankPolicy, s.class.MissingDeduction, s.class.LatePolicy, s.class.AllowNegative = r.BlankPolicy, r.MissingDeduction, r.LatePolicy, r.AllowNegative
	}
	s.report = ImportClass{ID: s.class.ID, Title: title, Outcome: LineCreated, Columns: []ImportColumn{}}
	return s.checkClass()
}

func (s *sheetImport) detail(format string, args ...any) {
	s.report.Details = append(s.report.Details, fmt.Sprintf(format, args...))
}

// checkClass has the rules of the class checked.
func (s *sheetImport) checkClass() error {
	err := s.class.check()
	if wrong, ok := errors.AsType[*InvalidError](err); ok {
		for _, fault := range wrong.Faults {
			s.refuse("", 1, "", "class %s: %s %s", s.class.Title, fault.Field, fault.Detail)
		}
		return nil
	}
	s.rules.Class = s.class
	return err
}

// settle concludes what changes about the class itself.
func (s *sheetImport) settle() {
	class := s.class
	if s.state == nil {
		s.changes.Classes = append(s.changes.Classes, Change[Class]{New: &class})
		return
	}
	if old := s.state.Class; !reflect.DeepEqual(old, class) {
		s.report.Outcome = LineChanged
		s.changes.Classes = append(s.changes.Classes, Change[Class]{Old: &old, New: &class})
	}
}
