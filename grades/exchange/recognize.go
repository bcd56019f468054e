package exchange

import (
	"bytes"
	"io"
	"slices"
)

// recognize returns the name of the format of a file that begins with head, ""
// when it is none of text.
func recognize(head []byte) string {
	e, sure, err := encodingOf(head)
	head = head[:len(head)-cutOff(head)]
	switch {
	case bytes.HasPrefix(head, []byte("PK")) && !bytes.Contains(head, []byte("[Content_Types].xml")), bytes.HasPrefix(head, []byte("{")), bytes.HasPrefix(head, []byte("[")):
		return ""
	case err != nil, len(bytes.TrimSpace(head)) == 0:
		return "plain" // a workbook or nothing, which a table of one's own says best
	}
	if !sure {
		e, _ = encodingOfBytes(bytes.NewReader(head), int64(len(head)))
	}
	text, _ := io.ReadAll(newTextReader(bytes.NewReader(head), int64(len(head)), e))
	comma := separator(text)
	records := newRecordReader(bytes.NewReader(text), comma)
	general := ""
	for range headerLines {
		rec, err := records.next()
		if err != nil {
			break
		}
		if name := formatOfTitles(rec); name != "" {
			return name
		}
		if len(rec.cells) > 1 && !isSeparatorLine(rec) {
			general = map[bool]string{true: "text", false: "plain"}[comma == '\t']
		}
	}
	return general
}

// formatOfTitles returns the name of the system that has such titles, or "".
func formatOfTitles(rec record) string {
	has := func(of func(string) role, want ...role) bool {
		return !slices.ContainsFunc(want, func(w role) bool {
			return !slices.ContainsFunc(rec.cells, func(cell string) bool { return of(oneLine(cell)) == w })
		})
	}
	switch {
	case has(canvasRole, externalID, section) && (has(canvasRole, fullName) || has(canvasRole, firstName, lastName)):
		return "canvas"
	case (has(moodleRole, firstName) || has(moodleRole, fullName)) && slices.ContainsFunc(rec.cells, isMoodleTitle):
		return "moodle"
	case has(googleRole, firstName, lastName, email) && !has(plainRole, externalID):
		return "google"
	}
	return ""
}
