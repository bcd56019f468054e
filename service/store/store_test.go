package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gradebook/log/commitlog"
	"gradebook/service/store"
)

func TestDo(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, store.Options{})
	for _, tt := range []struct {
		name   string
		decide func(*book, time.Time) (word, bool, error)
		want   uint64
		err    string
	}{
		{"writes", func(*book, time.Time) (word, bool, error) { return word{"a"}, true, nil }, 1, ""},
		{"sees what was before", func(b *book, _ time.Time) (word, bool, error) { return word{b.String() + "!"}, true, nil }, 2, ""},
		{"writes nothing", func(*book, time.Time) (word, bool, error) { return word{"x"}, false, nil }, 2, ""},
		{"refuses", func(*book, time.Time) (word, bool, error) { return word{"x"}, true, errRefused }, 0, "refused"},
		{"panics", func(*book, time.Time) (word, bool, error) { panic("oops") }, 0, "panic: oops"},
		{"is too large", func(*book, time.Time) (word, bool, error) {
			return word{strings.Repeat("x", store.MaxRecord)}, true, nil
		}, 0, "change of 6710"},
		{"makes Apply panic", func(*book, time.Time) (word, bool, error) { return word{"bomb"}, true, nil }, 0, "nothing was changed: apply record 3: panic: boom"},
		{"writes again", func(*book, time.Time) (word, bool, error) { return word{"c"}, true, nil }, 3, ""},
	} {
		got, err := s.Do(t.Context(), tt.decide)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %d, %v, want %d, %q", tt.name, got, err, tt.want, tt.err)
		}
	}
	const want = "1:a 2:1:a! 3:c"
	wantWords(t, s, want)
	if s.Revision() != 3 {
		t.Errorf("Revision = %d, want 3", s.Revision())
	}
	s.Close()
	wantWords(t, mustOpen(t, dir, store.Options{}), want)
}

func TestErrorTypes(t *testing.T) {
	s := mustOpen(t, t.TempDir(), store.Options{})
	_, err := say(s, strings.Repeat("x", store.MaxRecord))
	if large, ok := errors.AsType[*store.TooLargeError](err); !ok || large.Bytes <= store.MaxRecord {
		t.Errorf("large record: %v, want *TooLargeError", err)
	}
	_, err = s.Do(t.Context(), func(*book, time.Time) (word, bool, error) { panic("oops") })
	if _, ok := errors.AsType[*store.PanicError](err); !ok {
		t.Errorf("panic: %v, want *PanicError", err)
	}
	_, err = s.Do(t.Context(), func(*book, time.Time) (word, bool, error) { return word{}, false, errRefused })
	if err != errRefused {
		t.Errorf("decide's error became %v", err)
	}
}

func TestClose(t *testing.T) {
	s := mustOpen(t, t.TempDir(), store.Options{})
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := say(s, "a"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Do after Close: %v, want ErrClosed", err)
	}
	if _, err := look(s); !errors.Is(err, store.ErrClosed) {
		t.Errorf("View after Close: %v, want ErrClosed", err)
	}
}

func TestContext(t *testing.T) {
	s := mustOpen(t, t.TempDir(), store.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	deciding, release := make(chan struct{}), make(chan struct{})
	taken := make(chan error)
	go func() {
		_, err := s.Do(ctx, func(*book, time.Time) (word, bool, error) {
			close(deciding)
			<-release
			return word{"taken"}, true, nil
		})
		taken <- err
	}()
	<-deciding
	cancel()
	late := func(when string) {
		for range 100 {
			_, err := s.Do(ctx, func(*book, time.Time) (word, bool, error) { return word{"late"}, true, nil })
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v, want context.Canceled", when, err)
			}
		}
	}
	late("loop is busy")
	close(release)
	if err := <-taken; err != nil {
		t.Errorf("taken before its context ended: %v, want nil", err)
	}
	late("loop is idle")
	wantWords(t, s, "1:taken")
}

func TestRecords(t *testing.T) {
	now := time.Date(2026, 9, 1, 8, 0, 0, 7, time.FixedZone("", 3600))
	s := mustOpen(t, t.TempDir(), store.Options{Now: func() time.Time { return now }})
	changed := s.Changed()
	mustSay(t, s, "a", "b", "c")
	<-changed
	var got []string
	for e, err := range s.Records(2) {
		if err != nil {
			t.Fatal(err)
		}
		if e.At != now.UTC() {
			t.Errorf("At = %v, want %v", e.At, now.UTC())
		}
		got = append(got, e.Record.Text)
	}
	if strings.Join(got, " ") != "b c" {
		t.Errorf("Records(2) = %q, want b c", got)
	}
}

// Records that this program cannot read are refused, not left out.
func TestUnknownRecords(t *testing.T) {
	for _, tt := range []struct{ record, want string }{
		{`{"v":2,"at":"2026-09-01T08:00:00Z","r":{"Text":"a"}}`, "version 2"},
		{`{"v":1,"at":"2026-09-01T08:00:00Z","r":{"Text":7}}`, "decode record 1"},
		{`{"v":1,"at":"today","r":{"Text":"a"}}`, "decode record 1"},
		{`{"v":1,"at":"2026-09-01T08:00:00Z","r":{"Text":"bomb"}}`, "apply record 1"},
		{"", "decode record 1"},
	} {
		dir := t.TempDir()
		l, err := commitlog.Open(dir, commitlog.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Append([]byte(tt.record)); err != nil {
			t.Fatal(err)
		}
		l.Close()
		for range 2 { // the failed Open gives the lock up
			if _, err := open(dir, store.Options{}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("open with %s: %v, want %q", tt.record, err, tt.want)
			}
		}
	}
}
