package store_test

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// textsOf are the records of a new store that holds words, one a minute.
func textsOf(t testing.TB, words ...string) (list []string) {
	t.Helper()
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	o := options(disktest.New())
	o.Now = func() time.Time { at = at.Add(time.Minute); return at }
	s := mustOpen(t, "store", o)
	mustSay(t, s, words...)
	return texts(t, s)
}

func texts(t testing.TB, s *bookStore) (list []string) {
	t.Helper()
	newest := s.Revision()
	for text, err := range s.Texts(newest) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(text))
	}
	if uint64(len(list)) != newest {
		t.Errorf("there are %d records and the newest is %d", len(list), newest)
	}
	return list
}

// given yields texts in one buffer.
func given(list []string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var b []byte
		for _, text := range list {
			if b = append(b[:0], text...); !yield(b, nil) {
				return
			}
		}
	}
}

// sound refuses a word that is there already.
func sound(b *book, e store.Entry[word]) error {
	for _, w := range b.Words {
		if strings.HasSuffix(w, ":"+e.Record.Text) {
			return fmt.Errorf("%q is there already", e.Record.Text)
		}
	}
	return nil
}

func replace(o store.Options, list []string) (*store.Replacement, error) {
	return store.Replace("store", &book{}, o, given(list), sound)
}

func TestReplace(t *testing.T) {
	want := textsOf(t, "a", "b", "c", "d", "e", "f", "g")
	disk := disktest.New()
	s := mustOpen(t, "store", options(disk))
	mustSay(t, s, "old")
	r, err := replace(options(disk), want)
	if err != nil || r.Revision != 7 {
		t.Fatalf("%+v, %v", r, err)
	}
	wantWords(t, s, "1:old")
	if err := r.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := open("store", options(disk)); !errors.Is(err, commitlog.ErrLocked) {
		t.Errorf("open while the old one is: %v, want ErrLocked", err)
	}
	s.Close()
	s = mustOpen(t, "store", options(disk))
	wantWords(t, s, "1:a 2:b 3:c 4:d 5:e 6:f 7:g")
	if got := texts(t, s); !slices.Equal(got, want) {
		t.Errorf("the records are\n%q\nwant\n%q", got, want)
	}
	mustSay(t, s, "more")
	s.Close()
	removeSnapshots(t, disk)
	wantWords(t, mustOpen(t, "store", options(disk)), "1:a 2:b 3:c 4:d 5:e 6:f 7:g 8:more")
	if names, _ := disk.List("."); !slices.Equal(names, []string{"store"}) {
		t.Errorf("left beside the store are %q", names)
	}
}

func TestReplaceRefuses(t *testing.T) {
	valid := textsOf(t, "a", "b")
	for _, c := range []struct{ last, want string }{
		{`{`, "record 3: unexpected EOF"},
		{`{"v":2,"at":"2026-03-01T08:00:00Z","r":{}}`, "has version 2, this program knows version 1"},
		{`{"v":1,"r":{}}`, "does not say when"},
		{`{"v":1,"at":"2026-03-01T08:00:00+01:00","r":{}}`, "in UTC"},
		{`{"v":1,"at":"2026-03-01T08:00:00Z","r":{"Text":"c","Mood":"new"}}`, `unknown field "Mood"`},
		{`{"v":1,"at":"2026-03-01T08:00:00Z","r":{"Text":"c"}}{}`, "something follows"},
		{`{"v":1,"at":"2026-03-01T08:00:00Z","r":{"Text":"a"}}`, `"a" is there already`},
		{`{"v":1,"at":"2026-03-01T08:00:00Z","r":{"Text":"bomb"}}`, "apply record 3: panic: boom"},
		{strings.Repeat(" ", store.MaxRecord) + valid[0], "too large"},
	} {
		disk := disktest.New()
		s := mustOpen(t, "store", options(disk))
		mustSay(t, s, "old")
		if _, err := replace(options(disk), append(valid[:2:2], c.last)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80s: %v, want %q", c.last, err, c.want)
		}
		if names, _ := disk.List("."); !slices.Equal(names, []string{"store"}) {
			t.Errorf("%.80s: left beside the store are %q", c.last, names)
		}
		wantWords(t, s, "1:old")
	}
}

// replacing is the life of a store that is replaced, as far as its disk lets it.
func replacing(disk *disktest.Disk, list []string) (committed, stopped, opened bool) {
	o := options(disk)
	s, err := open("store", o)
	if err != nil {
		return false, false, false
	}
	defer func() { s.Close() }()
	if _, err := say(s, "old"); err != nil {
		return false, false, false
	}
	r, err := replace(o, list)
	if err == nil {
		err = r.Commit()
	}
	if err != nil {
		return false, errors.Is(err, store.ErrStopped), true
	}
	s.Close()
	if next, err := open("store", o); err == nil {
		s, opened = next, true
	}
	return true, false, opened
}

// A crash at any operation, or one that fails, leaves all of the old store or all
// of the new one: the new one if Commit said so, the old one if it refused.
func TestReplaceAnywhere(t *testing.T) {
	list := textsOf(t, "a", "b", "c", "d", "e", "f", "g")
	const before, after = "1:old", "1:a 2:b 3:c 4:d 5:e 6:f 7:g"
	for _, fault := range []error{disktest.ErrCrashed, syscall.EIO, syscall.ENOSPC} {
		for n, more := 1, true; more; n++ {
			disk := disktest.New()
			disk.Intercept(disktest.FailAt(n, fault))
			committed, stopped, opened := replacing(disk, list)
			more = disk.Ops() >= n
			if more && fault != disktest.ErrCrashed && !opened && committed {
				disk.Intercept(nil) // the next start, without a power cut
				if s, err := open("store", options(disk)); err != nil {
					t.Errorf("%v at operation %d: open again: %v", fault, n, err)
				} else {
					wantWords(t, s, after)
					s.Close()
				}
			}
			for seed := range uint64(4) {
				var r *rand.Rand
				if seed > 0 {
					r = rand.New(rand.NewPCG(seed, uint64(n)))
				}
				left := disk.Restart(r)
				s, err := open("store", options(left))
				if err != nil {
					t.Errorf("%v at operation %d, seed %d: %v", fault, n, seed, err)
					continue
				}
				got, _ := look(s)
				switch words := strings.Join(got, " "); {
				case words == after && (committed || stopped || fault == disktest.ErrCrashed):
				case words == before && !committed:
				case words == "" && !committed && n < 20: // not even the old one was written
				default:
					t.Errorf("%v at operation %d, seed %d: the words are %q; committed %v, stopped %v", fault, n, seed, words, committed, stopped)
				}
				mustSay(t, s, "next")
				s.Close()
			}
		}
	}
}
