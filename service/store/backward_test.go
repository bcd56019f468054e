package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

func TestBackward(t *testing.T) {
	const records = 2000
	s := mustOpen(t, "store", store.Options{FS: disktest.New(), SegmentBytes: 200_000})
	for i := range records {
		mustSay(t, s, fmt.Sprint(i+1, " ", strings.Repeat("x", 200)))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, share := range []float64{0, 0.001, 0.01, 0.5, 1} {
		var want, got []uint64
		for revision := uint64(records); revision > 0; revision-- {
			if rng.Float64() < share {
				want = append(want, revision)
			}
		}
		for entry, err := range s.Backward(slices.Values(want)) {
			if err != nil || !strings.HasPrefix(entry.Record.Text, fmt.Sprint(entry.Revision, " x")) {
				t.Fatalf("%+v, %v", entry, err)
			}
			got = append(got, entry.Revision)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%g of all: %d records, want %d", share, len(got), len(want))
		}
	}
	for entry, err := range s.Backward(slices.Values([]uint64{7, 5, 3})) {
		if err != nil || entry.Revision != 7 {
			t.Errorf("first %+v, %v", entry, err)
		}
		break
	}
	for _, revision := range []uint64{0, records + 1} {
		for entry, err := range s.Backward(slices.Values([]uint64{revision})) {
			if !errors.Is(err, store.ErrNoRecord) {
				t.Errorf("revision %d: %+v, %v, want ErrNoRecord", revision, entry, err)
			}
		}
	}
}
