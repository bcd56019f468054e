package grades

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gradebook/service/store"
)

// Record, Backward and View make world a records.
func (w *world) Record(revision uint64) (record, error) {
	if revision == 0 || revision > uint64(len(w.log)) {
		return record{}, store.ErrNoRecord
	}
	logged := w.log[revision-1]
	out := record{Revision: revision, At: logged.at}
	return out, json.Unmarshal(logged.text, &out.Record)
}

func (w *world) Backward(revisions iter.Seq[uint64]) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for revision := range revisions {
			if !yield(w.Record(revision)) {
				return
			}
		}
	}
}

func (w *world) View(read func(b *Book)) error {
	read(w.Book)
	return nil
}

// undo takes back a change, whatever it is of.
func (w *world) undo(t *testing.T, revision uint64, overwrite bool) error {
	t.Helper()
	change, err := w.Record(revision)
	if err != nil {
		t.Fatal(err)
	}
	same, err := unchanged(w, change)
	if err != nil {
		t.Fatal(err)
	}
	all := func(b *Book) (history, error) {
		h := history{}
		for _, c := range b.classes {
			h.revisions = append(h.revisions, c.revisions)
		}
		for _, s := range b.students {
			h.revisions = append(h.revisions, s.revisions)
		}
		return h, nil
	}
	w.at = w.at.Add(time.Hour)
	d, err := w.Book.undo(undoCommand{change, all, same, overwrite})
	if err != nil {
		return err
	}
	w.keep(t, d)
	return nil
}

// visible is what people see in a book: all but who did it when.
func visible(b *Book) string {
	var out strings.Builder
	for _, s := range b.students {
		if s.removed == nil {
			fmt.Fprintf(&out, "%v\n", s.student())
		}
	}
	for _, c := range b.classes {
		if c.removed != nil {
			continue
		}
		g := c.gradebook(time.Time{})
		g.Class.Revision = 0
		fmt.Fprintf(&out, "%v\n", g.Class)
		for _, a := range g.Assignments {
			text, _ := json.Marshal(a)
			fmt.Fprintf(&out, "%s\n", text)
		}
		for _, cell := range g.Cells {
			text, _ := json.Marshal(cell.value())
			fmt.Fprintf(&out, "%d %d %s\n", cell.Student, cell.Assignment, text)
		}
	}
	return out.String()
}

// sound checks the rules that a book keeps.
func sound(t *testing.T, b *Book) {
	t.Helper()
	for _, c := range b.classes {
		for i, a := range c.assignments {
			if !c.has(a.Category) {
				t.Errorf("class %d: %q has the category %q of %s", c.ID, a.Title, a.Category, c.categoryNames())
			}
			if c.byTitle[a.Title] != a {
				t.Errorf("class %d: %q is %p by title, want %p", c.ID, a.Title, c.byTitle[a.Title], a)
			}
			if i > 0 && c.assignments[i-1].ID >= a.ID {
				t.Errorf("class %d: assignment %d after %d", c.ID, a.ID, c.assignments[i-1].ID)
			}
		}
		if len(c.byTitle) != len(c.assignments) {
			t.Errorf("class %d: %d titles of %d assignments", c.ID, len(c.byTitle), len(c.assignments))
		}
	}
	ids := map[string]int{}
	for _, s := range b.students {
		if other := ids[s.ExternalID]; other != 0 && s.removed == nil && s.ExternalID != "" {
			t.Errorf("students %d and %d have the id %s", other, s.ID, s.ExternalID)
		}
		if s.removed == nil {
			ids[s.ExternalID] = s.ID
		}
	}
}

