package grades

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// directory finds students by what a file says of them.
type directory struct {
	by   [ids + 1]map[string]*directoryEntry // the first with an id, or a name; next has the others
	book []directoryEntry                    // of the book, by id
}

// directoryEntry is a student that a row of a file may mean.
type directoryEntry struct {
	student Student
	state   *studentState // nil for one that the import makes
	change  int           // where the student is among the changes, from 1; 0 for not at all
	sheet   *sheetImport  // the last that meant the student
	line    int           // there
	next    [ids + 1]*directoryEntry
}

// here reports whether the student is in the class of a sheet.
func (e *directoryEntry) here(sheet *sheetImport) bool {
	if enrollment := e.enrollment(sheet); enrollment != nil {
		return enrollment.active()
	}
	return e.state == nil && e.sheet == sheet
}

// where says where a student is known from.
func (e *directoryEntry) where(sheet *sheetImport) string {
	if e.state == nil && e.sheet == sheet {
		return fmt.Sprintf(" in line %d", e.line)
	}
	return " in the book"
}

// enrollment is the student's in the class of a sheet, over or not, or nil.
func (e *directoryEntry) enrollment(sheet *sheetImport) *enrollment {
	if e.state == nil || sheet.state == nil {
		return nil
	}
	return e.state.enrollment(sheet.state)
}

// among are those of a list who are in the class of a sheet.
func among(list []*directoryEntry, sheet *sheetImport) (here []*directoryEntry) {
	for _, e := range list {
		if e.here(sheet) {
			here = append(here, e)
		}
	}
	return here
}

// ids is how many things stand for one student alone; see idNames.
const ids = 4

// What stands for students: the last of the ids is not theirs alone, and a name
// even less.
const (
	emailKind = ids - 1
	nameKind  = ids
)

// idNames are those things, the strongest first.
func idNames() [ids]string { return [...]string{"id", "SIS id", "login", "email"} }

// ids are what a student has of them. Nobody tells logins and addresses apart by
// letter case.
func (s *Student) ids() [ids]string {
	return [...]string{s.ExternalID, s.SISID, strings.ToLower(s.Login), strings.ToLower(s.Email)}
}

func newDirectory(b *Book) *directory {
	d := new(directory)
	for kind := range d.by {
		d.by[kind] = make(map[string]*directoryEntry)
	}
	d.book = make([]directoryEntry, len(b.students))
	for i, s := range b.students {
		if s.removed == nil {
			d.book[i] = directoryEntry{student: s.Student, state: s}
			d.add(&d.book[i])
		}
	}
	return d
}

func (d *directory) add(e *directoryEntry) {
	d.learn(e, new(Student))
	d.put(nameKind, folded(e.student.Name()), e)
}

// learn adds the ids that a student has now and did not have.
func (d *directory) learn(e *directoryEntry, old *Student) {
	before := old.ids()
	for kind, id := range e.student.ids() {
		if id != before[kind] {
			d.put(kind, id, e)
		}
	}
}

// own returns the student of a number that the book itself gave, if the name does
// not speak against it; nil without one.
func (d *directory) own(number int, in *Student) *directoryEntry {
	if number < 1 || number > len(d.book) {
		return nil
	}
	if e := &d.book[number-1]; e.state != nil && alike(&e.student, in) {
		return e
	}
	return nil
}

// put adds a student to those with an id or a name.
func (d *directory) put(kind int, key string, e *directoryEntry) {
	e.next[kind] = d.by[kind][key]
	d.by[kind][key] = e
}

// all returns the students with an id or a name, in the order they were added.
func (d *directory) all(kind int, key string) (list []*directoryEntry) {
	for e := d.by[kind][key]; e != nil; e = e.next[kind] {
		list = append(list, e)
	}
	slices.Reverse(list)
	return list
}

// folded is a name without regard to letter case and space.
func folded(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(name)), " ")
}

