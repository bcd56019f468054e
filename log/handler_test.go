package log

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/slogtest"
	"time"

	"gradebook/service/telemetry"
)

// inbox is a log service in memory, which stores each sequence once.
type inbox struct {
	away  atomic.Bool // what is sent fails
	mute  bool        // it only seems to fail: the answer is lost
	fails atomic.Int64

	mu      sync.Mutex // guards what follows
	entries []Entry
	last    map[string]uint64
}

func (b *inbox) send(_ context.Context, ndjson []byte) error {
	if b.away.Load() {
		b.fails.Add(1)
		if b.mute {
			b.store(ndjson)
		}
		return errors.New("no route")
	}
	return b.store(ndjson)
}

func (b *inbox) store(ndjson []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last == nil {
		b.last = map[string]uint64{}
	}
	for line := range bytes.Lines(ndjson) {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return &refusedError{detail: err.Error()}
		}
		if e.Sequence > b.last[e.Instance] {
			b.last[e.Instance] = e.Sequence
			b.entries = append(b.entries, e)
		}
	}
	return nil
}

func (b *inbox) messages() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return messages(b.entries)
}

// screen is a terminal that can be read while it is written.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestHandlerConforms(t *testing.T) {
	var box inbox
	h := NewHandler(HandlerOptions{Service: "S", Instance: "i", Stderr: &screen{}, Send: box.send})
	results := func() []map[string]any {
		if err := h.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		var all []map[string]any
		for _, e := range box.entries {
			m := map[string]any{slog.LevelKey: e.Level, slog.MessageKey: e.Message}
			if !e.Time.IsZero() {
				m[slog.TimeKey] = e.Time
			}
			for key, value := range e.Attributes {
				m[key] = value
			}
			all = append(all, m)
		}
		return all
	}
	if err := slogtest.TestHandler(h, results); err != nil {
		t.Error(err)
	}
}

type secret struct{ key string }

func (secret) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

type broken struct{}

func (*broken) MarshalJSON() ([]byte, error) { panic("broken") }

