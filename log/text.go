package log

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// appendLines writes entries as text for a terminal, one line each, in columns: time, level,
// service, message and attributes. Times are UTC, ready to be pasted into since= and until=.
func appendLines(b []byte, entries []found) []byte {
	width := 0
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = string(appendWord(nil, cmp.Or(e.service, "-")))
		width = max(width, utf8.RuneCountInString(names[i]))
	}
	for i, e := range entries {
		b = time.Unix(0, e.time).UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
		b = fmt.Appendf(b, " %-5s %-*s ", levelName(e.level), width, names[i])
		b = appendShown(b, []byte(e.message), []byte(e.attributes))
		b = append(b, '\n')
	}
	return b
}

// appendLine writes one entry of this process for its own terminal, where the service is known and
// the day is today: "15:04:05.000 info  message key=value".
func appendLine(b []byte, at time.Time, level slog.Level, message string, attributes map[string]any) []byte {
	b = at.AppendFormat(b, "15:04:05.000")
	b = fmt.Appendf(b, " %-5s ", levelName(level))
	return append(appendBody(b, message, attributes), '\n')
}

// appendBody writes what an entry says: the message, then " key=value" for each attribute, in the
// order of the keys, those of a group as "group.key". It is also the text that ?q= searches, so
// that what is seen can be searched.
func appendBody(b []byte, message string, attributes map[string]any) []byte {
	b = appendEscaped(b, message)
	return appendAttributes(b, "", 0, attributes)
}

// maxGroups is how deep groups are within each other that are written by their keys; what is
// deeper is written as JSON.
const maxGroups = 16

func appendAttributes(b []byte, prefix string, depth int, attributes map[string]any) []byte {
	for _, key := range slices.Sorted(maps.Keys(attributes)) {
		value := attributes[key]
		if group, ok := value.(map[string]any); ok && depth < maxGroups {
			b = appendAttributes(b, prefix+key+".", depth+1, group)
			continue
		}
		switch v := value.(type) {
		case string:
			b = appendWord(appendKey(b, prefix+key), v)
		case map[string]any, []any, nil:
			value, _ := json.Marshal(v) // made of JSON values, so it cannot fail
			b = appendWord(appendKey(b, prefix+key), string(value))
		default:
			b = appendWord(appendKey(b, prefix+key), fmt.Sprint(v))
		}
	}
	return b
}

func appendKey(b []byte, key string) []byte {
	return append(appendWord(append(b, ' '), key), '=')
}

// appendWord writes s so that it reads as one word: quoted if it is empty, holds a space, a quote
// or an equals sign, or anything that does not print.
func appendWord(b []byte, s string) []byte {
	if isWord(s) || s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r == '"' || r == '=' || r == ' ' || !strconv.IsGraphic(r)
	}) {
		return append(b, s...)
	}
	return strconv.AppendQuoteToGraphic(b, s)
}

// isWord reports whether s is a word of ASCII, as nearly all are.
func isWord(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '"' || c == '=' {
			return false
		}
	}
	return s != ""
}

// appendEscaped writes a message with everything that could move a cursor, end a line or turn the
// direction of the text as an escape, so that one entry is always one line.
func appendEscaped(b []byte, s string) []byte {
	for i, r := range s {
		switch _, size := utf8.DecodeRuneInString(s[i:]); {
		case r == utf8.RuneError && size == 1:
			b = fmt.Appendf(b, `\x%02x`, s[i])
		case strconv.IsGraphic(r):
			b = utf8.AppendRune(b, r)
		default:
			quoted := strconv.QuoteRune(r)
			b = append(b, quoted[1:len(quoted)-1]...)
		}
	}
	return b
}