// randomChange is randomCommand, or an import of a few students and items of
// whom some are known: with what it makes it is the largest kind of change.
func randomChange(r *rand.Rand) decideFunc {
	if r.IntN(8) > 0 {
		return randomCommand(r)
	}
	sheet := new(Sheet)
	in := importCommand{file: &File{Sheets: []*Sheet{sheet}}, o: ImportOptions{Class: r.IntN(5), Title: fmt.Sprint("Class ", r.IntN(3))}}
	for column := range 1 + r.IntN(3) {
		sheet.Assignments = append(sheet.Assignments, SheetAssignment{
			Column: column + 1, Title: fmt.Sprint("Item ", column*4+r.IntN(4)), Points: Points(10), HasPoints: true,
		})
	}
	for line := range 1 + r.IntN(4) {
		row := SheetRow{Line: line + 2, LastName: fmt.Sprint("Student ", line*3+r.IntN(3))}
		if r.IntN(2) == 0 {
			row.ExternalID = fmt.Sprint(line*3 + r.IntN(3))
		}
		for range sheet.Assignments {
			row.Cells = append(row.Cells, SheetCell{Kind: CellScore, Score: Points(r.IntN(12))})
		}
		sheet.Add(&row)
	}
	return func(b *Book, _ string, _ time.Time) (decision, error) {
		m, err := b.importFile(in)
		if err != nil {
			return decision{}, err
		}
		return m.decision(), nil
	}
}

// A school's changes, undone one after the other from the newest on, lead back
// through everything that was, to nothing. And undoing those undos leads to
// where it began.
func TestUndoAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	for range 30 {
		w := newWorld(t)
		for range 100 {
			w.decide(t, randomChange(rng))
		}
		var were []string
		replayed := new(Book)
		for i := range w.log {
			were = append(were, visible(replayed))
			w.apply(t, replayed, i)
		}
		n, last := len(w.log), visible(w.Book)
		for i := n; i > 0; i-- {
			if err := w.undo(t, uint64(i), false); err != nil {
				t.Fatalf("undo %d of %d: %v\n%s", i, n, err, told([]Commit{commitOf(w, i)}))
			}
			sound(t, w.Book)
			if got := visible(w.Book); got != were[i-1] {
				t.Fatalf("before %d of %d, %s, it is\n%s\nwant\n%s", i, n, told([]Commit{commitOf(w, i)}), got, were[i-1])
			}
		}
		for i := len(w.log); i > n; i -= 1 {
			if err := w.undo(t, uint64(i), false); err != nil {
				t.Fatalf("undo of undo %d: %v\n%s", i, err, told([]Commit{commitOf(w, i)}))
			}
			sound(t, w.Book)
		}
		if got := visible(w.Book); got != last {
			t.Fatalf("in the end\n%s\nwant\n%s", got, last)
		}
	}
}

func commitOf(w *world, revision int) Commit {
	r, _ := w.Record(uint64(revision))
	return w.commit(r, usual(scope{}))
}

// Whatever is undone, in whatever order, overwritten or not: it is done whole or
// refused with a reason, and the book keeps its rules.
func TestUndoAnything(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 13))
	outcomes := make(map[string]int)
	for range 40 {
		w := newWorld(t)
		for range 150 {
			if rng.IntN(3) > 0 {
				w.decide(t, randomChange(rng))
				continue
			}
			revision, overwrite := 1+rng.Uint64N(uint64(len(w.log))), rng.IntN(2) == 0
			before, beforehand := w.Book.undoneBy(revision), visible(w.Book)
			err := w.undo(t, revision, overwrite)
			outcomes[outcomeOf(err)]++
			sound(t, w.Book)
			if conflict, ok := errors.AsType[*ConflictError](err); err != nil && !ok || ok && conflict.Detail == "" {
				t.Fatalf("undo %d: %v", revision, err)
			}
			if before != 0 && err == nil {
				t.Fatalf("change %d was undone by %d, and again", revision, before)
			}
			if err != nil && visible(w.Book) != beforehand {
				t.Fatalf("undo %d was refused and changed something", revision)
			}
			if err == nil && w.undoneBy(revision) != uint64(len(w.log)) {
				t.Fatalf("change %d is undone by %d, want %d", revision, w.undoneBy(revision), len(w.log))
			}
		}
	}
	for _, want := range []string{"done", "was undone", "since", "cannot be"} {
		if outcomes[want] < 20 {
			t.Errorf("%d times %q: %v", outcomes[want], want, outcomes)
		}
	}
}

func outcomeOf(err error) string {
	if err == nil {
		return "done"
	}
	for _, part := range []string{"was undone", "since", "cannot be", "nothing is left"} {
		if strings.Contains(err.Error(), part) {
			return part
		}
	}
	return err.Error()
}

// edit is a step of the tables below: in the name of Ines, on the sample class.
type edit func(ctx context.Context, s *service) error

