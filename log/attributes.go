package log

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

const (
	chunk     = 16 << 10 // bytes that are allocated together
	manyNames = 16       // from when a map finds names that repeat
)

// attributes puts the attributes of entries together, one entry after the other.
type attributes struct {
	members []attribute
	room    int // how much will be asked for, at most
	built   strings.Builder
}

// An attribute is one as it was sent.
type attribute struct {
	name   string
	key    string // the name as it is written between its quotes
	value  string // as it is written
	spaced bool   // white space is in the value
	inner  bool   // it was in "attributes", not beside it
	taken  bool   // it is no attribute
}

func (a *attributes) clear() { a.members = a.members[:0] }

func (a *attributes) clearInner() {
	a.members = slices.DeleteFunc(a.members, func(m attribute) bool { return m.inner })
}

func (a *attributes) add(m attribute) { a.members = append(a.members, m) }

// takeText takes the last member with one of the names, in any letter case, that stood beside
// the attributes, and returns its value, if that is a string that fits.
func (a *attributes) takeText(fits func(string) bool, names ...string) (string, bool) {
	for i := len(a.members) - 1; i >= 0; i-- {
		m := &a.members[i]
		if m.inner || m.value[0] != '"' || !slices.ContainsFunc(names, func(name string) bool { return isName(m.name, name) }) {
			continue
		}
		if s := unquote(m.value[1:len(m.value)-1], !strings.Contains(m.value, `\`)); fits(s) {
			m.taken = true
			return s, true
		}
	}
	return "", false
}

// compact returns the members as one JSON object without white space, in their order, each name
// once; "" if there are none.
func (a *attributes) compact() string {
	if len(a.members) == 0 {
		return ""
	}
	a.dropRepeats()
	size := len("{}")
	for i := range a.members {
		size += len(a.members[i].key) + len(a.members[i].value) + len(`"":,`)
	}
	if a.built.Cap()-a.built.Len() < size { // what was built stays where it is
		a.built.Reset()
		a.built.Grow(max(size, min(a.room, chunk)))
	}
	start := a.built.Len()
	separator := byte('{')
	for i := range a.members {
		m := &a.members[i]
		if m.taken {
			continue
		}
		a.built.WriteByte(separator)
		separator = ','
		a.built.WriteByte('"')
		a.built.WriteString(m.key)
		a.built.WriteString(`":`)
		a.built.WriteString(m.compactValue())
	}
	if separator == '{' {
		return ""
	}
	a.built.WriteByte('}')
	return a.built.String()[start:]
}

func (m *attribute) compactValue() string {
	if !m.spaced {
		return m.value
	}
	var b bytes.Buffer
	json.Compact(&b, []byte(m.value)) // it cannot fail: it has been read
	return b.String()
}

// dropRepeats takes out members whose name comes again later.
func (a *attributes) dropRepeats() {
	if len(a.members) > manyNames {
		a.dropManyRepeats()
		return
	}
	for i := range a.members {
		m := &a.members[i]
		for j := i + 1; j < len(a.members) && !m.taken; j++ {
			m.taken = m.name == a.members[j].name && !a.members[j].taken
		}
	}
}

func (a *attributes) dropManyRepeats() {
	later := make(map[string]bool, len(a.members))
	for i := len(a.members) - 1; i >= 0; i-- {
		if m := &a.members[i]; !m.taken {
			m.taken = later[m.name]
			later[m.name] = true
		}
	}
}
