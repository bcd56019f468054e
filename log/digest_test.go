package log

import (
	"testing"

	"gradebook/log/commitlog"
)

func TestDigests(t *testing.T) {
	var d digests
	chunk := func(first, next uint64) *commitlog.Chunk { return &commitlog.Chunk{First: first, Next: next} }
	if _, ok := d.find(chunk(1, 10)); ok {
		t.Error("something is known from the start")
	}
	d.forget(1)
	for first := uint64(10); first <= 10*(maxDigests+5); first += 10 {
		d.keep(chunk(first, first+10), digest{next: first + 10})
	}
	if len(d.known) != maxDigests {
		t.Errorf("%d are known, want %d", len(d.known), maxDigests)
	}
	const last = 10 * (maxDigests + 5)
	if _, ok := d.find(chunk(last, last+10)); !ok {
		t.Error("the latest is not known")
	}
	if _, ok := d.find(chunk(last, last+20)); ok {
		t.Error("a chunk that has grown is taken for the one it was")
	}
	d.forget(last)
	if len(d.known) != 1 {
		t.Errorf("%d are known when all but one are packed", len(d.known))
	}
}