func put(student, assignment, points int, revision uint64) edit {
	return func(ctx context.Context, s *service) error {
		_, err := s.PutCell(WithActor(ctx, "Ines"), 1, CellInput{Student: student, Assignment: assignment, Score: new(Points(points)), Revision: revision})
		return err
	}
}

func enter(student int, title, category string) edit {
	return func(ctx context.Context, s *service) error {
		_, err := s.AddGrade(WithActor(ctx, "Ines"), student, GradeInput{Title: title, Type: category, Score: Points(50)}, "")
		return err
	}
}

func undo(revision uint64) edit {
	return func(ctx context.Context, s *service) error {
		_, err := s.Undo(ctx, 1, UndoInput{Revision: revision}, "")
		return err
	}
}

func setClass(in ClassInput) edit {
	return func(ctx context.Context, s *service) error { _, err := s.ChangeClass(ctx, 1, in); return err }
}

func setAssignment(id int, in AssignmentInput) edit {
	return func(ctx context.Context, s *service) error { _, err := s.ChangeAssignment(ctx, 1, id, in); return err }
}

func removeAssignment(id int) edit {
	return func(ctx context.Context, s *service) error { return s.RemoveAssignment(ctx, 1, id) }
}

func enroll(student int) edit {
	return func(ctx context.Context, s *service) error { _, err := s.Enroll(ctx, 1, student); return err }
}

func unenroll(student int) edit {
	return func(ctx context.Context, s *service) error { return s.Unenroll(ctx, 1, student) }
}

func create(in StudentInput) edit {
	return func(ctx context.Context, s *service) error { _, err := s.CreateStudent(ctx, in, ""); return err }
}

func removeStudent(id int) edit {
	return func(ctx context.Context, s *service) error { return s.RemoveStudent(ctx, id) }
}

func removeClass(ctx context.Context, s *service) error { return s.RemoveClass(ctx, 1) }

