package exchange

import (
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// encoding is how a file writes letters as bytes.
type encoding struct {
	name string // for people
	mark int    // bytes of the byte-order mark before the text
	// decode appends src as UTF-8 to dst and returns how many bytes of src it
	// used; those of a letter that is cut off are left for the next call.
	decode func(dst, src []byte) ([]byte, int)
}

const saveAs = `save it again as "CSV UTF-8" (in Excel: File, Save As, CSV UTF-8) and import that file`

// noTextError says, for people, what a file is that is no text.
type noTextError struct{ detail string }

func (e *noTextError) Error() string { return e.detail }

func utf8Encoding(mark int) encoding { return encoding{"UTF-8", mark, nil} }

// findEncoding finds out how a file is encoded: by its byte-order mark, by the
// zeros that UTF-16 has in Latin letters, as UTF-8 where it is, or else as
// Windows-1252, which Excel writes in much of the world and which has all of
// Latin-1's letters. A file that is both, in parts, is UTF-8 with bad lines. A
// *noTextError says what else a file is.
func findEncoding(file io.ReaderAt, size int64) (encoding, error) {
	head := make([]byte, min(size, 64<<10))
	if _, err := io.ReadFull(io.NewSectionReader(file, 0, size), head); err != nil {
		return encoding{}, err
	}
	e, sure, err := encodingOf(head)
	if sure || err != nil {
		return e, err
	}
	return encodingOfBytes(file, size)
}

// encodingOf is findEncoding as far as the head of a file tells. It is not sure
// of what only the rest can show.
func encodingOf(head []byte) (e encoding, sure bool, err error) {
	for _, known := range []struct{ mark, what string }{
		{"PK\x03\x04", "an Excel workbook or another ZIP"}, {"\xD0\xCF\x11\xE0", "an old Excel workbook"}, {"%PDF", "a PDF"},
		{"\x1F\x8B", "compressed"}, {"<", "a web page or XML"},
	} {
		if bytes.HasPrefix(head, []byte(known.mark)) {
			return e, true, &noTextError{"the file is " + known.what + ", not a table as text: open it in a spreadsheet and save it as CSV UTF-8"}
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("\uFEFF")):
		return utf8Encoding(3), true, nil
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return encoding{"UTF-16 little-endian", 2, decodeUTF16LE}, true, nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return encoding{"UTF-16 big-endian", 2, decodeUTF16BE}, true, nil
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch few := len(head) / 4; {
	case zeros[0] == 0 && zeros[1] == 0:
		return utf8Encoding(0), false, nil
	case zeros[0] == 0 && zeros[1] > few:
		return encoding{"UTF-16 little-endian", 0, decodeUTF16LE}, true, nil
	case zeros[1] == 0 && zeros[0] > few:
		return encoding{"UTF-16 big-endian", 0, decodeUTF16BE}, true, nil
	}
	return e, true, &noTextError{"the file is no text: " + saveAs}
}

// encodingOfBytes tells UTF-8 from Windows-1252 by looking at all of a file.
func encodingOfBytes(file io.ReaderAt, size int64) (encoding, error) {
	buf := make([]byte, 64<<10)
	wide, bad := false, false
	for from, kept := int64(0), 0; ; {
		n, err := file.ReadAt(buf[kept:min(int64(len(buf)), int64(kept)+size-from)], from)
		from += int64(n)
		if err != nil && err != io.EOF {
			return encoding{}, err
		}
		whole, last := buf[:kept+n], from >= size || n == 0
		kept = 0
		if !last {
			kept = cutOff(whole)
		}
		w, b := wideLetters(whole[:len(whole)-kept])
		wide, bad = wide || w, bad || b
		if last {
			break
		}
		copy(buf, whole[len(whole)-kept:])
	}
	if bad && !wide {
		return encoding{"Windows-1252", 0, decodeWindows1252}, nil
	}
	return utf8Encoding(0), nil
}

// cutOff returns how many bytes at the end of text begin a letter of UTF-8 whose
// other bytes are missing.
func cutOff(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// wideLetters reports whether text has letters of several bytes that are UTF-8,
// and whether it has bytes that are not.
func wideLetters(text []byte) (wide, bad bool) {
	for len(text) > 0 && !(wide && bad) {
		if text[0] < utf8.RuneSelf {
			text = text[1:]
			continue
		}
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			bad = true
		} else {
			wide = true
		}
		text = text[n:]
	}
	return wide, bad
}

func decodeUTF16LE(dst, src []byte) ([]byte, int) { return decodeUTF16(dst, src, 0, 1) }
func decodeUTF16BE(dst, src []byte) ([]byte, int) { return decodeUTF16(dst, src, 1, 0) }

func decodeUTF16(dst, src []byte, low, high int) ([]byte, int) {
	used := 0
	for ; used+1 < len(src); used += 2 {
		r := rune(src[used+low]) | rune(src[used+high])<<8
		if utf16.IsSurrogate(r) {
			if used+3 >= len(src) {
				break
			}
			if r = utf16.DecodeRune(r, rune(src[used+2+low])|rune(src[used+2+high])<<8); r != utf8.RuneError {
				used += 2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, used
}

// decodeWindows1252 reads what Windows-1252 has for no letter as U+FFFD.
func decodeWindows1252(dst, src []byte) ([]byte, int) {
	letters := [...]rune{
		'€', 0xFFFD, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0xFFFD, 'Ž', 0xFFFD,
		0xFFFD, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0xFFFD, 'ž', 'Ÿ',
	}
	for _, b := range src {
		r := rune(b)
		if 0x80 <= b && b < 0xA0 {
			r = letters[b-0x80]
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, len(src)
}

// textReader gives the text of a file as UTF-8.
type textReader struct {
	file     io.ReaderAt
	at, size int64
	encoding encoding
	raw      []byte
	text     []byte         // of raw, where it is not UTF-8 already
	rest     []byte         // of text, not read yet
	progress func(at int64) // may be nil
}

func newTextReader(file io.ReaderAt, size int64, e encoding) *textReader {
	return &textReader{file: file, at: int64(e.mark), size: size, encoding: e}
}

// Read gives what is cut off at the end of the file as U+FFFD.
func (t *textReader) Read(p []byte) (int, error) {
	if len(t.rest) > 0 {
		return t.take(p), nil
	}
	if t.at >= t.size {
		return 0, io.EOF
	}
	if t.progress != nil {
		t.progress(t.at)
	}
	if t.encoding.decode == nil {
		n, err := t.file.ReadAt(p[:min(int64(len(p)), t.size-t.at)], t.at)
		t.at += int64(n)
		return n, err
	}
	err := t.decode()
	return t.take(p), err
}

func (t *textReader) take(p []byte) int {
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n
}

// decode reads some more of a file that is not UTF-8.
func (t *textReader) decode() error {
	if t.raw == nil {
		t.raw = make([]byte, 32<<10)
	}
	n, err := t.file.ReadAt(t.raw[:min(int64(len(t.raw)), t.size-t.at)], t.at)
	text, used := t.encoding.decode(t.text[:0], t.raw[:n])
	t.at += int64(used)
	if used == 0 && n > 0 {
		t.at = t.size
		text = utf8.AppendRune(text, utf8.RuneError)
	}
	t.text, t.rest = text, text
	if err == io.EOF && n > 0 {
		err = nil
	}
	return err
}
