package log

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"
)

// encodeEntry makes the entry's line, but for its sequence. One over the limit is cut rather than
// refused by the log service.
func encodeEntry(e Entry) []byte {
	line, err := appendSent(make([]byte, 0, 512), &e)
	if err != nil || len(line) > MaxEntry-maxSequence {
		e.Time = time.Now()
		e.Attributes = map[string]any{"cut": strconv.Itoa(len(line)) + " bytes"}
		e.Message = cut(e.Message, MaxEntry/8) // a byte may take six in JSON
		line, _ = appendSent(line[:0], &e)     // it cannot fail any more
	}
	return line
}

// appendSent writes an entry as encoding/json does, with its time in UTC. It fails where that does:
// JSON has no years after 9999.
func appendSent(b []byte, e *Entry) ([]byte, error) {
	b = append(b, '{')
	if !e.Time.IsZero() {
		at := e.Time.UTC()
		if year := at.Year(); year < 0 || year > 9999 {
			return b, errors.New("no such year in JSON")
		}
		b = append(at.AppendFormat(append(b, `"time":"`...), time.RFC3339Nano), `",`...)
	}
	b = appendJSONString(append(b, `"level":`...), e.Level)
	b = appendMember(b, `,"kind":`, e.Kind)
	b = appendMember(b, `,"service":`, e.Service)
	b = appendMember(b, `,"instance":`, e.Instance)
	b = appendJSONString(append(b, `,"message":`...), e.Message)
	b = appendMember(b, `,"trace":`, e.Trace)
	b = appendMember(b, `,"span":`, e.Span)
	if len(e.Attributes) > 0 {
		var err error
		if b, err = appendValue(append(b, `,"attributes":`...), e.Attributes); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

// appendValue writes a value as encoding/json does, most of them without reflection.
func appendValue(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case string:
		return appendJSONString(b, v), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case uint64:
		return strconv.AppendUint(b, v, 10), nil
	case map[string]any:
		return appendObject(b, v)
	}
	encoded, err := json.Marshal(value)
	return append(b, encoded...), err
}

// appendObject writes the members in the order of their names.
func appendObject(b []byte, members map[string]any) ([]byte, error) {
	names := make([]string, 0, 8)
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	separator := byte('{')
	for _, name := range names {
		b = append(appendJSONString(append(b, separator), name), ':')
		separator = ','
		var err error
		if b, err = appendValue(b, members[name]); err != nil {
			return b, err
		}
	}
	if separator == '{' {
		b = append(b, separator)
	}
	return append(b, '}'), nil
}