// What is done first, on the sample class that change 1 made, and what becomes
// of undoing a change then, without and with overwrite.
func TestUndoIsRefused(t *testing.T) {
	quizzes := []Category{{Name: "Quiz", Weight: Points(60)}}
	for _, c := range []struct {
		name   string
		steps  []edit
		undo   uint64
		want   string // in the reason, "" when it is done
		field  string // of the first fault
		anyway string // with overwrite
	}{
		{"a cell", []edit{put(1, 1, 90, 1)}, 2, "", "", ""},
		{"a cell that was changed since", []edit{put(1, 1, 90, 1), put(1, 1, 91, 2)}, 2, "1 thing of change 2 changed since", "cells[1,1]", ""},
		{"a cell that was changed and changed back", []edit{put(1, 1, 90, 1), put(1, 1, 91, 2), put(1, 1, 90, 3)}, 2, "changed since", "cells[1,1]", ""},
		{"a cell whose later change was undone", []edit{put(1, 1, 90, 1), put(1, 1, 91, 2), undo(3)}, 2, "", "", ""},
		{"a cell whose later change was undone and that undone", []edit{put(1, 1, 90, 1), put(1, 1, 91, 2), undo(3), undo(4)}, 2, "changed since", "cells[1,1]", ""},
		{"twice", []edit{put(1, 1, 90, 1), undo(2)}, 2, "was undone by change 3 already; to bring it back undo change 3", "", "was undone by change 3"},
		{"an undo", []edit{put(1, 1, 90, 1), undo(2)}, 3, "", "", ""},
		{"again after it was brought back", []edit{put(1, 1, 90, 1), undo(2), undo(3)}, 2, "", "", ""},
		{"an undo that was changed since", []edit{put(1, 1, 90, 1), undo(2), put(1, 1, 91, 3)}, 3, "changed since", "cells[1,1]", ""},
		{"a change that is not there", nil, 9, "there is no change 9 here", "", "there is no change 9"},
		{"a change of another class", []edit{func(ctx context.Context, s *service) error {
			_, err := s.CreateClass(ctx, ClassInput{Title: new("Other")}, "")
			return err
		}}, 2, "there is no change 2 here", "", "there is no change 2"},
		{"no revision", nil, 0, "revision: is not given", "revision", "revision: is not given"},

		{"a removed assignment", []edit{removeAssignment(2)}, 2, "", "", ""},
		{"a removed assignment whose title is taken", []edit{removeAssignment(2), enter(1, "Week 1 Homework", "Quiz")}, 2,
			"change 2 cannot be undone as things are", "assignments[4].title", "rename one of them first"},
		{"a removed assignment whose category is gone", []edit{removeAssignment(2), setClass(ClassInput{Categories: quizzes})}, 2,
			"cannot be undone", "assignments[2].category", "which class 1 would not have"},
		{"the removal of a category that is not used", []edit{removeAssignment(2), setClass(ClassInput{Categories: quizzes})}, 3, "", "", ""},
		{"a grade with its assignment and category", []edit{enter(1, "Essay", "Essays")}, 2, "", "", ""},
		{"a new assignment that has grades", []edit{enter(1, "Essay", "Essays"), enter(2, "Essay", "Essays")}, 2, "changed since", "cells[2,4]", ""},
		{"a new assignment that has had grades", []edit{enter(1, "Essay", "Essays"), enter(2, "Essay", "Essays"), undo(3)}, 2, "", "", ""},
		{"a new assignment that was renamed", []edit{enter(1, "Essay", "Essays"), setAssignment(4, AssignmentInput{Title: new("Text")})}, 2, "changed since", "assignments[4].title", ""},
		{"a new category beside another one", []edit{enter(1, "Essay", "Essays"), enter(1, "Talk", "Talks")}, 2, "", "", ""},
		{"a new category that others use", []edit{enter(1, "Essay", "Essays"), enter(2, "Text", "Essays")}, 2, "cannot be undone", "assignments[5].category", "cannot be undone"},
		{"a restored assignment", []edit{removeAssignment(2), undo(2)}, 3, "", "", ""},
		{"a restored assignment that was graded since", []edit{removeAssignment(2), undo(2), put(1, 2, 7, 1)}, 3, "changed since", "cells[1,2]", ""},
		{"a change of an assignment that was removed", []edit{setAssignment(2, AssignmentInput{Title: new("Text")}), removeAssignment(2)}, 2, "by api in change 3; undo that first", "assignments[2]", "undo that first"},
		{"a cell of a removed assignment", []edit{put(1, 1, 90, 1), removeAssignment(1)}, 2, "changed since", "cells[1,1]", ""},

		{"a setting", []edit{setClass(ClassInput{Weighting: new(Weighted)})}, 2, "", "", ""},
		{"a setting beside another one", []edit{setClass(ClassInput{Weighting: new(Weighted)}), setClass(ClassInput{Title: new("T")})}, 2, "", "", ""},
		{"a setting that was changed since", []edit{setClass(ClassInput{Title: new("S")}), setClass(ClassInput{Title: new("T")})}, 2, "changed since", "classes[1].title", ""},
		{"a removed class", []edit{removeClass}, 2, "", "", ""},
		{"a cell of a removed class", []edit{put(1, 1, 90, 1), removeClass}, 2, "by api in change 3; undo that first", "classes[1]", "undo that first"},
		{"a setting of a removed class", []edit{setClass(ClassInput{Title: new("S")}), removeClass}, 2, "by api in change 3; undo that first", "classes[1]", "undo that first"},
		{"the class itself", nil, 1, "", "", ""},
		{"the class itself, graded since", []edit{put(1, 1, 90, 1)}, 1, "changed since", "cells[1,1]", ""},
		{"the class itself, with an assignment since", []edit{enter(1, "Essay", "Quiz")}, 1, "changed since", "assignments[4]", ""},
		{"the class itself, with a student since", []edit{create(StudentInput{LastName: new("N"), Class: 1})}, 1, "changed since", "students[6]", ""},
		{"the class itself, as before them", []edit{create(StudentInput{LastName: new("N"), Class: 1}), enter(1, "Essay", "Quiz"), undo(3), undo(2)}, 1, "", "", ""},
		{"the class itself, renamed since", []edit{setClass(ClassInput{Title: new("T")})}, 1, "changed since", "classes[1].title", ""},
		{"a class brought back", []edit{removeClass, undo(2)}, 3, "", "", ""},
		{"a class brought back, graded since", []edit{removeClass, undo(2), put(1, 1, 90, 1)}, 3, "changed since", "classes[1]", ""},
		{"the class itself, as it was", []edit{put(1, 1, 90, 1), undo(2)}, 1, "", "", ""},

		{"a student who left", []edit{unenroll(1)}, 2, "", "", ""},
		{"a student who left and is back", []edit{unenroll(1), enroll(1)}, 2, "changed since", "enrollments[1,1]", "nothing is left"},
		{"a student who left and came and left", []edit{unenroll(1), enroll(1), unenroll(1)}, 2, "changed since", "enrollments[1,1]", ""},
		{"a student who left, and the undo undone", []edit{unenroll(1), undo(2), undo(3)}, 2, "", "", ""},
		{"a student who left and was removed", []edit{unenroll(1), removeStudent(1)}, 2, "by api in change 3; undo that first", "students[1]", "undo that first"},
		{"a cell of a student who left", []edit{put(1, 1, 90, 1), unenroll(1)}, 2, "changed since", "cells[1,1]", ""},
		{"a student who came", []edit{create(StudentInput{LastName: new("N"), Class: 1})}, 2, "", "", ""},
		{"a student who came and has a grade", []edit{create(StudentInput{LastName: new("N"), Class: 1}), put(6, 1, 9, 0)}, 2, "changed since", "cells[6,1]", ""},
		{"a student who was removed", []edit{removeStudent(1)}, 2, "", "", ""},
		{"a student whose id is taken", []edit{create(StudentInput{LastName: new("N"), ExternalID: new("x"), Class: 1}), removeStudent(6), create(StudentInput{LastName: new("M"), ExternalID: new("x")})}, 3,
			"cannot be undone", "students[6].externalID", "that of student 7, M, now"},
	} {
		for _, overwrite := range []bool{false, true} {
			s := openService(t, t.TempDir())
			for i, step := range c.steps {
				if err := step(t.Context(), s); err != nil {
					t.Fatalf("%s, step %d: %v", c.name, i, err)
				}
			}
			want := c.want
			if overwrite {
				want = c.anyway
			}
			before := s.everything(t)
			report, err := s.Undo(t.Context(), 1, UndoInput{Revision: c.undo, Overwrite: overwrite}, "")
			if want == "" {
				if err != nil || report.Undoes != c.undo || report.Revision != uint64(len(c.steps)+2) {
					t.Errorf("%s (overwrite %t): %+v, %v", c.name, overwrite, report, err)
				}
				continue
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s (overwrite %t): %v, want %q", c.name, overwrite, err, want)
			}
			if conflict, ok := errors.AsType[*ConflictError](err); ok && !overwrite && c.field != "" && (len(conflict.Faults) == 0 || conflict.Faults[0].Field != c.field) {
				t.Errorf("%s: faults %v, want %s first", c.name, conflict.Faults, c.field)
			}
			if after := s.everything(t); after != before {
				t.Errorf("%s (overwrite %t) was refused, and now there is\n%s\nbefore\n%s", c.name, overwrite, after, before)
			}
		}
	}
}

