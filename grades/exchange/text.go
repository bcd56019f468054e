package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// record is one line of a CSV file; a quoted cell may make it span several.
type record struct {
	line  int // where it begins, from 1
	cells []string
}

const saveAs = `save it again as "CSV UTF-8" (in Excel: File, Save As, CSV UTF-8) and import that file`

// decode returns data as UTF-8 with LF line ends and without a byte-order mark.
// It adds to bad every line that is not UTF-8.
func decode(data []byte, bad *refusal) []byte {
	utf16 := bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF})
	if utf16 || bytes.IndexByte(data, 0) >= 0 {
		bad.add(1, "", "the file is in UTF-16 or is no text: %s", saveAs)
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !endsInLF(data) {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	if !utf8.Valid(data) {
		line := 0
		for text := range bytes.Lines(data) {
			line++
			if !utf8.Valid(text) {
				bad.add(line, "", "this line has letters that are not UTF-8: %s", saveAs)
			}
		}
	}
	return data
}

// endsInLF reports whether the first line ends in LF or CRLF, not in CR alone.
func endsInLF(data []byte) bool {
	quoted := false
	for i, b := range data {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n':
			return true
		case b == '\r':
			return i+1 < len(data) && data[i+1] == '\n'
		}
	}
	return true
}

// separator returns the one of comma, semicolon and tab that shows the most
// columns that Canvas has, and then the most columns, in the first line.
func separator(data []byte) rune {
	best, bestScore := ',', 0
	for _, comma := range ",;\t" {
		r := csv.NewReader(bytes.NewReader(data))
		r.Comma, r.LazyQuotes = comma, true
		titles, _ := r.Read()
		score := len(titles)
		for _, title := range titles {
			if isStudentColumn(tidy(title)) {
				score += len(data)
			}
		}
		if score > bestScore {
			best, bestScore = comma, score
		}
	}
	return best
}

// records splits data at comma. It adds to bad every line with bad quotes, and
// leaves it out.
func records(data []byte, comma rune, bad *refusal) []record {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord = comma, -1
	var list []record
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return list
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			bad.add(parse.StartLine, "", `bad quotation marks: a cell with " in it must begin and end with ", and each " inside be written twice`)
			continue
		}
		line, _ := r.FieldPos(0)
		list = append(list, record{line, cells})
	}
}

// tidy returns a text cell as it is meant: without space around it, full-width
// space included, and without the apostrophe of guard.
func tidy(cell string) string {
	cell = strings.TrimSpace(cell)
	if rest, ok := strings.CutPrefix(cell, "'"); ok && startsFormula(cell) {
		return rest
	}
	return cell
}

// guard returns text so that a spreadsheet does not take it for a formula: with
// an apostrophe before it. tidy takes that away again.
func guard(text string) string {
	if startsFormula(text) {
		return "'" + text
	}
	return text
}

// startsFormula reports whether the first character that is not an apostrophe
// begins a formula, or is one that spreadsheets skip before a formula.
func startsFormula(text string) bool {
	text = strings.TrimLeft(text, "'")
	return text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0]))
}
