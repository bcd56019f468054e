// Package exchange reads and writes the gradebook files that teachers move
// with: Canvas's, Moodle's and Google Classroom's CSV, and tables of one's own,
// after GRADING.md, sections 2 and 3.
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
//	        records ─ student.go ─▶ Sheet       (item.go, cell.go, number.go, name.go, due.go)
//	Gradebook ─ canvaswriter.go … ─▶ columns ─ table.go ─▶ bytes
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
// them out. No file has due dates, or a class's rules, as its weights and
// scale. In a file without ids or addresses two students of one name are one, so
// an import refuses it.
package exchange

import "gradebook/grades"

// Formats returns the formats by the name that a request gives them. The
// caller may change the map.
func Formats() map[string]grades.Format {
	return map[string]grades.Format{
		"canvas": canvas{}, "moodle": moodle{}, "google": google{}, "plain": spreadsheet{','}, "text": spreadsheet{'\t'},
	}
}
