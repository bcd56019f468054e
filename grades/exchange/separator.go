package exchange

import (
	"bytes"
	"strings"
)

// separator returns what separates the columns of a file that begins with head:
// what its first line says, as in "sep=;", or the one of comma, semicolon, tab
// and bar that splits the lines into the most columns, alike in number.
func separator(head []byte) byte {
	if said, ok := bytes.CutPrefix(bytes.ToLower(head[:min(len(head), 6)]), []byte("sep=")); ok && len(said) > 0 {
		return said[0]
	}
	best, most := byte(','), 0
	for _, comma := range []byte(",;\t|") {
		if score := columnsAlike(head, comma); score > most {
			best, most = comma, score
		}
	}
	return best
}

// columnsAlike measures how well comma separates text: the sum, over the first
// lines, of the columns beyond the first that a line shares with the one before.
// A title that is known says more than many columns, since a decimal comma may
// stand in every cell; the columns of one line alone say least.
func columnsAlike(head []byte, comma byte) int {
	r := newRecordReader(bytes.NewReader(head), comma)
	score, before := 0, -1
	for range 50 {
		rec, err := r.next()
		if err != nil {
			break
		}
		if len(rec.cells) <= 1 {
			continue
		}
		switch columns := len(rec.cells) - 1; before {
		case -1:
			score += knownTitles(rec)<<32 + columns
		case len(rec.cells):
			score += maxColumns * columns
		}
		before = len(rec.cells)
	}
	return score
}

// knownTitles counts the cells that any system has as the title of a column
// about students.
func knownTitles(rec record) (n int) {
	for _, cell := range rec.cells {
		if title := oneLine(cell); canvasRole(title) != unknown || moodleRole(title) != unknown || plainRole(title) != unknown {
			n++
		}
	}
	return n
}

// isSeparatorLine reports whether a line only says what the separator is, as
// spreadsheets understand it.
func isSeparatorLine(rec record) bool {
	text := strings.ToLower(strings.Join(rec.cells, ""))
	return rec.line == 1 && strings.HasPrefix(text, "sep=") && len(text) <= 5
}

// separatorName is what people call a separator.
func separatorName(comma byte) string {
	switch comma {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	}
	return string(comma)
}
