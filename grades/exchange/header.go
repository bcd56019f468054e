package exchange

import "strings"

// maxColumns bounds the columns of a file; no class comes near it.
const maxColumns = 2000

// header says what each column of a file is.
type header struct {
	line     int
	titles   []string       // tidy
	who      map[string]int // the columns that say who a student is, by title in lower case
	possible record         // the row of the points possible; the zero record without one
}

// readHeader finds the columns that say who a student is.
func readHeader(r record, bad *refusal) *header {
	h := &header{line: r.line, who: map[string]int{}}
	for i, cell := range r.cells {
		title := tidy(cell)
		h.titles = append(h.titles, title)
		if !isStudentColumn(title) {
			continue
		}
		if h.has(title) {
			bad.add(h.line, title, sameTitle)
		}
		h.who[strings.ToLower(title)] = i
	}
	if len(h.titles) > maxColumns {
		bad.add(h.line, "", "the file has %d columns, over %d: is it a gradebook? Delete the columns that are not", len(h.titles), maxColumns)
	}
	if !h.named() {
		bad.add(h.line, "", "there is no column Student (nor LastName and FirstName): add it with each student's name, or export the gradebook from Canvas again")
	}
	if !h.has("ID") {
		bad.add(h.line, "", "there is no column ID: add it with each student's id, or export the gradebook from Canvas again")
	}
	return h
}

const sameTitle = "two columns have this title: rename one of them, or delete it if it is a copy"

// isStudentColumn reports whether the column of that title says who a student
// is.
func isStudentColumn(title string) bool {
	switch strings.ToLower(title) {
	case "student", "lastname", "firstname", "id", "sis user id", "sis login id", "integration id", "root account", "section":
		return true
	}
	return false
}

func (h *header) has(title string) bool {
	_, ok := h.who[strings.ToLower(title)]
	return ok
}

// named reports whether the file has the students' names.
func (h *header) named() bool { return h.has("Student") || h.has("LastName") && h.has("FirstName") }

// cell returns the tidy cell of r in a column that says who a student is, ""
// when the file has no such column.
func (h *header) cell(r record, title string) string {
	if i, ok := h.who[strings.ToLower(title)]; ok && i < len(r.cells) {
		return tidy(r.cells[i])
	}
	return ""
}

// isPossible reports whether r is the row of the points possible.
func (h *header) isPossible(r record) bool {
	return h.cell(r, "ID") == "" &&
		(strings.EqualFold(tidy(r.cells[0]), "Points Possible") || strings.EqualFold(h.cell(r, "Student"), "Points Possible"))
}

// mark returns what the row of the points possible has in column i: a number,
// "(read only)" or nothing.
func (h *header) mark(i int) string {
	if i < len(h.possible.cells) {
		return strings.TrimSpace(h.possible.cells[i])
	}
	return ""
}
