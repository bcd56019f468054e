package column

import "encoding/binary"

// Reader reads what was written, one part after the other. Once it is Bad, as what it reads is not
// what was written, it stays so and returns zeros.
type Reader struct {
	Rest []byte // not read yet
	Bad  bool
}

// Uvarint reads a number as [binary.AppendUvarint] writes it.
func (r *Reader) Uvarint() uint64 {
	v, n := binary.Uvarint(r.Rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.Rest = r.Rest[n:]
	return v
}

// UpTo reads a number, by Uvarint, that is from 0 to most.
func (r *Reader) UpTo(most int) int {
	n := r.Uvarint()
	if n > uint64(max(most, 0)) {
		r.fail()
		return 0
	}
	return int(n)
}

// Byte reads a byte.
func (r *Reader) Byte() byte {
	if len(r.Rest) == 0 {
		r.fail()
		return 0
	}
	v := r.Rest[0]
	r.Rest = r.Rest[1:]
	return v
}

// Uint64 reads eight bytes, the highest first.
func (r *Reader) Uint64() uint64 {
	if len(r.Rest) < 8 {
		r.fail()
		return 0
	}
	v := binary.BigEndian.Uint64(r.Rest)
	r.Rest = r.Rest[8:]
	return v
}

// Bytes returns the next n bytes where they are.
func (r *Reader) Bytes(n int) []byte {
	if n < 0 || n > len(r.Rest) {
		r.fail()
		return nil
	}
	v := r.Rest[:n:n]
	r.Rest = r.Rest[n:]
	return v
}

// Text reads a length, by Uvarint, and returns as many bytes where they are.
func (r *Reader) Text() []byte { return r.Bytes(r.UpTo(len(r.Rest))) }

func (r *Reader) fail() { r.Rest, r.Bad = nil, true }
