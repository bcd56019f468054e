// Package exchange reads and writes the gradebook files that teachers move
// with: Canvas's, Moodle's and Google Classroom's CSV, tables of one's own, and
// OneRoster's ZIP of a whole school, after GRADING.md, sections 2 to 4.
//
// A file is read whole or refused whole. A refusal is a [grades.SheetError]
// with every bad line by its number in the file, the title of the column and
// what to do about it. Nothing is dropped in silence: what the reader leaves
// out or takes for granted stands in the File's Guesses, what may be meant
// otherwise in its Doubts, and what only a person knows in its Questions.
//
// A file is read twice, line by line, and is never whole in memory: surveyed,
// for how it writes letters, numbers and dates and what its columns hold, and
// then read.
//
//	bytes ─ encoding.go ─▶ text ─ record.go ─▶ records ─ reading.go ─▶ columns
//	        separator.go                        (what is each? role.go, survey.go, mark.go,
//	                                             canvas.go, moodle.go, google.go, plain.go)
//	        records ─ student.go ─▶ Sheet       (assignment.go, cell.go, number.go, name.go, due.go)
//	Gradebook ─ canvaswriter.go … ─▶ columns ─ table.go ─▶ bytes
//
// A ZIP of OneRoster is read once, file by file, each after those it refers to:
//
//	zipfile ─ onerostermanifest.go ─▶ files ─ onerostertable.go ─▶ rows ─ onerosterrow.go ─▶ checked
//	          (onerosterschema.go says what each has)  onerosterpeople.go, onerosterclass.go, onerosterresult.go …
//	          ─ onerostersheet.go ─▶ a Sheet for each class
//	Gradebooks ─ onerosterschool.go ─▶ rows ─ onerosterwrite.go ─▶ a whole, or what has changed
//
// # What a file cannot hold
//
// What Write writes, Read reads back equal, whatever the names hold: text that
// a spreadsheet would take for a formula is written with an apostrophe before
// it, which the reader takes off. But each kind of file has a place only for
// some of what a class is. All have names, titles of assignments and scores.
//
//	canvas       ids, SIS ids, logins, points possible, hidden, numeric ids of
//	             assignments, the title as the section; excused and unassigned
//	moodle       SIS ids (its ID number), e-mail addresses, comments (its feedback)
//	google       e-mail addresses, points possible; missing and excused
//	plain, text  ids, SIS ids, logins, e-mail addresses, points possible, the title
//	             as the section; every status
//
// Where there is no place for a status, a score is written as it was given,
// before anything is taken for being late, and a cell without a score is blank.
// An id that was never given is no id of ours: it would be somebody else's there.
// Totals are in every file for people, marked or named so that a reader leaves
// them out. None of these has due dates, or a class's rules, as its weights and
// scale. In a file without ids or addresses two students of one name are one, so
// an import refuses it.
//
// OneRoster holds nearly all, some of it in columns that begin with
// metadata.gradebook. Students of no class are not in the file, nor who changed
// what.
// It requires what the book does not have: one school, a course for each class,
// school years from August on, a day on which work without a due date is due
// (which is read back as none), a dash for an empty name, and in 1.1 a score of 0
// where there is none, which the status says. Names are as they are, without the
// apostrophe that keeps spreadsheets from calculating: other systems read it.
package exchange

import "gradebook/grades"

// Formats returns the formats by the name that a request gives them. The
// caller may change the map.
func Formats() map[string]grades.Format {
	return map[string]grades.Format{
		"canvas": canvas{}, "moodle": moodle{}, "google": google{}, "plain": spreadsheet{','}, "text": spreadsheet{'\t'},
		"oneroster-1.1": oneRoster{"1.1"}, "oneroster-1.2": oneRoster{"1.2"},
	}
}
