package log

import (
	"bytes"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// baseline returns an entry of the shape by which logs are compared: 188 bytes as JSON, a
// millisecond apart, random in the marked places.
func baseline(r *rand.Rand, i int) record {
	return record{
		time:       1_795_000_000_123_456_789 + int64(i)*1e6,
		service:    [...]string{"GradingService", "LogService", "RegistryService", "TeacherPortal"}[r.IntN(4)],
		level:      [...]slog.Level{0, 0, 0, 0, 0, 0, 0, -4, 4, 8}[r.IntN(10)],
		message:    fmt.Sprintf("request done path=/students/%d/grades method=POST status=%d", r.IntN(5000), 200+r.IntN(3)),
		attributes: fmt.Sprintf(`{"req":"%016x","ms":"%d"}`, r.Uint64(), r.IntN(1000)),
	}
}

// client returns an entry as the services of this program make them.
func client(r *rand.Rand, i int) record {
	e := baseline(r, i)
	e.time += r.Int64N(1e9)
	e.instance = e.service[:3] + "0123456789ABCDEFGHIJKLM"
	e.sequence = uint64(i + 1)
	e.trace = fmt.Sprintf("%016x%016x", i/4, i/4*7919)
	e.span = fmt.Sprintf("%016x", r.Uint64())
	return e
}

// prose returns an entry that is like no other.
func prose(r *rand.Rand, i int) record {
	words := strings.Fields("the quick brown fox jumps over a lazy dog while größere Ärzte 日本 lesen K\u212A \x00\x01\x02 \u202e")
	var b strings.Builder
	for range r.IntN(20) {
		b.WriteString(words[r.IntN(len(words))] + " ")
	}
	return record{message: b.String(), time: r.Int64() - r.Int64(), sequence: r.Uint64(), service: fmt.Sprint(r.IntN(300)), instance: fmt.Sprint(i)}
}

// hostile returns what is hardly a record.
func hostile(r *rand.Rand, i int) []byte {
	good := client(r, i)
	data := good.encode()
	switch r.IntN(7) {
	case 0:
		return data[:r.IntN(len(data))]
	case 1:
		data[r.IntN(len(data))] ^= 1 << r.IntN(8)
	case 2:
		return append(data, "more"...)
	case 3:
		return slices.Concat([]byte{1}, data[2:]) // version 1
	case 4:
		return slices.Replace(data, 11, 12, data[11]|0x80, 0) // a number in more bytes than it needs
	case 5:
		return bytes.Repeat([]byte{0, 1, 2, '7'}, r.IntN(100))
	case 6:
		e := record{time: []int64{math.MinInt64, math.MaxInt64}[r.IntN(2)], message: strings.Repeat("12 ", r.IntN(100)), level: -128}
		return e.encode()
	}
	return data
}

func encodeEach(records []record) (all [][]byte) {
	for i := range records {
		all = append(all, records[i].encode())
	}
	return all
}

func make1(n int, entry func(*rand.Rand, int) record) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	var all [][]byte
	for i := range n {
		e := entry(r, i)
		all = append(all, e.encode())
	}
	return all
}

// What was packed comes out again to the byte, whatever it was.
func TestPackIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tests := []struct {
		name string
		make func(i int) []byte
	}{
		{"baseline", func(i int) []byte { e := baseline(r, i); return e.encode() }},
		{"client", func(i int) []byte { e := client(r, i); return e.encode() }},
		{"prose", func(i int) []byte { e := prose(r, i); return e.encode() }},
		{"hostile", func(i int) []byte { return hostile(r, i) }},
		{"anything", func(i int) []byte {
			e := [...]func(*rand.Rand, int) record{baseline, client, prose}[r.IntN(3)](r, i)
			if r.IntN(10) == 0 {
				return hostile(r, i)
			}
			return e.encode()
		}},
	}
	var k packer
	for _, test := range tests {
		for _, n := range []int{1, 2, 3, 9, 100, 4096} {
			var records [][]byte
			for i := range n {
				records = append(records, test.make(i))
			}
			packed, err := k.Pack(records)
			if err != nil {
				t.Fatal(err)
			}
			got, err := k.Unpack(packed.Data)
			if err != nil {
				t.Fatalf("%d of %s: %v", n, test.name, err)
			}
			for i := range records {
				if !bytes.Equal(got[i], records[i]) {
					t.Fatalf("%d of %s: record %d is\n%q, want\n%q", n, test.name, i, got[i], records[i])
				}
			}
		}
	}
}

