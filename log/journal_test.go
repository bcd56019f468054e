package log

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog"
)

// request returns an entry as a busy service makes them: seven of ten are info, and one each of
// the other levels; a millisecond apart.
func request(i int) record {
	service := [...]string{"GradingService", "LogService", "RegistryService", "TeacherPortal"}[rand.N(4)]
	return record{
		time: 1_795_000_000_000_000_000 + int64(i)*1e6, service: service, instance: service[:2] + "4711", sequence: uint64(i + 1),
		level:      [...]slog.Level{0, 0, 0, 0, 0, 0, 0, -4, 4, 8}[rand.N(10)],
		message:    fmt.Sprintf("request done path=/students/%d/grades method=POST status=%d", rand.N(5000), 200+rand.N(3)),
		trace:      fmt.Sprintf("%032x", rand.Uint64()),
		span:       fmt.Sprintf("%016x", rand.Uint64()),
		attributes: fmt.Sprintf(`{"ms":%d}`, rand.N(1000)),
	}
}

func mustOpenJournal(tb testing.TB, dir string) *journal {
	tb.Helper()
	j, err := openJournal(dir, commitlog.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { j.log.Close() })
	return j
}

func fillJournal(tb testing.TB, j *journal, entries int) {
	tb.Helper()
	batch := make([]record, 0, 1000)
	for i := range entries {
		if batch = append(batch, request(i)); len(batch) == cap(batch) || i == entries-1 {
			if _, _, err := j.append(batch); err != nil {
				tb.Fatal(err)
			}
			batch = batch[:0]
		}
	}
}

// What is packed takes next to no memory, even if each entry comes from a service and a process of
// its own. (Of processes, the log knows so many at most.)
func TestMemory(t *testing.T) {
	const entries = 20_000
	tests := []struct {
		name string
		make func(i int) record
		most int // bytes an entry
	}{
		{"busy service", request, 4},
		{"own service", func(i int) record { return record{service: fmt.Sprintf("%0128d", i), message: "m"} }, 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			packedJournal(t, dir, entries, test.make)
			before := heap()
			j := mustOpenJournal(t, dir)
			got := (int(heap()) - int(before)) / entries
			t.Logf("%d bytes an entry", got)
			if got > test.most {
				t.Errorf("%d bytes an entry, want at most %d", got, test.most)
			}
			runtime.KeepAlive(j)
		})
	}
}

// packedJournal makes a log of which nearly all is packed.
func packedJournal(t *testing.T, dir string, entries int, entry func(i int) record) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		j, err := openJournal(dir, commitlog.Options{SegmentBytes: 64 << 10})
		if err != nil {
			t.Fatal(err)
		}
		defer j.log.Close()
		var batch []record
		for i := range entries {
			if batch = append(batch, entry(i)); len(batch) == 100 || i == entries-1 {
				if _, _, err := j.append(batch); err != nil {
					t.Fatal(err)
				}
				batch = batch[:0]
			}
		}
		time.Sleep(10 * time.Minute) // the packer has come to rest
		raw, packed := 0, 0
		for chunk, err := range j.log.Chunks(math.MaxUint64) {
			switch n := int(chunk.Next - chunk.First); {
			case err != nil:
				t.Fatal(err)
			case chunk.Summary == nil:
				raw += n
			default:
				packed += n
			}
		}
		if raw+packed != entries || entries > 1000 && raw > entries/2 {
			t.Fatalf("%d of %d entries are packed and %d are not", packed, entries, raw)
		}
	})
}

func heap() uint64 {
	runtime.GC() // what pools keep, they keep once
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	const entries = 100_000
	j := mustOpenJournal(b, dir)
	fillJournal(b, j, entries)
	j.log.Close()
	for b.Loop() {
		mustOpenJournal(b, dir).log.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/entries, "ns/entry")
}

// BenchmarkQuery asks a log that is packed but for its last segment.
func BenchmarkQuery(b *testing.B) {
	const entries = 200_000
	j, err := openJournal(b.TempDir(), commitlog.Options{SegmentBytes: segmentBytes})
	if err != nil {
		b.Fatal(err)
	}
	defer j.log.Close()
	r := rand.New(rand.NewPCG(1, 2))
	var batch, sample []record
	for i := range entries {
		if batch = append(batch, baseline(r, i)); len(batch) == 1000 {
			if _, _, err := j.append(batch); err != nil {
				b.Fatal(err)
			}
			sample = append(sample, batch[r.IntN(len(batch))])
			batch = batch[:0]
		}
	}
	awaitPacked(b, j)
	for _, bench := range []struct {
		name string
		f    func(f *filter)
	}{
		{"newest", func(*filter) {}},
		{"service and level", func(f *filter) { f.service, f.level = "GradingService", 8 }},
		{"sealed", func(f *filter) { f.service, f.level, f.until = "GradingService", 8, sample[50].time }},
		{"text found", func(f *filter) { f.text = "status=201" }},
		{"no such text", func(f *filter) { f.text = "nowhere" }},
		{"no such two letters", func(f *filter) { f.text = "zq" }},
		{"id", func(f *filter) { f.text = sample[50].attributes[8:24] }},
		{"no such id", func(f *filter) { f.text = randomHex(r, 16) }},
		{"no such trace", func(f *filter) { f.trace = randomHex(r, 32) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				f := newFilter()
				bench.f(&f)
				if _, _, err := j.find(b.Context(), &f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// awaitPacked waits until only the segment that is written to is not packed.
func awaitPacked(b *testing.B, j *journal) {
	b.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		raw, most := uint64(0), uint64(segmentBytes/120)
		for chunk, err := range j.log.Chunks(math.MaxUint64) {
			if err != nil {
				b.Fatal(err)
			}
			if chunk.Summary == nil {
				raw += chunk.Next - chunk.First
			}
		}
		if raw < most {
			return
		}
	}
	b.Fatal("the log is not packed")
}

// BenchmarkPost sends 1,000 entries a request. Its limit is bare: the same request to a handler
// that reads it and answers.
func BenchmarkPost(b *testing.B) {
	var body []byte
	for i := range 1000 {
		r := request(i)
		r.instance = "" // or it would be a repeat
		line, err := json.Marshal(r.entry(0))
		if err != nil {
			b.Fatal(err)
		}
		body = append(append(body, line...), '\n')
	}
	s := mustOpen(b, b.TempDir())
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer bare.Close()
	for _, bench := range []struct {
		name, url string
		client    *http.Client
	}{{"log", s.url + "/log", s.client}, {"bare", bare.URL, bare.Client()}} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				resp, err := bench.client.Post(bench.url, "application/x-ndjson", bytes.NewReader(body))
				if err != nil || resp.StatusCode != http.StatusOK {
					b.Fatal(resp, err)
				}
				resp.Body.Close()
			}
			b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
