package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fileColumn is a column of a file.
type fileColumn struct {
	title  string // tidy
	role   role
	said   bool // by who imports the file
	item   int  // of an assignment or feedback: its place in the sheet
	survey columnSurvey
}

// sayColumns gives columns the roles that who imports the file says they have.
func (r *reading) sayColumns() {
	for _, key := range saidKeys(r.options.Columns) {
		name := r.options.Columns[key]
		role, ok := roles()[name]
		if !ok {
			r.bad.add(r.header.line, key, "%q is nothing that a column can be: say one of id, sis, login, firstName, lastName, name, email, section, assignment and ignore", name)
			continue
		}
		found := false
		for i := range r.columns {
			if c := &r.columns[i]; c.title == key || key == fmt.Sprint("#", i+1) {
				c.role, c.said, found = role, true, true
			}
		}
		if !found && key != lineColumn {
			r.bad.add(r.header.line, key, "no column has this title: give one that the file has, or its number, such as #3")
		}
	}
}

// saidKeys are the keys of what is said, in order: numbers last, since a title
// may be that of several columns and a number has the last word on its own.
func saidKeys(said map[string]string) []string {
	return slices.SortedFunc(maps.Keys(said), func(a, b string) int {
		switch {
		case strings.HasPrefix(a, "#") == strings.HasPrefix(b, "#"):
			return strings.Compare(a, b)
		case strings.HasPrefix(a, "#"):
			return 1
		}
		return -1
	})
}

// place notes where the columns about students are.
func (r *reading) place() {
	clear(r.places[:])
	for i := range slices.Backward(r.columns) {
		r.places[r.columns[i].role] = i + 1
	}
}

// find returns the place of the column of that role, -1 without one.
func (r *reading) find(role role) int { return r.places[role] - 1 }

func (r *reading) has(role role) bool { return r.find(role) >= 0 }

// key is how ReadOptions names a column: by its title, or by its number where
// that is not its own.
func (r *reading) key(i int) string {
	title := r.columns[i].title
	for j, c := range r.columns {
		if title == "" || j != i && c.title == title {
			return fmt.Sprint("#", i+1)
		}
	}
	return title
}

// where names a column for people: by its title, or its number without one.
func (r *reading) where(i int) string {
	if title := r.columns[i].title; title != "" {
		return title
	}
	return fmt.Sprint("#", i+1)
}

// titled returns the place of the column of that title, -1 without one.
func (r *reading) titled(title string) int {
	return slices.IndexFunc(r.columns, func(c fileColumn) bool { return strings.EqualFold(c.title, title) })
}
