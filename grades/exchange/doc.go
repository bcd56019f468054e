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
// What Write writes, Read reads back equal, whatever the names hold. Canvas has
// no place for an e-mail address, a comment, a due date, a category, the id of
// an assignment that is no number, or the statuses missing, late and incomplete:
// they are not in the file. A late score stands there as it was given, and a
// cell without a score is blank, which an import leaves as it is.
package exchange

import "gradebook/grades"

// Formats returns the formats by the name that a request gives them. The
// caller may change the map.
func Formats() map[string]grades.Format {
	return map[string]grades.Format{
		"canvas": canvas{}, "moodle": moodle{}, "google": google{}, "plain": spreadsheet{','}, "text": spreadsheet{'\t'},
	}
}
