package grades

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// enroll takes a student into a class, or back into it, with the grades the
// student had there.
func (b *Book) enroll(class, student int) (decision, error) {
	state, err := b.writable(class)
	if err != nil {
		return decision{}, err
	}
	who, err := b.student(student)
	if err != nil {
		return decision{}, invalid("student", "%v; create the student first", err)
	}
	answer := who.student()
	d := decision{action: "enroll student"}
	if !slices.Contains(answer.Classes, class) {
		d.changes.Enrollments = []EnrollmentChange{{state.ID, student, true}}
		d.location = fmt.Sprint("/students/", student)
		answer.Classes = append(answer.Classes, class)
	}
	d.answer = answer
	return d, nil
}

func (b *Book) unenroll(class, student int) (decision, error) {
	state, err := b.writable(class)
	if err != nil {
		return decision{}, err
	}
	if _, err := b.enrolled(state, student); err != nil {
		return decision{}, err
	}
	return decision{action: "unenroll student", changes: Changes{Enrollments: []EnrollmentChange{{class, student, false}}}}, nil
}

// addGrade fills a cell that is found, or made, by the assignment's title.
func (b *Book) addGrade(student int, in GradeInput, actor string, at time.Time) (decision, error) {
	who, err := b.student(student)
	if err != nil {
		return decision{}, err
	}
	var f faults
	in.Title, in.Type = f.required("title", in.Title), f.line("type", in.Type)
	e := b.gradeClass(&f, who, in.Class)
	if e == nil {
		return decision{}, f.err()
	}
	if err := e.class.writable(); err != nil {
		return decision{}, err
	}
	cell := CellInput{Student: student, Score: &in.Score}
	value := e.class.checkCell(&f, &cell)
	var changes Changes
	a := e.class.byTitle[in.Title]
	var old *Grade
	if a != nil {
		old = e.grade(a.ID)
	}
	switch {
	case a == nil:
		a = b.assignmentFor(&f, &changes, e.class, in)
	case !old.empty() && len(f) == 0:
		return decision{}, &ConflictError{
			Detail:  fmt.Sprintf("%s has %s for %q already; to change it PUT %s with If-Match", who.Name(), old.text(), a.Title, cellPath(e.class.ID, student, a.ID)),
			Current: *old,
		}
	case in.Type != "" && in.Type != a.Category:
		f.add("type", "is %.40q, but %q is in category %s; give that, or leave type out", in.Type, a.Title, a.Category)
	}
	if err := f.err(); err != nil {
		return decision{}, err
	}
	changes.Cells = cellChangesOf(cellChange(old, student, a.ID, value))
	return decision{
		action:   "enter grade",
		changes:  changes,
		answer:   studentGrade(a, newGrade(student, a.ID, value, b.revision+1, actor, at)),
		location: cellPath(e.class.ID, student, a.ID),
	}, nil
}

// gradeClass returns the enrollment that a grade is for: in the class with an
// id, or for 0 in the student's only class, archived ones aside.
func (b *Book) gradeClass(f *faults, who *studentState, class int) *enrollment {
	var list, archived []*enrollment
	for _, e := range who.enrollments {
		switch {
		case !e.active() || class != 0 && class != e.class.ID:
		case e.class.Archived:
			archived = append(archived, e)
		default:
			list = append(list, e)
		}
	}
	if list == nil {
		list = archived
	}
	switch {
	case len(list) == 1:
		return list[0]
	case len(list) > 1:
		names := make([]string, len(list))
		for i, e := range list {
			names[i] = fmt.Sprintf("%d (%s)", e.class.ID, e.class.Title)
		}
		f.add("class", "is not given, and %s is in several; give one of %s", who.Name(), strings.Join(names, ", "))
	case class != 0:
		f.add("class", "is %d, and %s is not in it; enroll the student first", class, who.Name())
	default:
		f.add("class", "is not given, and %s is in none; enroll the student first", who.Name())
	}
	return nil
}

// assignmentFor makes an assignment out of 100 for a grade, and its category
// too where a category has no weight to get wrong.
func (b *Book) assignmentFor(f *faults, changes *Changes, class *classState, in GradeInput) *Assignment {
	switch {
	case in.Type == "":
		f.add("type", "is empty, and there is no assignment %q yet; give its category: one of %s", in.Title, class.categoryNames())
	case class.has(in.Type):
	case class.Weighting == Weighted:
		f.add("type", "is %.40q; give one of %s, or add it to the class with its weight first", in.Type, class.categoryNames())
	case len(class.Categories) == maxCategories:
		f.add("type", "is %.40q, and the class has %d categories already; give one of those", in.Type, maxCategories)
	default:
		old, changed := class.Class, class.Class
		changed.Categories = append(slices.Clip(old.Categories), Category{Name: in.Type})
		changes.Classes = []Change[Class]{{Old: &old, New: &changed}}
	}
	a := &Assignment{ID: len(b.assignments) + 1, ClassID: class.ID, Title: in.Title, Category: in.Type, Points: Points(100), Posted: true}
	changes.Assignments = []Change[Assignment]{{New: a}}
	return a
}

// checkCell returns what a cell is to hold, nil for nothing, under the class's
// rules.
func (c *classState) checkCell(f *faults, in *CellInput) *CellValue {
	switch in.Status {
	case "", Late, Incomplete:
	case Graded:
		if in.Score == nil {
			f.add("score", "is not given; give it, or a status other than %s", Graded)
		}
	case Excused, Missing, Unassigned:
		if in.Score != nil {
			f.add("score", "is given for an item that is %s; leave it out, or give status %s", in.Status, Graded)
		}
	default:
		f.add("status", "is %.40q; give one of %s", in.Status, strings.Join([]string{Graded, Excused, Missing, Late, Incomplete, Unassigned}, ", "))
	}
	if in.Score != nil && *in.Score < 0 && !c.AllowNegative {
		f.add("score", "is %s; give 0 or more, or let class %d allow negative scores", *in.Score, c.ID)
	}
	comment := strings.TrimSpace(in.Comment)
	f.printable("comment", comment, maxComment, "\n\t")
	g := newGrade(in.Student, in.Assignment, &CellValue{in.Score, in.Status, in.Submitted, comment}, 0, "", time.Time{})
	return g.value()
}

// cellPath is the path of a cell.
func cellPath(class, student, assignment int) string {
	return "/classes/" + strconv.Itoa(class) + "/grades/" + strconv.Itoa(student) + "/" + strconv.Itoa(assignment)
}

func cellChange(old *Grade, student, assignment int, value *CellValue) CellChange {
	change := CellChange{Student: student, Assignment: assignment, Old: old.value(), New: value}
	if old != nil {
		change.OldRevision = old.Revision
	}
	return change
}

func sameValue(a, b *CellValue) bool {
	if a == nil || b == nil {
		return a == b
	}
	return same(a.Score, b.Score) && a.Status == b.Status && a.Comment == b.Comment &&
		(a.Submitted == b.Submitted || a.Submitted != nil && b.Submitted != nil && a.Submitted.Equal(*b.Submitted))
}

// studentGrade is a grade with a score as a student's list has it.
func studentGrade(a *Assignment, g *Grade) StudentGrade {
	return StudentGrade{
		Title: a.Title, Type: a.Category, Score: *g.Score, Points: a.Points,
		Class: a.ClassID, Assignment: a.ID, Status: g.Status, Revision: g.Revision,
	}
}
