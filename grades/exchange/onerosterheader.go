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
	inOrder, last, whole := true, -1, true
	for i, title := range t.titles {
		if before, again := t.at[title]; again {
			t.bad.add(t.name, t.line, title, "columns %d and %d have this title; rename one of them, or delete it if it is a copy", before+1, i+1)
			whole = false
		}
		t.at[title] = i
		at := slices.Index(t.file.titles(), title)
		inOrder = inOrder && (at > last || at < 0)
		last = max(last, at)
		t.checks = append(t.checks, t.columnCheck(title))
	}
	for _, c := range t.file.columns {
		if _, ok := t.at[c.name]; ok || !c.required {
			continue
		}
		detail := "there is no column %[1]s; add it"
		if i := slices.IndexFunc(t.titles, func(title string) bool { return strings.EqualFold(strings.TrimSpace(title), c.name) }); i >= 0 {
			detail = "there is no column %[1]s, but %[2]q in column %[3]d; write it as %[1]s"
			t.bad.add(t.name, t.line, c.name, detail, c.name, t.titles[i], i+1)
			whole = false
		} else if c.needed {
			t.bad.add(t.name, t.line, c.name, "there is no column %s; add it", c.name)
			whole = false
		} else {
			t.doubts.add(t.name, t.line, c.name, "OneRoster requires this column; the rest is read without it")
		}
	}
	if !inOrder {
		t.doubts.add(t.name, t.line, "", "the columns are in another order than OneRoster has; they are read by their titles")
	}
	return whole
}

func (t *rosterTable) columnCheck(title string) columnCheck {
	c, _ := t.file.column(title)
	check := columnCheck{rosterColumn: c, target: rosterTarget(t.file.name, title), words: rosterWords(t.manifest.version, t.file.name, title)}
	check.list = strings.HasSuffix(title, "SourcedIds")
	check.foreign = c.foreign && !t.file.open && !strings.HasPrefix(title, ourMetadata)
	return check
}
