package service

import (
	"sync"
	"time"
)

// linesASecond is how many requests that went well are logged one by one. Under
// load their lines would cost more than the requests, and tell nobody anything.
const linesASecond = 100

// lines counts log lines by the second. It is safe for concurrent use.
type lines struct {
	mu      sync.Mutex // guards what follows
	second  int64
	told    int // in this second
	skipped int // since the last line that was told
}

// take reports whether a line may be told now, and how many were not since the
// last one.
func (l *lines) take(now time.Time) (ok bool, skipped int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if second := now.Unix(); second != l.second {
		l.second, l.told = second, 0
	}
	if l.told == linesASecond {
		l.skipped++
		return false, 0
	}
	l.told++
	skipped, l.skipped = l.skipped, 0
	return true, skipped
}
