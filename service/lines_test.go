package service

import (
	"testing"
	"time"
)

func TestLines(t *testing.T) {
	var l lines
	start := time.Unix(1_000_000, 0)
	told, skipped := 0, 0
	for i := range 3 * linesASecond { // 3 times the limit within the first second, then one line
		if ok, n := l.take(start.Add(time.Duration(i) * time.Millisecond)); ok {
			told++
			skipped += n
		}
	}
	if told != linesASecond || skipped != 0 {
		t.Errorf("told %d with %d skipped, want %d and 0", told, skipped, linesASecond)
	}
	for _, want := range []int{2 * linesASecond, 0} {
		if ok, n := l.take(start.Add(time.Second)); !ok || n != want {
			t.Errorf("in the next second: %v with %d skipped, want true with %d", ok, n, want)
		}
	}
}
