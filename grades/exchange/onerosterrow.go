package exchange

import (
	"fmt"
	"slices"
	"strings"
)

// check checks a row. It is false for one that nothing can be done with.
func (t *rosterTable) check() bool {
	ok := t.checkCommon()
	removed := t.removed()
	for i := range t.checks {
		c, cell := &t.checks[i], t.cells[i]
		switch {
		case cell == "" && c.needed && !removed:
			t.bad.add(t.name, t.line, c.name, "is empty; OneRoster requires it")
			ok = false
		case cell == "" && c.required && !removed:
			t.doubts.add(t.name, t.line, c.name, "is empty, and OneRoster requires it; the rest of the line is read")
		case cell == "":
		case c.foreign:
			t.left[i]++
		case c.target != "" && !t.refers(i, c, cell):
			ok = false
		case c.words != nil && !slices.Contains(c.words, cell) && !strings.HasPrefix(cell, "ext:"):
			t.bad.add(t.name, t.line, c.name, "%.40q is none of %s; correct it", cell, strings.Join(c.words, ", "))
			ok = false
		}
	}
	return ok
}

// checkCommon checks the three columns that all files begin with.
func (t *rosterTable) checkCommon() bool {
	id, status, modified := t.get("sourcedId"), t.get("status"), t.get("dateLastModified")
	switch {
	case id == "" || t.file.name == "demographics": // whose ids are those of users
	case len(id) > 255:
		t.bad.add(t.name, t.line, "sourcedId", "has %d characters, over 255; shorten it", len(id))
		return false
	case !isRosterID(id):
		t.doubts.add(t.name, t.line, "sourcedId", "%.40q has characters that OneRoster does not allow in ids; it is taken as it is", id)
	}
	switch {
	case t.delta && status != "active" && status != "tobedeleted":
		t.bad.add(t.name, t.line, "status", "is %.40q; in a delta file it must be active or tobedeleted", status)
		return false
	case t.delta && modified == "":
		t.doubts.add(t.name, t.line, "dateLastModified", "is empty, and OneRoster requires it in a delta file; the line is taken as the newest")
	case !t.delta && status != "" && status != "active" && status != "tobedeleted":
		t.bad.add(t.name, t.line, "status", "is %.40q; leave it empty in a bulk file", status)
		return false
	case !t.delta && status == "tobedeleted":
		t.doubts.add(t.name, t.line, "status", "is tobedeleted in a bulk file; it is taken away here as in a delta file")
	case !t.delta && status+modified != "":
		t.doubts.add(t.name, t.line, "status", "OneRoster leaves status and dateLastModified empty in a bulk file; they are not looked at")
	}
	return t.remember(id)
}

// remember notes the id of the row, and refuses one that was there before.
func (t *rosterTable) remember(id string) bool {
	if id == "" {
		return true
	}
	key := t.hash(id)
	if before, again := t.ids[key]; again {
		t.bad.add(t.name, t.line, "sourcedId", "%.100s is the id of line %d too; correct one of them, or delete the line that is a copy", id, before.line)
		return false
	}
	t.ids[key] = rosterPlace{line: int32(t.line), number: -1}
	return true
}

// number gives the row a number, by which find finds it.
func (t *rosterTable) number(n int) {
	t.ids[t.hash(t.get("sourcedId"))] = rosterPlace{int32(t.line), int32(n)}
}

// refers reports whether what a cell refers to is there, as far as that must be:
// it is not for the files to say where they are a delta or absent.
func (t *rosterTable) refers(column int, c *columnCheck, cell string) bool {
	if t.manifest.modes[c.target] != rosterBulk {
		if t.manifest.modes[c.target] != rosterDelta && !t.delta {
			t.absent(c)
		}
		return true
	}
	ok := true
	for _, id := range c.references(cell) {
		if _, there := t.roster.ids[c.target][t.hash(id)]; there {
			continue
		}
		if c.target == t.file.name {
			t.unresolved = append(t.unresolved, rosterReference{t.line, column, strings.Clone(id)})
			continue
		}
		t.nobody(t.line, c, id)
		ok = false
	}
	return ok
}

// absent says once what becomes of a column that refers to a file that is absent.
func (t *rosterTable) absent(c *columnCheck) {
	if t.missing[c.name] {
		return
	}
	if t.missing == nil {
		t.missing = map[string]bool{}
	}
	t.missing[c.name] = true
	switch c.target {
	case "users", "classes", "lineItems", "categories":
		t.doubts.add(t.name, t.line, c.name, "%s.csv is absent, so what this column refers to is looked for in the book", c.target)
	default:
		t.doubts.add(t.name, t.line, c.name, "%s.csv is absent, so nothing is known of what this column refers to; the book does without it", c.target)
	}
}

func (t *rosterTable) nobody(line int, c *columnCheck, id string) {
	t.bad.add(t.name, line, c.name, "%.100s is in no line of %s.csv; add it there, or correct it here", id, c.target)
}

// conclude says what holds of the file as a whole.
func (t *rosterTable) conclude() {
	for _, u := range t.unresolved {
		if _, there := t.ids[t.hash(u.id)]; !there {
			t.nobody(u.line, &t.checks[u.column], u.id)
		}
	}
	if t.file.open && t.rows > 0 {
		t.doubts.add(t.name, 0, "", "%s left out: the book has no place for them", rowsOf(t.rows))
	}
	for i, count := range t.left {
		if count > 0 {
			t.doubts.add(t.name, 0, t.titles[i], "left out of %s: the book has no place for it", rowsOf(count))
		}
	}
}

func rowsOf(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", n)
}
