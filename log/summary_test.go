package log

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func summaryOf(t *testing.T, records ...[]byte) summary {
	t.Helper()
	var k packer
	packed, err := k.Pack(records)
	if err != nil {
		t.Fatal(err)
	}
	return parseSummary(packed.Summary)
}

func TestSummary(t *testing.T) {
	s := summaryOf(t, encodeEach([]record{
		{time: 30, service: "A", level: 8, instance: "i", sequence: 7},
		{time: 10, service: "A", level: 8, instance: "i", sequence: 6},
		{time: 20, service: "B", instance: "k"},
		{time: 20, service: "B", kind: kindSpan, level: levelTrace, instance: "l", sequence: 1},
	})...)
	if s.first != 10 || s.last != 30 || s.stray() || !s.counted() {
		t.Errorf("got %d to %d, stray %v, counted %v", s.first, s.last, s.stray(), s.counted())
	}
	var shares []string
	for c := range s.shares() {
		shares = append(shares, fmt.Sprint(string(c.service), c.kind, c.level, " ", c.count))
	}
	if got, want := fmt.Sprint(shares), "[A 8 2 B 0 1 Bspan -8 1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	sequences := map[string]uint64{}
	all, ok := s.sequences()
	for instance, sequence := range all {
		sequences[string(instance)] = sequence
	}
	if want := map[string]uint64{"i": 7, "l": 1}; !ok || !maps.Equal(sequences, want) {
		t.Errorf("got %v, %v; want %v", sequences, ok, want)
	}
	tests := []struct {
		name string
		set  func(*filter)
		want bool
	}{
		{"everything", func(*filter) {}, true},
		{"too early", func(f *filter) { f.until = 10 }, false},
		{"just", func(f *filter) { f.until = 11 }, true},
		{"too late", func(f *filter) { f.since = 31 }, false},
		{"the last", func(f *filter) { f.since = 30 }, true},
		{"another service", func(f *filter) { f.service = "C" }, false},
		{"a higher level", func(f *filter) { f.level = 9 }, false},
		{"errors of A", func(f *filter) { f.service, f.level = "A", 8 }, true},
		{"errors of B", func(f *filter) { f.service, f.level = "B", 8 }, false},
		{"spans", func(f *filter) { f.spans = true }, true},
		{"spans of A", func(f *filter) { f.service, f.spans = "A", true }, false},
	}
	for _, test := range tests {
		f := newFilter()
		test.set(&f)
		if got := s.mayMatch(&f); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
	f := newFilter()
	f.service = "B"
	if n := testing.AllocsPerRun(10, func() { s.mayMatch(&f) }); n > 0 {
		t.Errorf("looking at it allocates %v times", n)
	}
}

// With too much to tell, a summary leaves it out, and says so.
func TestSummaryOfMany(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var records []record
	for i := range 1000 {
		records = append(records, prose(r, i))
	}
	s := summaryOf(t, encodeEach(records)...)
	if _, ok := s.sequences(); ok || s.counted() {
		t.Error("it claims to have everything")
	}
	f := newFilter()
	f.service = "none"
	if !s.mayMatch(&f) {
		t.Error("it hides what it does not know")
	}
	stray := summaryOf(t, slices.Concat(encodeEach(records[:1]), [][]byte{[]byte("stray")})...)
	f.since, f.until = math.MaxInt64-1, math.MaxInt64
	if !stray.stray() || !stray.mayMatch(&f) {
		t.Error("it hides what is no record")
	}
}
