package grades

import "fmt"

// directory finds students by what a file says of them.
type directory struct {
	external, sis, login, name map[string][]*directoryEntry
}

// directoryEntry is a student that a row of a file may mean.
type directoryEntry struct {
	student Student
	here    bool // in the class
	row     row
	line    int // that means this student already, or 0
}

func newDirectory(b *Book, class *classState) *directory {
	d := &directory{map[string][]*directoryEntry{}, map[string][]*directoryEntry{}, map[string][]*directoryEntry{}, map[string][]*directoryEntry{}}
	for _, s := range b.students {
		if s.removed != nil {
			continue
		}
		entry := &directoryEntry{student: s.Student}
		if e := s.enrollment(class); e != nil {
			entry.here, entry.row = e.active(), e.row
		}
		d.add(entry)
	}
	return d
}

func (d *directory) add(e *directoryEntry) {
	for _, index := range []struct {
		entries map[string][]*directoryEntry
		key     string
	}{{d.external, e.student.ExternalID}, {d.sis, e.student.SISID}, {d.login, e.student.Login}, {d.name, e.student.Name()}} {
		if index.key != "" {
			index.entries[index.key] = append(index.entries[index.key], e)
		}
	}
}

// find returns the student that a row means: by external id, SIS id, login,
// then by the full name among those whose ids do not say otherwise, in the
// class first. Nil is a student not known yet; an error says that a name alone
// could mean several.
func (d *directory) find(in *Student) (*directoryEntry, error) {
	for _, by := range []struct {
		entries map[string][]*directoryEntry
		key     string
		what    string
	}{{d.external, in.ExternalID, "id"}, {d.sis, in.SISID, "SIS id"}, {d.login, in.Login, "login"}} {
		if found := by.entries[by.key]; len(found) == 1 {
			return found[0], nil
		} else if len(found) > 1 {
			return nil, fmt.Errorf("%d students have the %s %s; make it unique first", len(found), by.what, by.key)
		}
	}
	var here, all []*directoryEntry
	for _, e := range d.name[in.Name()] {
		if differ(e.student.ExternalID, in.ExternalID) || differ(e.student.SISID, in.SISID) || differ(e.student.Login, in.Login) {
			continue
		}
		all = append(all, e)
		if e.here {
			here = append(here, e)
		}
	}
	switch {
	case len(here) > 1:
		return nil, fmt.Errorf("%d students of the class are called %s; add a column with their ids", len(here), in.Name())
	case len(here) == 1:
		return here[0], nil
	case len(all) == 1:
		return all[0], nil
	}
	return nil, nil
}

func differ(a, b string) bool { return a != "" && b != "" && a != b }
