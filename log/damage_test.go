package log

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradebook/log/commitlog"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// damaged writes a log of as many entries as there are messages, and flips a bit of one.
func damaged(t *testing.T, dir, message string, messages ...string) {
	t.Helper()
	j := mustOpenJournal(t, dir)
	for _, m := range messages {
		if _, _, err := j.append([]record{{time: 1, message: m}}); err != nil {
			t.Fatal(err)
		}
	}
	j.log.Close()
	damage(t, dir, message)
}

// damage flips a bit of a message in the raw segment.
func damage(t *testing.T, dir, message string) {
	t.Helper()
	path := filepath.Join(dir, "00000000000000000001.log")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[bytes.Index(content, []byte(message))] ^= 4
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// What is damaged is refused, with what to do, and once that was done everything else is there.
func TestRepair(t *testing.T) {
	dir := t.TempDir()
	damaged(t, dir, "third", "first", "second", "third", "fourth")
	_, err := Open(web.Env{DataDir: dir, Logger: slog.New(slog.DiscardHandler), Flag: flags(nil)}, telemetry.NewMetrics())
	for _, want := range []string{filepath.Join(dir, "00000000000000000001.log"), "at byte ", "checksum", "restore", "-repair"} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("Open: %v, want %q", err, want)
		}
	}
	s := mustOpenWith(t, dir, map[string]string{"repair": "true"})
	for range 2 {
		for query, want := range map[string]string{"": "fourth second first", "?limit=1&before=4": "second", "?after=2": "fourth", "?q=F": "fourth first"} {
			if got := messages(s.entries(t, query)); got != want {
				t.Errorf("after the repair GET /log%s: %q, want %q", query, got, want)
			}
		}
		if status, body := s.do(t, "GET", "/log/count?window=10m&until=1970-01-01T00:05:00Z", ""); !strings.Contains(body, `"total":3`) {
			t.Errorf("count after the repair: %d %s, want 3", status, body)
		}
		for offset, want := range map[int]string{2: `"message":"second"`, 3: "entry 3 was lost", 4: `"message":"fourth"`, 5: "the log ends before 5"} {
			if status, body := s.do(t, "GET", fmt.Sprint("/log/", offset), ""); !strings.Contains(body, want) || status != 200 && status != 404 {
				t.Errorf("GET /log/%d: %d %s, want %q", offset, status, body, want)
			}
		}
		e := s.events(t, "", "Last-Event-ID", "1")
		for _, want := range []string{`2 {"offset":2`, "3 gap", `4 {"offset":4`} {
			if got := e.next(); !strings.HasPrefix(got, want) {
				t.Errorf("the tail has %q, want %q", got, want)
			}
		}
		s.Close()
		s = mustOpen(t, dir)
	}
	if status, body := s.do(t, "POST", "/log", "fifth"); status != 200 || body != `{"offset":5}`+"\n" {
		t.Errorf("POST after the repair: %d %s", status, body)
	}
}

// What is damaged while the log is open is no shorter answer, but an error.
func TestQueryMeetsDamage(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	for _, m := range []string{"first", "second", "third"} {
		s.do(t, "POST", "/log", m)
	}
	damage(t, dir, "second")
	for _, path := range []string{"/log", "/log?q=first", "/log/2", "/log/count"} {
		status, body := s.do(t, "GET", path, "")
		if status != 500 || !strings.Contains(body, "-repair") || !strings.Contains(body, ".log is damaged at byte") {
			t.Errorf("GET %s: %d %s, want 500 that names the place and -repair", path, status, body)
		}
	}
}

func TestDamageIsTold(t *testing.T) {
	if err := errors.New("another"); repairable(err) != err {
		t.Error("-repair is offered for what it does not repair")
	}
	corrupt := &commitlog.CorruptError{Path: "x.log", Offset: 7, Reason: "checksum does not match"}
	if p := problem(fmt.Errorf("read: %w", corrupt)); p == nil || p.Status != 500 || !strings.Contains(p.Detail, "x.log is damaged at byte 7") {
		t.Errorf("got %v, want a problem that names the place", p)
	}
}

// Of a packed segment only the data matters: the rest is made again from it.
func TestRepairPacked(t *testing.T) {
	const entries = 3000
	whole := t.TempDir()
	packedJournal(t, whole, entries, request)
	segments, err := filepath.Glob(filepath.Join(whole, "*.pack"))
	if err != nil || len(segments) < 3 {
		t.Fatalf("the log has the packed segments %q (%v), want three or more", segments, err)
	}
	content, err := os.ReadFile(segments[1])
	if err != nil {
		t.Fatal(err)
	}
	records := int(binary.BigEndian.Uint32(content[8:])) // of the first block, see package commitlog
	position := 0
	for _, part := range []struct {
		name string
		lost int
	}{{"summary", 0}, {"filter", 0}, {"data", records}} {
		size := 32 + int(binary.BigEndian.Uint32(content[position+4:]))
		t.Run(part.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			broken := bytes.Clone(content)
			broken[position+size/2] ^= 1
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(segments[1])), broken, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := openJournal(dir, commitlog.Options{}); err == nil {
				t.Error("the damage is not noticed")
			}
			j, err := openJournal(dir, commitlog.Options{Repair: true})
			if err != nil {
				t.Fatal(err)
			}
			defer j.log.Close()
			everything, found := newFilter(), 0
			everything.level = levelTrace
			for _, err := range j.scan(t.Context(), &everything) {
				if err != nil {
					t.Fatal(err)
				}
				found++
			}
			if found != entries-part.lost {
				t.Errorf("%d of %d entries are left, want %d", found, entries, entries-part.lost)
			}
		})
		position += size
	}
}