func TestHandlerPrintsAndShips(t *testing.T) {
	at := time.Date(2026, 11, 20, 18, 9, 3, 5e6, time.Local)
	tests := []struct {
		name  string
		level slog.Level
		text  string
		attrs []slog.Attr
		print string // after the time
		ship  string // attributes
	}{
		{"plain", slog.LevelInfo, "hello", nil, "info  hello", `null`},
		{"between levels", slog.LevelWarn + 1, "hello", nil, "warn+1 hello", `null`},
		{"forged", slog.LevelError, "a\n18:09:04.000 info  b", nil, `error a\n18:09:04.000 info  b`, `null`},
		{"values", slog.LevelInfo, "m", []slog.Attr{
			slog.String("text", "two words"), slog.Int("n", 5), slog.Bool("yes", true), slog.Duration("took", 1500*time.Millisecond),
			slog.Any("error", errors.New("no\nway")), slog.Uint64("big", math.MaxUint64),
		}, `info  m big=18446744073709551615 error="no\nway" n=5 text="two words" took=1.5s yes=true`,
			`{"big":18446744073709551615,"error":"no\nway","n":5,"text":"two words","took":"1.5s","yes":true}`},
		{"hostile key", slog.LevelInfo, "m", []slog.Attr{slog.Int("a b=\n", 1)}, `info  m "a b=\n"=1`, `{"a b=\n":1}`},
		{"group", slog.LevelInfo, "m", []slog.Attr{slog.Group("r", "path", "/x", "n", nil)}, `info  m r.n=null r.path=/x`, `{"r":{"n":null,"path":"/x"}}`},
		{"not a number", slog.LevelInfo, "m", []slog.Attr{slog.Float64("x", math.NaN())}, `info  m x=NaN`, `{"x":"NaN"}`},
		{"secret", slog.LevelInfo, "m", []slog.Attr{slog.Any("keys", []secret{{"a"}})}, `info  m keys="[\"***\"]"`, `{"keys":["***"]}`},
		{"panic", slog.LevelInfo, "m", []slog.Attr{slog.Any("x", &broken{})}, `info  m x="*log.broken cannot be logged: broken"`, `{"x":"*log.broken cannot be logged: broken"}`},
		{"not JSON", slog.LevelInfo, "m", []slog.Attr{slog.Any("x", make(chan int))}, `info  m x="chan int cannot be logged: json: unsupported type: chan int"`, `{"x":"chan int cannot be logged: json: unsupported type: chan int"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var box inbox
			var out screen
			h := NewHandler(HandlerOptions{Service: "S", Instance: "i", Stderr: &out, Send: box.send})
			r := slog.NewRecord(at, test.level, test.text, 0)
			r.AddAttrs(test.attrs...)
			span := telemetry.NewSpan()
			if err := h.Handle(telemetry.WithSpan(t.Context(), span), r); err != nil {
				t.Error(err)
			}
			if err := h.Close(t.Context()); err != nil {
				t.Error(err)
			}
			if got, want := out.String(), "18:09:03.005 "+test.print+"\n"; got != want {
				t.Errorf("printed %q, want %q", got, want)
			}
			e := box.entries[0]
			if e.Message != test.text || !e.Time.Equal(at) || e.Service != "S" || e.Instance != "i" || e.Sequence != 1 ||
				e.Level != levelName(test.level) || e.Trace != span.Trace.String() || e.Span != span.ID.String() {
				t.Errorf("shipped %+v", e)
			}
			var want map[string]any
			if err := json.Unmarshal([]byte(test.ship), &want); err != nil {
				t.Fatal(err)
			}
			got, _ := json.Marshal(e.Attributes)
			if wanted, _ := json.Marshal(want); string(got) != string(wanted) {
				t.Errorf("shipped %s, want %s", got, wanted)
			}
		})
	}
}

func TestHandlerLevel(t *testing.T) {
	var out screen
	var level slog.LevelVar
	var box inbox
	h := NewHandler(HandlerOptions{Stderr: &out, Level: &level, Send: box.send})
	logger := slog.New(h).With("k", "v")
	logger.Debug("no")
	level.Set(slog.LevelDebug)
	logger.Debug("yes")
	h.Close(t.Context())
	if got := out.String(); !strings.HasSuffix(got, "debug yes k=v\n") || strings.Contains(got, "no") || box.messages() != "yes" {
		t.Errorf("printed %q, shipped %q", got, box.messages())
	}
}

// A line over the limit would be refused by the log service, and lost.
func TestHandlerCuts(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	h := NewHandler(HandlerOptions{Instance: "i", Stderr: &screen{}, Send: SendTo(s.client)})
	logger := slog.New(h)
	logger.Info(strings.Repeat("\x00", MaxEntry))
	logger.Info("big", "attribute", strings.Repeat("x", MaxEntry))
	h.Handle(t.Context(), slog.NewRecord(time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC), slog.LevelInfo, "late", 0))
	if err := h.Close(t.Context()); err != nil {
		t.Error(err)
	}
	entries := s.entries(t, "?q=cut%3D")
	if len(entries) != 3 || entries[0].Message != "late" || entries[1].Message != "big" || !strings.HasPrefix(entries[2].Message, "\x00\x00") {
		t.Errorf("got %.300v", entries)
	}
}

func BenchmarkHandler(b *testing.B) {
	h := NewHandler(HandlerOptions{Service: "S", Instance: "i", Stderr: devNull(b), Send: func(context.Context, []byte) error { return nil }})
	defer h.Close(context.Background())
	logger := slog.New(h)
	b.ReportAllocs()
	for b.Loop() {
		logger.Info("request done", "path", "/students/5", "status", 201, "took", 3*time.Millisecond)
	}
}

// BenchmarkBareJSON is the limit of BenchmarkHandler: the standard handler, which prints only.
func BenchmarkBareJSON(b *testing.B) {
	logger := slog.New(slog.NewJSONHandler(devNull(b), nil))
	b.ReportAllocs()
	for b.Loop() {
		logger.Info("request done", "path", "/students/5", "status", 201, "took", 3*time.Millisecond)
	}
}

func devNull(tb testing.TB) *os.File {
	tb.Helper()
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.Close() })
	return f
}
