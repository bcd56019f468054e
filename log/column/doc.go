// Package column writes columns of numbers and of texts so that they take little room, and reads
// them so that one row, or one column, need not wait for the others.
//
//	b = column.AppendInts(b, []uint64{7, 7, 8, 1 << 40})
//	b = w.AppendTexts(b, [][]byte{[]byte("took 12 ms"), []byte("took 7 ms"), …})
//	b = append(b, make([]byte, column.Padding)...) // after the last column
//
//	r := column.Reader{Rest: b}
//	numbers, texts := r.Ints(4), r.Texts(rows)
//	if r.Bad { … }
//	numbers.At(2) // 8
//
// Numbers are kept as their distance from a base, in as few bits as most of them need; those few
// that need more stand beside them. Texts that repeat are kept once. Of those that are alike but
// for the numbers in them, as the lines of one statement of a program are, only the numbers are
// kept, as columns; what is left is compressed.
//
// It promises to give back exactly what it was given, and to notice, rather than to panic, when it
// reads something else. It has no checksums: who stores columns has.
package column
