package log

import "time"

// manyBuckets is how many parts a window is counted in.
const manyBuckets = 300

// A window counts entries by the time they claim, over the last while. It counts in buckets, so it
// covers its length and less than one bucket more. A late entry counts where it belongs, one from
// the future at its arrival. It is not safe for concurrent use.
type window struct {
	width  int64 // of a bucket, in nanoseconds
	counts []int // a ring: bucket b, from b times width on, is at b modulo the length
	newest int64 // the newest bucket
	total  int
}

func newWindow(length time.Duration, now int64) *window {
	width := (int64(length) + manyBuckets - 1) / manyBuckets
	whole := (int64(length) + width - 1) / width
	return &window{width: width, counts: make([]int, whole+1), newest: floorDiv(now, width)}
}

// count returns how many entries are in the window that ends now.
func (w *window) count(now int64) int {
	w.advance(now)
	return w.total
}

// advance forgets what is too old. A clock that goes back changes nothing.
func (w *window) advance(now int64) {
	bucket := floorDiv(now, w.width)
	if bucket-w.newest >= int64(len(w.counts)) {
		clear(w.counts)
		w.newest, w.total = bucket, 0
	}
	for w.newest < bucket {
		w.newest++
		oldest := w.at(w.newest)
		w.total -= *oldest
		*oldest = 0
	}
}

// add counts an entry of time at that arrives now.
func (w *window) add(at, now int64) {
	w.advance(now)
	bucket := min(floorDiv(at, w.width), w.newest)
	if w.newest-bucket < int64(len(w.counts)) {
		*w.at(bucket)++
		w.total++
	}
}

// at returns the place of a bucket in the ring.
func (w *window) at(bucket int64) *int {
	n := int64(len(w.counts))
	return &w.counts[(bucket%n+n)%n]
}

// floorDiv rounds down, also below zero.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
