package log

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// MaxEntry is the largest entry the log takes, in bytes as sent (after decompression).
const MaxEntry = 256 << 10

// maxName and maxID bound the strings that the log keeps in memory for as long as it runs.
const (
	maxName = 128 // service
	maxID   = 64  // instance, trace, span
)

// Entry is one entry of the log, as it is sent, stored and answered.
//
// A client that wants a repeated request to be harmless gives each process a random Instance and
// numbers its entries with Sequence, from 1, sending them in that order: the log stores each pair
// once. Everything but Message may be left empty by a sender.
//
// The log takes names in any letter case. What else a sender puts into the object becomes an
// attribute, so that the JSON of other programs, such as of slog.JSONHandler, can be sent as it is:
// "msg" is then the message, and "ts" or "timestamp", if that is an RFC 3339 time, the time.
type Entry struct {
	Offset     uint64         `json:"offset,omitempty"`     // place in the log, from 1; given by the log
	Time       time.Time      `json:"time,omitzero"`        // when it happened; the time of arrival if the sender gave none
	Level      string         `json:"level,omitempty"`      // trace, debug, info, warn or error, or one between such as info+2; info if not given
	Kind       string         `json:"kind,omitempty"`       // "" of a line, "span" of a step of a request, which is of level trace, "alert" of what an alert says (only the log itself makes these)
	Service    string         `json:"service,omitempty"`    // name of the sender, at most 128 bytes
	Instance   string         `json:"instance,omitempty"`   // the sender's process, at most 64 bytes
	Sequence   uint64         `json:"sequence,omitempty"`   // number within Instance; 0 for none
	Message    string         `json:"message"`              // any text; control characters are escaped where people read it
	Trace      string         `json:"trace,omitempty"`      // W3C trace id, at most 64 bytes
	Span       string         `json:"span,omitempty"`       // W3C parent id, at most 64 bytes
	Attributes map[string]any `json:"attributes,omitempty"` // JSON values; numbers read from the log are json.Number
}

// kind tells entries apart that are not lines somebody wrote.
type kind byte

const (
	kindLine kind = iota
	kindSpan
	kindAlert
)

func (k kind) String() string {
	switch k {
	case kindSpan:
		return "span"
	case kindAlert:
		return "alert"
	}
	return ""
}

// levelTrace is the level of spans: below what people read as lines.
const levelTrace = slog.LevelDebug - 4

// parseLevel reads a level as people and programs write it: any letter case, "warning" for "warn",
// "trace" for debug-4, and slog's offsets ("info+2"). The empty string is info.
func parseLevel(s string) (slog.Level, error) {
	switch strings.ToLower(s) {
	case "", "info":
		return slog.LevelInfo, nil
	case "debug":
		return slog.LevelDebug, nil
	case "warn", "warning":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	case "trace":
		return levelTrace, nil
	}
	var l slog.Level
	if err := l.UnmarshalText([]byte(s)); err != nil || l != slog.Level(int8(l)) {
		return 0, fmt.Errorf("%q is not a level: use debug, info, warn or error", cut(s, 40))
	}
	return l, nil
}

// levelName is the form of a level on the wire and on a page.
func levelName(l slog.Level) string {
	if l == levelTrace {
		return "trace"
	}
	return strings.ToLower(l.String())
}

// cut shortens s to at most n bytes, on a rune's edge, so that a message can quote it.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// levelLabel is the level of a metric: one of four.
func levelLabel(l slog.Level) string {
	switch {
	case l < slog.LevelInfo:
		return "debug"
	case l < slog.LevelWarn:
		return "info"
	case l < slog.LevelError:
		return "warn"
	}
	return "error"
}
