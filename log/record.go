package log

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
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

func (r *record) encode() []byte {
	b := make([]byte, 0, r.size())
	b = append(b, recordVersion, byte(r.kind), byte(int8(r.level)))
	b = binary.BigEndian.AppendUint64(b, uint64(r.time))
	b = binary.AppendUvarint(b, r.sequence)
	for _, s := range [...]string{r.service, r.instance, r.trace, r.span, r.message, r.attributes} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// size is about how many bytes the record takes, stored or answered.
func (r *record) size() int {
	return 64 + len(r.service) + len(r.instance) + len(r.trace) + len(r.span) + len(r.message) + len(r.attributes)
}

// decodeRecord copies data once; the strings of the record share that copy.
func decodeRecord(data []byte) (record, error) {
	var r record
	switch {
	case len(data) > 0 && data[0] == 1: // had no kind
		data = data[1:]
	case len(data) > 1 && data[0] == recordVersion:
		r.kind, data = kind(data[1]), data[2:]
	case len(data) > 1:
		return record{}, fmt.Errorf("entry has version %d, this program reads up to %d", data[0], recordVersion)
	}
	if len(data) < 9 {
		return record{}, errors.New("entry is cut short")
	}
	r.level, r.time = slog.Level(int8(data[0])), int64(binary.BigEndian.Uint64(data[1:]))
	rest := data[9:]
	sequence, n := binary.Uvarint(rest)
	if n <= 0 {
		return record{}, errors.New("entry is cut short")
	}
	r.sequence = sequence
	rest = rest[n:]
	text := string(rest)
	for _, field := range [...]*string{&r.service, &r.instance, &r.trace, &r.span, &r.message, &r.attributes} {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return record{}, errors.New("entry is cut short")
		}
		*field = text[n : n+int(size)]
		rest, text = rest[n+int(size):], text[n+int(size):]
	}
	return r, nil
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
