package exchange

import "strings"

// tidy returns a text cell as it is meant: without space around it, full-width
// space and marks that nobody sees included, without the apostrophe of guard,
// and without the ="" that some systems put around an id so that a spreadsheet
// keeps its zeros.
func tidy(cell string) string {
	cell = trim(cell)
	if inner, ok := strings.CutPrefix(cell, `="`); ok && strings.HasSuffix(inner, `"`) {
		return strings.TrimSuffix(inner, `"`)
	}
	if rest, ok := strings.CutPrefix(cell, "'"); ok && startsFormula(cell) {
		return rest
	}
	return cell
}

// oneLine is tidy for what is one line of text, such as a title that a
// spreadsheet shows on several.
func oneLine(cell string) string {
	cell = tidy(cell)
	if !strings.Contains(cell, "\n") {
		return cell
	}
	var parts []string
	for part := range strings.SplitSeq(cell, "\n") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// trim takes white space off, and the byte-order marks and zero-width spaces
// that copying leaves.
func trim(cell string) string {
	if cell = strings.TrimSpace(cell); strings.Contains(cell, "\uFEFF") || strings.Contains(cell, "\u200B") {
		cell = strings.TrimSpace(strings.NewReplacer("\uFEFF", "", "\u200B", "").Replace(cell))
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
