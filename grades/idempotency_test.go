package grades

import (
	"testing"
	"time"
)

// A key is kept for keyLife from its last use on, whatever the clock does.
func TestKeysOutliveAWrongClock(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	hours := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	life := int(keyLife / time.Hour)
	var keys keyBook
	for revision, use := range []struct {
		key string
		at  int
	}{{"ahead", life + 1}, {"again", 0}, {"again", life + 4}, {"other", 2*life + 2}} {
		keys.put(keyUse{newKeyID("scope", use.key), uint64(revision + 1), hours(use.at)})
	}
	for _, want := range []struct {
		key      string
		at       int
		revision uint64
	}{{"again", 2*life + 3, 3}, {"again", 2*life + 4, 0}, {"ahead", 2*life + 3, 0}, {"other", 3*life + 1, 4}} {
		if got := keys.find(newKeyID("scope", want.key), hours(want.at)); got != want.revision {
			t.Errorf("after %d hours the key %q leads to %d, want %d", want.at, want.key, got, want.revision)
		}
	}
}
