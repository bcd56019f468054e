package exchange

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// encodeUTF16 writes text with a mark, or without one.
func encodeUTF16(text string, little bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		if little {
			b.WriteString(string([]byte{byte(unit), byte(unit >> 8)}))
		} else {
			b.WriteString(string([]byte{byte(unit >> 8), byte(unit)}))
		}
	}
	return b.String()
}

func TestEncoding(t *testing.T) {
	long := strings.Repeat("a,", 64<<10)
	for _, c := range []struct{ name, file, encoding, text string }{
		{"nothing", "", "UTF-8", ""},
		{"ASCII", "Name,Essay\n", "UTF-8", "Name,Essay\n"},
		{"UTF-8", "Zoë, 王, 👩‍🏫", "UTF-8", "Zoë, 王, 👩‍🏫"},
		{"UTF-8 with a mark", "\uFEFFZoë", "UTF-8", "Zoë"},
		{"UTF-8 late", long + "Zoë", "UTF-8", long + "Zoë"},
		{"UTF-8 across the edge", long[1:] + strings.Repeat("王", 5), "UTF-8", long[1:] + strings.Repeat("王", 5)},
		{"UTF-8 cut off", "Zoë 王"[:6], "UTF-8", "Zoë 王"[:6]},
		{"both", "Zoë M\xfcller", "UTF-8", "Zoë M\xfcller"},
		{"Latin-1", "M\xfcller, \xa4", "Windows-1252", "Müller, ¤"},
		{"Windows-1252", "M\xfcller \x80 \x91x\x92", "Windows-1252", "Müller € ‘x’"},
		{"Windows-1252 late", long + "M\xfcller", "Windows-1252", long + "Müller"},
		{"no letter of Windows-1252", "M\xfcller \x81", "Windows-1252", "Müller \uFFFD"},
		{"UTF-16 little-endian", encodeUTF16("\uFEFFZoë 王 👩‍🏫", true), "UTF-16 little-endian", "Zoë 王 👩‍🏫"},
		{"UTF-16 big-endian", encodeUTF16("\uFEFFZoë 王 👩‍🏫", false), "UTF-16 big-endian", "Zoë 王 👩‍🏫"},
		{"UTF-16 without a mark", encodeUTF16("Name,Essay", true), "UTF-16 little-endian", "Name,Essay"},
		{"big-endian without a mark", encodeUTF16("Name,Essay", false), "UTF-16 big-endian", "Name,Essay"},
		{"long UTF-16", encodeUTF16("\uFEFF"+strings.Repeat("👩‍🏫王", 30<<10), true), "UTF-16 little-endian", strings.Repeat("👩‍🏫王", 30<<10)},
		{"UTF-16 cut off", encodeUTF16("\uFEFFab", true)[:5], "UTF-16 little-endian", "a\uFFFD"},
		{"half a pair", encodeUTF16("\uFEFFa👩", true)[:6], "UTF-16 little-endian", "a\uFFFD"},
	} {
		e, err := findEncoding(strings.NewReader(c.file), int64(len(c.file)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		text, err := io.ReadAll(newTextReader(strings.NewReader(c.file), int64(len(c.file)), e))
		if err != nil || e.name != c.encoding || string(text) != c.text {
			t.Errorf("%s: %s %.50q (%d bytes), %v; want %s %.50q (%d bytes)", c.name, e.name, text, len(text), err, c.encoding, c.text, len(c.text))
		}
	}
}

func TestNoText(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"PK\x03\x04\x14\x00", "an Excel workbook"},
		{"\xD0\xCF\x11\xE0\xA1\xB1", "an old Excel workbook"},
		{"%PDF-1.7", "a PDF"},
		{"<html><table>", "a web page"},
		{"\x1F\x8B\x08", "compressed"},
		{"\x01\x00\x00\x00\x00\x02\x00", "no text"},
	} {
		if _, err := findEncoding(strings.NewReader(c.file), int64(len(c.file))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.file, err, c.want)
		}
	}
}

// However little is asked for at a time, all of a file is read.
func TestTextReader(t *testing.T) {
	for _, c := range []struct {
		encoding    encoding
		letter, odd string
		want        string
	}{
		{utf8Encoding(0), "é", "", "é"},
		{encoding{"Windows-1252", 0, decodeWindows1252}, "\xE9", "", "é"},
		{encoding{"UTF-16", 0, decodeUTF16LE}, "\xE9\x00", "x", "é"},
	} {
		file := strings.Repeat(c.letter, 50_000) + c.odd
		want := strings.Repeat(c.want, 50_000)
		if c.odd != "" {
			want += "\uFFFD"
		}
		if err := iotest.TestReader(newTextReader(strings.NewReader(file), int64(len(file)), c.encoding), []byte(want)); err != nil {
			t.Errorf("%s: %.200v", c.encoding.name, err)
		}
	}
}

func TestEncodingOfAFileThatShrank(t *testing.T) {
	text, err := io.ReadAll(newTextReader(bytes.NewReader([]byte("abc")), 10, utf8Encoding(0)))
	if string(text) != "abc" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}
