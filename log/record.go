package log

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gradebook/log/column"
)

// recordVersion is the first byte of every stored record.
const recordVersion = 2

// A record is an entry as it is kept in the commit log: one version byte, the kind and the level
// (one byte each), the time (8 bytes, big endian, Unix nanoseconds), the sequence (uvarint), then
// service, instance, trace, span, message and attributes, each as a uvarint length and its bytes.
// It is binary so that opening a log and filtering it need not parse JSON; attributes stay JSON,
// since they are only read when an entry is shown.
type record struct {
	kind       kind
	time       int64
	level      slog.Level // fits in an int8
	sequence   uint64
	service    string
	instance   string
	trace      string
	span       string
	message    string
	attributes string // a JSON object, or empty
}

// The texts of a record, in the order in which they are stored.
const (
	fieldService = iota
	fieldInstance
	fieldTrace
	fieldSpan
	fieldMessage
	fieldAttributes
	textFields
)

// head is the first bytes of a record. That of version 1 had no kind.
type head struct {
	version byte
	kind    kind
	level   int8
}

// stray is the head of what is no record.
func (h head) stray() bool { return h.version == 0 }

// append writes what comes before the texts.
func (h head) append(b []byte, time int64, sequence uint64) []byte {
	if b = append(b, h.version); h.version > 1 {
		b = append(b, byte(h.kind))
	}
	b = append(b, byte(h.level))
	b = binary.BigEndian.AppendUint64(b, uint64(time))
	return binary.AppendUvarint(b, sequence)
}

// fields is a stored record that is looked at where it is.
type fields struct {
	head
	time     int64
	sequence uint64
	texts    [textFields][]byte
}

// parseFields finds the parts of a record, which may be followed by more.
func parseFields(data []byte) (fields, error) {
	c := column.Reader{Rest: data}
	var f fields
	switch f.version = c.Byte(); {
	case c.Bad:
	case f.version == 0 || f.version > recordVersion:
		return fields{}, fmt.Errorf("entry has version %d, this program reads up to %d", f.version, recordVersion)
	case f.version > 1:
		f.kind = kind(c.Byte())
	}
	f.level, f.time, f.sequence = int8(c.Byte()), int64(c.Uint64()), c.Uvarint()
	for i := range f.texts {
		f.texts[i] = c.Text()
	}
	if c.Bad {
		return fields{}, errors.New("entry is cut short")
	}
	return f, nil
}

// size is how many bytes the record takes.
func (f *fields) size() int {
	var number [binary.MaxVarintLen64]byte
	length := func(n uint64) int { return binary.PutUvarint(number[:], n) }
	size := 3 + 8 + length(f.sequence)
	if f.version == 1 {
		size--
	}
	for _, text := range f.texts {
		size += length(uint64(len(text))) + len(text)
	}
	return size
}

// record copies the fields, of the texts the first so many.
func (f *fields) record(texts int) record {
	r := record{kind: f.kind, level: slog.Level(f.level), time: f.time, sequence: f.sequence}
	size := 0
	for _, text := range f.texts[:texts] {
		size += len(text)
	}
	all := make([]byte, 0, size)
	var ends [textFields]int
	for i, text := range f.texts {
		if i < texts {
			all = append(all, text...)
		}
		ends[i] = len(all)
	}
	r.setTexts(string(all), ends)
	return r
}

// setTexts sets all texts: parts of one string, which they share.
func (r *record) setTexts(all string, ends [textFields]int) {
	start := 0
	for i, field := range [...]*string{&r.service, &r.instance, &r.trace, &r.span, &r.message, &r.attributes} {
		*field = all[start:ends[i]]
		start = ends[i]
	}
}

func (r *record) encode() []byte { return r.append(make([]byte, 0, r.size())) }

// append writes the record as it is stored: at most size bytes.
func (r *record) append(b []byte) []byte {
	b = head{recordVersion, r.kind, int8(r.level)}.append(b, r.time, r.sequence)
	for _, s := range [...]string{r.service, r.instance, r.trace, r.span, r.message, r.attributes} {
		b = appendString(b, s)
	}
	return b
}

// appendString writes the length of s, and s.
func appendString[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// size is about how many bytes the record takes, answered or, at most, stored.
func (r *record) size() int {
	return 64 + len(r.service) + len(r.instance) + len(r.trace) + len(r.span) + len(r.message) + len(r.attributes)
}

// decodeRecord copies what it returns.
func decodeRecord(data []byte) (record, error) {
	f, err := parseFields(data)
	if err != nil {
		return record{}, err
	}
	return f.record(textFields), nil
}

// entry is the record as it is answered.
func (r *record) entry(offset uint64) Entry {
	return Entry{
		Offset: offset, Time: time.Unix(0, r.time).UTC(), Level: levelName(r.level), Kind: r.kind.String(),
		Service: r.service, Instance: r.instance, Sequence: r.sequence,
		Message: r.message, Trace: r.trace, Span: r.span, Attributes: decodeAttributes(r.attributes),
	}
}

// decodeAttributes keeps numbers as they were written: a 64-bit id must not pass through a float.
func decodeAttributes(object string) map[string]any {
	if object == "" {
		return nil
	}
	var attributes map[string]any
	d := json.NewDecoder(strings.NewReader(object))
	d.UseNumber()
	if d.Decode(&attributes) != nil {
		return map[string]any{"unreadable": object} // unreachable for what parse.go let in
	}
	return attributes
}
