package grades

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"gradebook/grades/archive"
	"gradebook/log/commitlog/disktest"
)

var tamperings = flag.Int("tamperings", 60, "how many archives with changed records TestRestoreTampered tries")

// An archive whose records somebody has changed, with all checksums right, is
// refused, or is a book of which everything can be shown.
func TestRestoreTampered(t *testing.T) {
	t.Parallel()
	first, file := archived(t, tell(t, story()))
	records := strings.Split(strings.TrimSpace(recordsIn(t, file)), "\n")
	start := disktest.New()
	mustOpenAt(t, start).stop()
	taken := 0
	for seed := range *tamperings {
		rng := rand.New(rand.NewPCG(8, uint64(seed)))
		changed := tamper(rng, records)
		s := mustOpenAt(t, start.Restart(nil))
		changedFile := archiveCounting(t, first.counts(t), changed...)
		report, err := s.server.store.restore(bytes.NewReader(changedFile), int64(len(changedFile)))
		if err == nil {
			taken++
			checkShown(t, s, fmt.Sprintf("seed %d, %+v, changed at\n%.600s", seed, report, difference(records, changed)))
		}
		s.stop()
	}
	t.Logf("%d of %d were taken", taken, *tamperings)
}

// tamper leaves a record out, doubles one, swaps two, or changes a number or a
// word in one.
func tamper(rng *rand.Rand, records []string) []string {
	list := append([]string{}, records...)
	i, j := rng.IntN(len(list)), rng.IntN(len(list))
	switch rng.IntN(8) {
	case 0:
		return append(list[:i], list[i+1:]...)
	case 1:
		list[i] = list[j]
	case 2:
		list[i], list[j] = list[j], list[i]
	default:
		values := regexp.MustCompile(`-?\d+|"[a-zA-Z]+"|null|true|false`).FindAllStringIndex(list[i], -1)
		at := values[rng.IntN(len(values))]
		with := []string{"0", "-1", fmt.Sprint(rng.IntN(40)), "9007199254740993", `"x"`, "null", "true"}
		list[i] = list[i][:at[0]] + with[rng.IntN(len(with))] + list[i][at[1]:]
	}
	return list
}

func (s *service) counts(t testing.TB) (counts archive.Counts) {
	t.Helper()
	if err := s.server.store.View(func(b *Book) { counts = b.counts() }); err != nil {
		t.Fatal(err)
	}
	return counts
}

// checkShown asks for everything: nothing panics, fails or has no end.
func checkShown(t *testing.T, s *service, what string) {
	t.Helper()
	defer func() {
		if v := recover(); v != nil {
			t.Errorf("%s: %v", what, v)
		}
	}()
	if all := s.all(t); strings.Contains(all, `"status":500`) {
		t.Errorf("%s: %s", what, all)
	}
}

// difference is the first record in which two lists differ.
func difference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("%d: %s\n→ %s", i+1, a[i], b[i])
		}
	}
	return "the end"
}