// find returns the student that a row of a sheet means, nil for one that is not
// known yet. An error says why that cannot be told for sure, and what to do; a
// doubt, what it took for granted.
func (d *directory) find(in *Student, sheet *sheetImport) (found *directoryEntry, doubt string, err error) {
	agree, by := 0, ""
	for kind, id := range in.ids() {
		e, err := d.one(kind, id, sheet)
		name := idNames()[kind] + " " + id
		switch {
		case err != nil:
			return nil, "", err
		case e == nil, kind == emailKind && !sameFirstName(&e.student, in): // families share an address
			continue
		case found == nil:
			found, by = e, name
		case found != e:
			return nil, "", fmt.Errorf("the %s is that of %s and the %s that of %s; correct one of them", by, found.student.Name(), name, e.student.Name())
		}
		agree++
	}
	switch {
	case found == nil:
		return d.byName(in, sheet)
	case agree < 2 && !alike(&found.student, in):
		return nil, "", fmt.Errorf("the %s is that of %s%s, and this line says %s; correct the id, or the name in the book if they are the same", by, found.student.Name(), found.where(sheet), in.Name())
	case agree < 2 && !sameFirstName(&found.student, in):
		return found, fmt.Sprintf("the %s is that of %s%s, and this line says %s: taken as the same student", by, found.student.Name(), found.where(sheet), in.Name()), nil
	}
	return found, "", nil
}

// one returns the student with an id, the one of the class if there are more.
func (d *directory) one(kind int, id string, sheet *sheetImport) (*directoryEntry, error) {
	found := d.all(kind, id)
	if id == "" || len(found) == 0 {
		return nil, nil
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if here := among(found, sheet); len(here) == 1 {
		return here[0], nil
	}
	if kind == emailKind {
		return nil, nil
	}
	return nil, fmt.Errorf("%d students have the %s %s; make it unique first", len(found), idNames()[kind], id)
}

// byName finds a student of whom no id is known. A name is enough in the class,
// where one student has it; elsewhere it is only when nobody there shares it and
// the row has no id that says otherwise.
func (d *directory) byName(in *Student, sheet *sheetImport) (found *directoryEntry, doubt string, err error) {
	var all []*directoryEntry
	same := d.all(nameKind, folded(in.Name()))
	for _, e := range same {
		if !contradict(&e.student, in) {
			all = append(all, e)
		}
	}
	here, known := among(all, sheet), in.ids() != [ids]string{}
	switch {
	case len(here) > 1:
		return nil, "", fmt.Errorf("%d students of the class are called %s; add a column with their ids", len(here), in.Name())
	case len(here) == 1 && len(among(same, sheet)) > 1:
		return nil, "", fmt.Errorf("%d students of the class are called %s, and none has what this line has for an id; add it to the one who is meant first", len(among(same, sheet)), in.Name())
	case len(here) == 1:
		return here[0], "", nil
	case len(all) > 1 && !known:
		return nil, "", fmt.Errorf("%d students are called %s, and none is in the class; add a column with their ids, or enroll the one who is meant first", len(all), in.Name())
	case len(all) == 1 && !known:
		return all[0], fmt.Sprintf("%s is matched by name alone with student %d, who is not in the class yet and would be enrolled", in.Name(), all[0].student.ID), nil
	case len(same) > 0 && same[0].state != nil:
		return nil, fmt.Sprintf("%s would be a new student: student %d has the name, but not what this line has for an id", in.Name(), same[0].student.ID), nil
	}
	return nil, "", nil
}

// contradict reports whether ids say that two students are not the same.
func contradict(a, b *Student) bool {
	theirs := b.ids()
	for kind, id := range a.ids() {
		if differ(id, theirs[kind]) {
			return true
		}
	}
	return false
}

// sharesID reports whether two students have an id in common.
func sharesID(a, b *Student) bool {
	theirs := b.ids()
	for kind, id := range a.ids() {
		if id != "" && id == theirs[kind] {
			return true
		}
	}
	return false
}

func differ(a, b string) bool { return a != "" && b != "" && a != b }

// alike reports whether two names share a word, as those of a student who has
// married do; of a student without a name nothing is known.
func alike(a, b *Student) bool { return shareWord(a.Name(), b.Name()) }

// sameFirstName is alike for those who share an address.
func sameFirstName(a, b *Student) bool {
	if a.FirstName == "" || b.FirstName == "" {
		return shareWord(a.Name(), b.Name())
	}
	return shareWord(a.FirstName, b.FirstName)
}

func shareWord(a, b string) bool {
	words := func(name string) []string {
		return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
	}
	theirs := words(b)
	mine := words(a)
	if len(mine) == 0 || len(theirs) == 0 {
		return folded(a) == folded(b) || folded(a) == "" || folded(b) == ""
	}
	have := make(map[string]bool, len(mine))
	for _, word := range mine {
		have[word] = true
	}
	for _, word := range theirs {
		if have[word] {
			return true
		}
	}
	return false
}
