package main

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"gradebook/grades"
)

func TestPortInUse(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		taken, err := net.Listen("tcp", addr)
		if err != nil {
			t.Logf("%s: %v", addr, err) // a machine without IPv6
			continue
		}
		defer taken.Close()
		_, port, _ := net.SplitHostPort(taken.Addr().String())
		args := []string{"-registry-addr", "localhost:0", "-grading-addr", "localhost:0", "-portal-addr", "localhost:0", "-log-addr", "localhost:" + port}
		var stdout bytes.Buffer
		err = run(t.Context(), t.Context(), args, noEnv, &stdout, io.Discard)
		want := "port " + port + " is in use, so the log service cannot start: another program, perhaps a Gradebook that still runs, has it; stop that, or choose another port with -log-addr, where localhost:0 picks a free one"
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", addr, err, want)
		}
		if stdout.Len() > 0 {
			t.Errorf("%s: it went on: %s", addr, &stdout)
		}
	}
	portal := explainInUse(fourServices()[3], "5000").Error()
	if !strings.Contains(portal, "AirPlay") || !strings.Contains(portal, "-portal-addr") {
		t.Errorf("port 5000 in use: %s", portal)
	}
}

func TestNextPause(t *testing.T) {
	for _, c := range []struct{ pause, life, want time.Duration }{
		{0, 0, 500 * time.Millisecond},
		{500 * time.Millisecond, time.Second, time.Second},
		{4 * time.Second, 29 * time.Second, 8 * time.Second},
		{8 * time.Second, 0, 10 * time.Second},
		{10 * time.Second, 0, 10 * time.Second},
		{10 * time.Second, 30 * time.Second, 500 * time.Millisecond},
	} {
		if got := nextPause(c.pause, c.life); got != c.want {
			t.Errorf("after a pause of %v and a life of %v: got %v, want %v", c.pause, c.life, got, c.want)
		}
	}
}

func TestStopsBeforeItStarts(t *testing.T) {
	var out bytes.Buffer
	services := fourServices()
	l := newLauncher(services, t.TempDir(), newOutput(&out, false))
	l.start(stopped(), stopped())
	l.stop()
	if strings.Contains(out.String(), "starting") {
		t.Errorf("it started something:\n%s", &out)
	}
}

func TestOutput(t *testing.T) {
	for _, c := range []struct {
		name   string
		colour bool
		writes []string
		want   string
	}{
		{"lines", false, []string{"a\nb\n"}, "log       | a\nlog       | b\n"},
		{"a line in parts", false, []string{"a", "b\r\nc"}, "log       | ab\nlog       | c\n"},
		{"nothing", false, nil, ""},
		{"colour", true, []string{"a\n"}, "\x1b[33mlog       |\x1b[0m a\n"},
		{"without end", false, []string{strings.Repeat("x", maxLine+1)}, "log       | " + strings.Repeat("x", maxLine) + "\nlog       | x\n"},
	} {
		var got bytes.Buffer
		l := &lines{out: newOutput(&got, c.colour), label: "log", colour: 33}
		for _, text := range c.writes {
			io.WriteString(l, text)
		}
		l.end()
		if got.String() != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got.String(), c.want)
		}
	}
	if wantsColour(new(bytes.Buffer), noEnv) {
		t.Error("colour for what is no terminal")
	}
}

func TestInWords(t *testing.T) {
	counts := func(created, changed, unchanged int) grades.ImportCounts {
		return grades.ImportCounts{Created: created, Changed: changed, Unchanged: unchanged}
	}
	cells := func(entered, changed, unchanged int) grades.CellCounts {
		return grades.CellCounts{New: entered, Changed: changed, Unchanged: unchanged}
	}
	for _, c := range []struct {
		new                   bool
		students, assignments grades.ImportCounts
		cells                 grades.CellCounts
		want                  string
	}{
		{true, counts(365, 0, 0), counts(6, 0, 0), cells(1631, 0, 0), "imported 7B: 365 students, 6 assignments, 1,631 grades"},
		{true, counts(1, 0, 2), counts(1, 0, 0), cells(0, 0, 0), "imported 7B: 3 students, 1 assignment, 0 grades"},
		{false, counts(0, 0, 365), counts(0, 0, 6), cells(0, 0, 1631), "7B: 365 students, 6 assignments, 1,631 grades: nothing changed, all of it was there"},
		{false, counts(1, 0, 9), counts(0, 1, 5), cells(12, 1000, 1), "imported 7B: 10 students, 6 assignments, 1,013 grades; new: 1 student, 12 grades; changed: 1 assignment, 1,000 grades"},
	} {
		class := grades.ImportClass{Title: "7B", Students: c.students, Assignments: c.assignments, Cells: c.cells}
		if c.new {
			class.Outcome = grades.LineCreated
		}
		if got := inWords(class); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
