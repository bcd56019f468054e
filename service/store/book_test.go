package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gradebook/service/store"
)

// book is a machine that keeps every word it was told, with its revision.
type book struct{ Words []string }

// word is its record.
type word struct{ Text string }

var errRefused = errors.New("refused")

func (b *book) Apply(revision uint64, at time.Time, w word) {
	b.Words = append(b.Words, fmt.Sprintf("%d:%s", revision, w.Text))
	if w.Text == "bomb" {
		panic("boom")
	}
}

// Snapshot gives the words one at a time.
func (b *book) Snapshot() func([]byte) ([]byte, bool) {
	words := b.Words
	return func(out []byte) ([]byte, bool) {
		if len(words) == 0 {
			return out, false
		}
		out = append(append(out, words[0]...), '\n')
		words = words[1:]
		return out, true
	}
}

func (b *book) Restore(data []byte) error {
	*b = book{Words: strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")}
	if len(data) == 0 {
		b.Words = nil
	}
	return nil
}

func (b *book) String() string { return strings.Join(b.Words, " ") }

type bookStore = store.Store[*book, word]

func open(dir string, o store.Options) (*bookStore, error) {
	return store.Open(dir, &book{}, o)
}

// mustOpen opens a store and closes it after the test.
func mustOpen(t testing.TB, dir string, o store.Options) *bookStore {
	t.Helper()
	s, err := open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// say adds a word.
func say(s *bookStore, text string) (uint64, error) {
	return s.Do(context.Background(), func(*book, time.Time) (word, bool, error) {
		return word{text}, true, nil
	})
}

func mustSay(t testing.TB, s *bookStore, words ...string) {
	t.Helper()
	for _, w := range words {
		if _, err := say(s, w); err != nil {
			t.Fatal(err)
		}
	}
}

// look returns the words that a View sees.
func look(s *bookStore) (words []string, err error) {
	err = s.View(func(b *book) { words = slices.Clone(b.Words) })
	return words, err
}

// wantWords checks the state, written as book.String does.
func wantWords(t testing.TB, s *bookStore, want string) {
	t.Helper()
	got, err := look(s)
	if err != nil || strings.Join(got, " ") != want {
		t.Errorf("View: %q, %v, want %q", strings.Join(got, " "), err, want)
	}
}
