package grades

import "encoding/binary"

// cellImport is what is decided for a cell that is new, changed, cleared or
// kept. What it comes to is made of it and the file again; see meant.
type cellImport struct {
	column int
	what   cellOutcome
	from   *CellValue
}

// cellImports are very many, packed: each begins with a byte that says what
// happens, and whether there is a value before.
type cellImports struct{ packed []byte }

const (
	importOutcome = 1<<3 - 1
	importFrom    = 1 << 3
)

func (l *cellImports) add(c cellImport) {
	first := byte(c.what)
	if c.from != nil {
		first |= importFrom
	}
	l.packed = binary.AppendUvarint(append(l.packed, first), uint64(c.column))
	if c.from != nil {
		l.packed = appendPackedValue(l.packed, c.from)
	}
}

// reader returns one that reads all of them with cellImport.
func (l *cellImports) reader() *unpacking { return &unpacking{rest: l.packed} }

func (u *unpacking) cellImport() (c cellImport) {
	first := u.byte()
	c.what, c.column = cellOutcome(first&importOutcome), int(u.uvarint())
	if first&importFrom != 0 {
		c.from = u.value(new(valueRoom))
	}
	return c
}
