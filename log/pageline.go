package log

import (
	"log/slog"
	"net/url"
	"strings"
	"time"

	"gradebook/service/web"
)

// shownMessage is how much of a message a page shows, in bytes: no entry may fill a page.
const shownMessage = 1 << 10

// line is an entry on a page.
type line struct {
	Offset     uint64
	Time       string
	Stamp      time.Time
	Level      string
	Kind       string // of its tag
	Service    string
	Message    string
	Attributes string
	More       bool   // it is longer than what is shown
	Trace      string // shortened
	TraceLink  string // the address of all that its request did
}

func newLine(e Entry, now time.Time) line {
	l := line{
		Offset: e.Offset, Time: web.Clock(e.Time, now, "15:04:05.000"), Stamp: e.Time.UTC(), Level: e.Level,
		Kind: tagOf(e.Level), Service: e.Service, Message: visible(cut(e.Message, shownMessage)),
		More: len(e.Message) > shownMessage,
	}
	attributes := string(appendAttributes(nil, "", 0, e.Attributes))
	l.More = l.More || len(attributes) > shownMessage
	l.Attributes = strings.TrimPrefix(cut(attributes, shownMessage), " ")
	if e.Trace != "" {
		l.Trace, l.TraceLink = cut(e.Trace, 8), traceAddress(e.Trace)
		l.Trace = strings.TrimSuffix(l.Trace, "…")
	}
	return l
}

// traceAddress is the page of all that one request did.
func traceAddress(id string) string { return "/traces/" + url.PathEscape(id) }

// tagOf is how bad a level looks.
func tagOf(level string) string {
	l, err := parseLevel(level)
	switch {
	case err != nil || l < slog.LevelInfo:
		return ""
	case l < slog.LevelWarn:
		return "info"
	case l < slog.LevelError:
		return "warn"
	}
	return "bad"
}

// visible returns a message in its own lines, with what else does not print as escapes.
func visible(message string) string {
	var b []byte
	for text := range strings.Lines(message) {
		rest, ended := strings.CutSuffix(text, "\n")
		b = appendEscaped(b, strings.ReplaceAll(strings.TrimSuffix(rest, "\r"), "\t", "    "))
		if ended {
			b = append(b, '\n')
		}
	}
	return string(b)
}
