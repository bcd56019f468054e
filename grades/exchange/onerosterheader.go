package exchange

import (
	"slices"
	"strings"
)

// columnCheck is what is to be checked of the cells of a column.
type columnCheck struct {
	rosterColumn
	words  []string
	target string
	list   bool // of several, separated by commas
}

// references are the ids in a cell.
func (c *columnCheck) references(cell string) []string {
	if !c.list {
		return []string{cell}
	}
	list := strings.Split(cell, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return slices.DeleteFunc(list, func(id string) bool { return id == "" })
}

// readHeader finds the columns. It is false when nothing can be read without
// those that are missing.
func (t *rosterTable) readHeader() bool {
	t.titles, t.at, t.left = slices.Clone(t.cells), map[string]int{}, make([]int, len(t.cells))
	known := t.file.titles()
	inOrder, last, whole := true, -1, true
	for i, title := range t.titles {
		if before, again := t.at[title]; again {
			t.bad.add(t.name, t.line, title, "columns %d and %d have this title; rename one of them, or delete it if it is a copy", before+1, i+1)
			whole = false
		}
		t.at[title] = i
		at := slices.Index(known, title)
		inOrder = inOrder && (at > last || at < 0)
		last = max(last, at)
		t.checks = append(t.checks, t.columnCheck(title))
	}
	for _, c := range t.file.columns {
		if _, ok := t.at[c.name]; !ok && c.required && !t.without(&c) {
			whole = false
		}
	}
	if !inOrder {
		t.doubts.add(t.name, t.line, "", "the columns are in another order than OneRoster has; they are read by their titles")
	}
	return whole
}

// without says that a column is missing, and reports whether the file can be read
// without it.
func (t *rosterTable) without(c *rosterColumn) bool {
	alike := slices.IndexFunc(t.titles, func(title string) bool { return strings.EqualFold(strings.TrimSpace(title), c.name) })
	switch {
	case alike >= 0:
		t.bad.add(t.name, t.line, c.name, "there is no column %[1]s, but %[2]q in column %[3]d; write it as %[1]s", c.name, t.titles[alike], alike+1)
		return false
	case c.needed:
		t.bad.add(t.name, t.line, c.name, "there is no column %s; add it", c.name)
		return false
	}
	t.doubts.add(t.name, t.line, c.name, "OneRoster requires this column; the rest is read without it")
	return true
}

func (t *rosterTable) columnCheck(title string) columnCheck {
	c, _ := t.file.column(title)
	check := columnCheck{rosterColumn: c, target: rosterTarget(t.file.name, title), words: rosterWords(t.manifest.version, t.file.name, title)}
	check.list = strings.HasSuffix(title, "SourcedIds")
	check.foreign = c.foreign && !t.file.open && !strings.HasPrefix(title, ourMetadata)
	return check
}
