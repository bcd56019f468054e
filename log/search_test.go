package log

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// What a stored entry shows is what its attributes, decoded, do.
func TestShown(t *testing.T) {
	tests := []struct{ message, attributes string }{
		{"hello", ""},
		{"hello", `{"b":1,"a":"two words","c":"plain"}`},
		{"two\nlines \x1b[31m \u202e größe", `{"größe":"Ä\n","tab":"\t"}`},
		{"", `{"g":{"b":{"c":true,"d":null},"a":[1,"<x>",{"z":1,"a":2}]},"empty":{},"":""}`},
		{"numbers", `{"big":9007199254740993,"float":1e300,"neg":-0.0}`},
		{"twice", `{"a":1,"b":2,"a":{"x":3}}`},
		{"escaped key", `{"\u0061":1,"a b":2,"a=b":"\"quoted\"","g":{"x y":"\ud800"}}`},
		{"not UTF-8 \xff", "{\"k\":\"\xff\",\"\xfe\":1}"},
		{"deep", strings.Repeat(`{"a":`, 30) + `{"b":1,"a":"<x>"}` + strings.Repeat("}", 30)},
		{"no object", `[1]`},
		{"broken", `{"a":`},
		{"followed", `{"a":1} {}`},
	}
	for _, test := range tests {
		got := string(appendShown([]byte("before "), []byte(test.message), []byte(test.attributes)))
		want := string(appendBody([]byte("before "), test.message, decodeAttributes(test.attributes)))
		if got != want {
			t.Errorf("%q %s: got\n%q, want\n%q", test.message, test.attributes, got, want)
		}
	}
}

// Attributes however deep are shown in little time.
func TestShownDeep(t *testing.T) {
	const depth = MaxEntry / len(`{"a":}`)
	for _, depth := range []int{depth, deepest - 1} {
		attributes := strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth)
		took := time.Hour
		for range 10 { // the quickest counts: other work only makes it slower
			start := time.Now()
			appendShown(nil, nil, []byte(attributes))
			if took = min(took, time.Since(start)); took < time.Second {
				break
			}
		}
		if took > time.Second { // usually 0.03 s, and many seconds if each group were read once for every group around it
			t.Errorf("%d groups within each other: %v", depth, took)
		}
	}
}

// searched returns entries of all kinds, and texts that may be in them.
func searched(r *rand.Rand) (records []record, texts []string) {
	for i := range 1000 {
		e := [...]func(*rand.Rand, int) record{baseline, client, prose}[r.IntN(3)](r, i)
		switch r.IntN(20) {
		case 0:
			e.attributes = `{"list":["A <b",1]}`
		case 1:
			e.attributes = `{"n":` + digits(e.time) + `,"list":["A <b",1],"group":{"Key":"a\"b\u212a"},"ü":"İstanbul K` + "\u212a" + `"}`
		}
		records = append(records, e)
	}
	for range 300 {
		e := &records[r.IntN(len(records))]
		shown := []rune(strings.ToLower(string(appendBody(nil, e.message, decodeAttributes(e.attributes)))))
		if r.IntN(4) == 0 {
			shown = []rune(strings.ToLower(e.message))
		}
		if len(shown) == 0 {
			continue
		}
		from := r.IntN(len(shown))
		texts = append(texts, string(shown[from:min(len(shown), from+1+r.IntN(30))]))
	}
	return records, append(texts, "nowhere", "u003c", "0123456789abcdef", "K", "k\u212a", "istanbul", `\`, "\n", "=", "\ufffd")
}

func digits(n int64) string { return strings.Repeat("7", int(uint64(n)%30)+1) }

// A search finds exactly what is shown, and neither a filter nor a summary ever hides it.
func TestSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	records, texts := searched(r)
	const size = 50
	var k packer
	var filters [][]byte
	messages, shown := make([]string, len(records)), make([]string, len(records))
	for i, e := range records {
		messages[i] = strings.ToLower(e.message)
		shown[i] = strings.ToLower(string(appendBody(nil, e.message, decodeAttributes(e.attributes))))
	}
	for i := 0; i < len(records); i += size {
		packed, err := k.Pack(encodeEach(records[i : i+size]))
		if err != nil {
			t.Fatal(err)
		}
		filters = append(filters, packed.Filter)
	}
	for _, text := range texts {
		text = strings.ToLower(text)
		s := newSearch(text)
		keys := s.keys()
		for i := range records {
			e := &records[i]
			want := strings.Contains(messages[i], text) || strings.Contains(shown[i], text)
			if got := s.matches([]byte(e.message), []byte(e.attributes)); got != want {
				t.Fatalf("%q in %q %s: got %v", text, e.message, e.attributes, got)
			}
			if want && !holds(filters[i/size], keys) {
				t.Fatalf("%q in %q %s is hidden", text, e.message, e.attributes)
			}
		}
	}
	for i := range records {
		if trace := records[i].trace; trace != "" && !holds(filters[i/size], appendTraceKeys(nil, []byte(trace))) {
			t.Fatalf("trace %s is hidden", trace)
		}
	}
}

// A filter hides nearly all of what is not there.
func TestFilterIsSharp(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var k packer
	packed, err := k.Pack(make1(4096, baseline))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		make func() []uint64
		most int // of 10,000
	}{
		{"id", func() []uint64 { return appendKeys(nil, []byte(randomHex(r, 16))) }, 100},
		{"trace", func() []uint64 { return appendTraceKeys(nil, []byte(randomHex(r, 32))) }, 100},
		{"word", func() []uint64 { return appendKeys(nil, []byte(randomWord(r, 7))) }, 100},
	}
	for _, test := range tests {
		seen := 0
		for range 10_000 {
			if holds(packed.Filter, test.make()) {
				seen++
			}
		}
		t.Logf("%s: %d of 10,000 seem to be there", test.name, seen)
		if seen > test.most {
			t.Errorf("%s: %d of 10,000 seem to be there, want at most %d", test.name, seen, test.most)
		}
	}
}

func randomHex(r *rand.Rand, n int) string { return randomOf(r, n, "0123456789abcdef") }

func randomWord(r *rand.Rand, n int) string { return randomOf(r, n, "abcdefghijklmnopqrstuvwxyz") }

func randomOf(r *rand.Rand, n int, letters string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}