// A block takes less than the issue allows, filter and all.
func TestPackedSize(t *testing.T) {
	tests := []struct {
		name  string
		entry func(*rand.Rand, int) record
		most  float64 // bytes an entry
	}{
		{"baseline", baseline, 19.5},
		{"client", client, 40},
	}
	var k packer
	for _, test := range tests {
		packed, err := k.Pack(make1(4096, test.entry))
		if err != nil {
			t.Fatal(err)
		}
		each := func(b []byte) float64 { return float64(len(b)) / 4096 }
		got := each(packed.Summary) + each(packed.Filter) + each(packed.Data)
		t.Logf("%s: %.2f bytes an entry: summary %.2f, filter %.2f, data %.2f", test.name, got, each(packed.Summary), each(packed.Filter), each(packed.Data))
		if got > test.most {
			t.Errorf("%s: %.1f bytes an entry, want at most %.1f", test.name, got, test.most)
		}
	}
}

func BenchmarkPack(b *testing.B) {
	for _, bench := range []struct {
		name  string
		entry func(*rand.Rand, int) record
	}{{"baseline", baseline}, {"client", client}, {"prose", prose}} {
		b.Run(bench.name, func(b *testing.B) {
			var k packer
			records := make1(4096, bench.entry)
			var data []byte
			b.Run("pack", func(b *testing.B) {
				for b.Loop() {
					packed, err := k.Pack(records)
					if err != nil {
						b.Fatal(err)
					}
					data = packed.Data
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/entry")
			})
			b.Run("unpack", func(b *testing.B) {
				for b.Loop() {
					if _, err := k.Unpack(data); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/entry")
			})
		})
	}
}

// A block that is not as it was packed, checksum or not, is an error or other records, but no end of
// the process.
func TestUnpackOfDamage(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	var records [][]byte
	for i := range 64 {
		e := client(r, i)
		records = append(records, e.encode())
	}
	var k packer
	packed, err := k.Pack(append(records, []byte("stray")))
	if err != nil {
		t.Fatal(err)
	}
	for i := range packed.Data {
		if got, err := k.Unpack(packed.Data[:i]); err == nil && len(got) != len(records)+1 {
			t.Fatalf("cut at %d: %d records", i, len(got))
		}
		damaged := bytes.Clone(packed.Data)
		damaged[i] ^= 1 << r.IntN(8)
		k.Unpack(damaged)
		s, f := parseSummary(damaged), newFilter()
		s.mayMatch(&f)
	}
}

func FuzzPack(f *testing.F) {
	r := rand.New(rand.NewPCG(11, 12))
	for i := range 8 {
		var records [][]byte
		for k := range 3 * i {
			records = append(records, hostile(r, k))
		}
		f.Add(bytes.Join(records, []byte("|")), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, data []byte, alike bool) {
		var k packer
		k.Unpack(data)
		s := parseSummary(data)
		s.mayMatch(new(filter))
		records := bytes.Split(data, []byte("|"))
		if alike { // as the messages of entries
			for i, message := range records {
				e := record{message: string(message), attributes: string(message), instance: string(message[:len(message)/2]), sequence: uint64(i)}
				records[i] = e.encode()
			}
		}
		packed, err := k.Pack(records)
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Unpack(packed.Data)
		if err != nil || !slices.EqualFunc(got, records, bytes.Equal) {
			t.Fatalf("got %q, %v; want %q", got, err, records)
		}
	})
}