// Who is refused is told what is there now, and by whom.
func TestUndoTellsWhatIsThere(t *testing.T) {
	s := openService(t, t.TempDir())
	for _, step := range []edit{put(1, 1, 90, 1), put(1, 1, 91, 2)} {
		if err := step(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.Undo(t.Context(), 1, UndoInput{Revision: 2}, "")
	conflict, ok := errors.AsType[*ConflictError](err)
	if !ok {
		t.Fatal(err)
	}
	now, _ := conflict.Current.([]Grade)
	if len(now) != 1 || *now[0].Score != Points(91) || now[0].By != "Ines" || now[0].Revision != 3 {
		t.Errorf("it is %+v, want 91 by Ines", conflict.Current)
	}
	if got, want := conflict.Faults[0].Detail, "Averill Simen, Quiz 1: Ines has changed it to 91 in change 3"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// An undo is a change like any other: it is in the history, survives a restart,
// and is done once for its key.
func TestUndo(t *testing.T) {
	dir := t.TempDir()
	s := openService(t, dir)
	before := s.everything(t)
	batch := BatchInput{Atomic: true}
	for student := range 5 {
		batch.Cells = append(batch.Cells, CellInput{Student: student + 1, Assignment: 2, Status: Excused, Revision: 1})
	}
	must[BatchReport](t)(s.PutCells(t.Context(), 1, batch, ""))
	in := UndoInput{Revision: 2}
	first := must[UndoReport](t)(s.Undo(WithActor(t.Context(), "Bob"), 1, in, "once"))
	if first != (UndoReport{Revision: 3, Undoes: 2, Cells: 5}) {
		t.Errorf("report %+v", first)
	}
	s.stop()
	s = openService(t, dir)
	if again, err := s.Undo(WithActor(t.Context(), "Bob"), 1, in, "once"); err != nil || again != first {
		t.Errorf("again: %+v, %v, want %+v", again, err, first)
	}
	list, _, err := s.History(t.Context(), 1, HistoryQuery{Limit: 2})
	if err != nil || list[0].Undoes != 2 || list[0].By != "Bob" || list[0].Action != "undo" || list[1].UndoneBy != 3 || len(list[0].Cells) != 5 {
		t.Errorf("history %+v, %v", list, err)
	}
	scores := func(text string) string {
		return strings.Join(slices.DeleteFunc(strings.Split(text, `,"`), isStamp), "\n")
	}
	if after := s.everything(t); scores(after) != scores(before) {
		t.Errorf("it is\n%s\nwant\n%s", after, before)
	}
	if err := s.RemoveStudent(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	report := must[UndoReport](t)(s.UndoStudent(t.Context(), 5, UndoInput{Revision: 4}, ""))
	if _, err := s.Student(t.Context(), 5); err != nil || report.Students != 1 {
		t.Errorf("the student is not back: %+v, %v", report, err)
	}
}

// What is written between reading and deciding is seen: it is not overwritten.
func TestUndoSeesTheLastMoment(t *testing.T) {
	w := newWorld(t)
	put := func(points int) decideFunc {
		return func(b *Book, actor string, at time.Time) (decision, error) {
			revision := uint64(0)
			if c := b.findCell(cellKey{1, 1}); !c.empty() {
				revision = c.revision
			}
			return b.putCell(1, CellInput{Student: 1, Assignment: 1, Score: new(Points(points)), Revision: revision}, false, actor, at)
		}
	}
	w.decide(t, put(1))
	w.decide(t, put(2))
	n := uint64(len(w.log))
	if err := w.undo(t, n, false); err != nil {
		t.Fatal(err)
	}
	change, _ := w.Record(n - 1)
	same, err := unchanged(w, change)
	if err != nil || len(same) != 1 {
		t.Fatalf("%v, %v, want the cell", same, err)
	}
	in := undoCommand{change: change, unchanged: same, within: func(b *Book) (history, error) { return b.classHistory(1) }}
	if _, err := w.Book.undo(in); err != nil {
		t.Error(err)
	}
	w.decide(t, put(3))
	if _, err := w.Book.undo(in); err == nil || !strings.Contains(err.Error(), "changed since") {
		t.Errorf("after another change: %v", err)
	}
}

// isStamp reports whether a field says when something was written, or by whom.
func isStamp(field string) bool {
	return strings.HasPrefix(field, `revision"`) || strings.HasPrefix(field, `by"`) || strings.HasPrefix(field, `at"`)
}

// A large import can be undone, and that be undone, and so on.
func TestUndoOfAnImport(t *testing.T) {
	const rows, items = 300, 100
	text := strings.Builder{}
	text.WriteString("title Large\nassignments")
	for i := range items {
		fmt.Fprintf(&text, " I%d/9", i)
	}
	for i := range rows {
		fmt.Fprintf(&text, "\n%d,,S%s", i+1, strings.Repeat(",7", items))
	}
	s := openWith(t, t.TempDir(), "false")
	s.mustImport(t, ImportRequest{}, text.String())
	var were [2]string
	for revision := range uint64(4) {
		report, err := s.Undo(t.Context(), 1, UndoInput{Revision: revision + 1}, "")
		if err != nil || report.Cells != rows*items || report.Students != rows {
			t.Fatalf("undo %d: %+v, %v", revision+1, report, err)
		}
		var now string
		if err := s.server.store.View(func(b *Book) { now = visible(b) }); err != nil {
			t.Fatal(err)
		}
		if was := &were[revision%2]; *was == "" {
			*was = now
		} else if *was != now {
			t.Errorf("after undo %d it is not what it was after undo %d", revision+1, revision-1)
		}
	}
}
