// Package exchange reads and writes the gradebook files that teachers move
// with: today Canvas's CSV, after GRADING.md, section 2.
//
// A file is read whole or refused whole. A refusal is a [grades.SheetError]
// with every bad line by its number in the file, the title of the column and
// what to do about it. Nothing is dropped in silence: what the reader leaves
// out or takes for granted stands in the File's Guesses.
//
//	bytes ─ text.go ─▶ records ─ header.go ─▶ columns ─ reader.go ─▶ Sheet
//	                             (what is each?)        (cells: number.go, name.go)
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
	return map[string]grades.Format{"canvas": canvas{}}
}
