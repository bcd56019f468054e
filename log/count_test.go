package log

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"gradebook/service/web"
)

// Entries are counted in the step that their own time falls in, whenever they came.
func TestCount(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	var lines strings.Builder
	for _, e := range []struct{ at, level, service, message, trace string }{
		{"10:00:00", "info", "A", "one", ""},
		{"10:02:59.999999999", "error", "B", "two", ""},
		{"10:01:30", "warn", "A", "three", "t1"},
		{"10:01:00", "info+1", "A", "four", "t1"},
		{"09:59:59", "error", "A", "before", ""},
		{"10:03:00", "error", "A", "after", ""},
		{"10:02:00", "trace", "A", "span", ""},
	} {
		fmt.Fprintf(&lines, `{"time":"2026-11-20T%sZ","level":"%s","service":"%s","message":"%s","trace":"%s"}`+"\n", e.at, e.level, e.service, e.message, e.trace)
	}
	if err := s.Send(t.Context(), []byte(lines.String())); err != nil {
		t.Fatal(err)
	}
	const window = "&until=2026-11-20T10:03:00Z&window=3m&step=1m"
	tests := []struct{ query, want string }{
		{"", `[{"total":4,"counts":[1,2,1]}],"total":4`},
		{"by=service", `[{"service":"A","total":3,"counts":[1,2,0]},{"service":"B","total":1,"counts":[0,0,1]}],"total":4`},
		{"by=level", `[{"level":"info","total":2,"counts":[1,1,0]},{"level":"error","total":1,"counts":[0,0,1]},{"level":"warn","total":1,"counts":[0,1,0]}],"total":4`},
		{"by=instance", `[{"total":4,"counts":[1,2,1]}],"total":4`},
		{"by=service&level=warn", `[{"service":"A","total":1,"counts":[0,1,0]},{"service":"B","total":1,"counts":[0,0,1]}],"total":2`},
		{"level=trace", `[{"total":5,"counts":[1,2,2]}],"total":5`},
		{"q=T", `[{"total":2,"counts":[0,1,1]}],"total":2`},
		{"trace=t1", `[{"total":2,"counts":[0,2,0]}],"total":2`},
		{"service=C", `[],"total":0`},
	}
	for _, test := range tests {
		want := `{"since":"2026-11-20T10:00:00Z","until":"2026-11-20T10:03:00Z","step":"1m0s","series":` + test.want + "}\n"
		if status, got := s.do(t, "GET", "/log/count?"+test.query+window, ""); status != 200 || got != want {
			t.Errorf("%s: got %d %s want %s", test.query, status, got, want)
		}
	}
}

func TestCountParameters(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 2, 30, 0, time.UTC)
	tests := []struct{ query, want string }{ // since, until and step; or what is wrong
		{"", "09:33:00 10:03:00 30s"},
		{"window=30m&step=1m", "09:33:00 10:03:00 1m0s"},
		{"window=5s", "10:02:26 10:02:31 1s"},
		{"window=90s&step=1m", "10:01:00 10:03:00 1m0s"},
		{"window=6h&until=2026-11-20T10:00:00Z", "04:00:00 10:00:00 10m0s"},
		{"window=1000s&step=1s", "09:45:51 10:02:31 1s"},
		{"window=1001s&step=1s", "step: 1s is too short"},
		{"window=1h&step=2h", "10:00:00 12:00:00 2h0m0s"},
		{"window=half", `window: "half" is not a duration`},
		{"step=0s", `step: "0s" is not a duration`},
		{"level=loud", `level: "loud" is not a level`},
		{"until=2262-01-01T00:00:00Z", "until: is too far from today"},
	}
	for _, test := range tests {
		values, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		c, err := parseCounting(values, now)
		got := fmt.Sprintf("%s %s %v", clock(c.since), clock(c.until), c.step)
		if p, ok := err.(*web.Problem); ok {
			got = p.Detail
		}
		if !strings.HasPrefix(got, test.want) {
			t.Errorf("%q: got %s, want %s", test.query, got, test.want)
		}
	}
}

func clock(nanoseconds int64) string { return time.Unix(0, nanoseconds).UTC().Format("15:04:05") }

// Names are bounded: the answer stays small whoever sends what.
func TestCountManyNames(t *testing.T) {
	f := newFilter()
	f.until = int64(time.Minute)
	tally := newTally(newCounting(f, countService, time.Minute, time.Minute))
	for i := range 3 * maxSeries {
		tally.add(tally.find(fmt.Sprint(i)), 0, 1)
	}
	got := tally.counts()
	if len(got.Series) != maxSeries || got.Series[0].Name() != "(other)" || got.Series[0].Total != 2*maxSeries+1 || got.Total != 3*maxSeries {
		t.Errorf("got %d series of %d, the first %+v", len(got.Series), got.Total, got.Series[0])
	}
}

// What is counted, of summaries and of entries, is what looking at each entry finds.
func TestCountIsNaive(t *testing.T) {
	all := make([]record, 5000)
	for i := range all {
		all[i] = request(i)
	}
	dir := t.TempDir()
	packedJournal(t, dir, len(all)-500, func(i int) record { return all[i] })
	j := mustOpenJournal(t, dir)
	if _, _, err := j.append(all[len(all)-500:]); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		f := newFilter()
		f.service = []string{"", "", "GradingService"}[random.IntN(3)]
		f.level = []slog.Level{-8, 0, 8}[random.IntN(3)]
		f.text = []string{"", "", "status=201"}[random.IntN(3)]
		f.until = request(random.IntN(6000)).time
		by := []string{"", "service", "level", "instance"}[random.IntN(4)]
		window, step := 1+random.IntN(6000), 50+random.IntN(3000)
		c := newCounting(f, by, time.Duration(window)*time.Millisecond, time.Duration(step)*time.Millisecond)
		got, err := j.count(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		naive := newTally(c)
		for i := range all {
			if r := &all[i]; c.matches(r) {
				name := map[string]string{countService: r.service, countInstance: r.instance, countLevel: wholeLevel(r.level)}[by]
				naive.add(naive.find(name), r.time, 1)
			}
		}
		if want := naive.counts(); !reflect.DeepEqual(got, want) {
			t.Errorf("by %q in %dms, steps of %dms: got %+v, want %+v", by, window, step, got, want)
		}
	}
}

func BenchmarkCount(b *testing.B) {
	j := mustOpenJournal(b, b.TempDir())
	const entries = 100_000
	fillJournal(b, j, entries)
	f := newFilter()
	f.until = request(entries).time
	for b.Loop() {
		counts, err := j.count(b.Context(), newCounting(f, "service", entries*time.Millisecond, time.Second))
		if err != nil || counts.Total != entries {
			b.Fatal(counts.Total, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/entries, "ns/entry")
}
