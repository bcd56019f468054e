package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
)

// lastLines is how many lines of a service are kept to show after a crash.
const lastLines = 20

// maxLine is where a line that does not end is cut.
const maxLine = 64 << 10

// output is where the launcher and all services print, line by line. It is safe
// for concurrent use.
type output struct {
	colour bool
	mu     sync.Mutex // guards w
	w      io.Writer
}

func newOutput(w io.Writer, colour bool) *output { return &output{w: w, colour: colour} }

// wantsColour reports whether w is a terminal that shows colours, and nobody
// asked for none.
func wantsColour(w io.Writer, getenv func(string) string) bool {
	f, ok := w.(*os.File)
	if !ok || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb" {
		return false
	}
	if runtime.GOOS == "windows" && getenv("WT_SESSION") == "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// say prints a line of the launcher itself.
func (o *output) say(format string, args ...any) {
	o.print("gradebook", 1, fmt.Appendf(nil, format, args...))
}

// print prints a line with a label before it, in an ANSI colour, 1 being bold.
func (o *output) print(label string, colour int, line []byte) {
	label = fmt.Sprintf("%-9s |", label)
	if o.colour {
		label = fmt.Sprintf("\x1b[%dm%s\x1b[0m", colour, label)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	fmt.Fprintf(o.w, "%s %s\n", label, line) // nobody is left to tell when it fails
}

// lines prints what a service writes, line by line, and keeps the last of them.
// It is an io.Writer for one goroutine at a time.
type lines struct {
	out    *output
	label  string
	colour int
	rest   []byte // of a line that has not ended
	last   []string
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		end, next := bytes.IndexByte(l.rest, '\n'), 1
		if end < 0 && len(l.rest) > maxLine {
			end, next = maxLine, 0
		}
		if end < 0 {
			return len(p), nil
		}
		l.line(l.rest[:end])
		l.rest = l.rest[end+next:]
	}
}

// end prints what did not end in a newline and returns the last lines, which it
// forgets.
func (l *lines) end() []string {
	if len(l.rest) > 0 {
		l.line(l.rest)
	}
	last := l.last
	l.rest, l.last = nil, nil
	return last
}

func (l *lines) line(text []byte) {
	text = bytes.TrimRight(text, "\r")
	l.out.print(l.label, l.colour, text)
	if len(l.last) == lastLines {
		l.last = slices.Delete(l.last, 0, 1)
	}
	l.last = append(l.last, string(text))
}

// thousands writes a number, not below 0, with commas between the thousands.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// count writes a number of things: "1 student", "1,631 grades".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return thousands(n) + " " + thing
}
