package log

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
)

// decoded returns a JSON value, or why it is none.
func decoded(text []byte) any {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	return v
}

// What is written by hand is what encoding/json writes of the same entry.
func TestAppendEntry(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	records := []record{
		{},
		{message: "a\n\"b\\<c>&\u2028\x7f\xff größe", service: "<S>", trace: "t", span: "s", kind: kindSpan, level: levelTrace},
		{message: "m", attributes: `{"b":1,"a":[true,null,"<x>",{"c":9007199254740993}]}`, kind: kindAlert, level: 10},
		{message: "m", time: -1, sequence: 1<<64 - 1, instance: "i"},
	}
	for i := range 100 {
		records = append(records, baseline(r, i), client(r, i), prose(r, i))
	}
	for i, e := range records {
		want, err := json.Marshal(e.entry(uint64(i + 1)))
		if err != nil {
			t.Fatal(err)
		}
		if got := appendEntry(nil, uint64(i+1), &e); !reflect.DeepEqual(decoded(got), decoded(want)) {
			t.Errorf("got\n%s, want\n%s", got, want)
		}
	}
}

func BenchmarkAppendEntry(b *testing.B) {
	e := client(rand.New(rand.NewPCG(1, 2)), 1)
	var buffer []byte
	for b.Loop() {
		buffer = appendEntry(buffer[:0], 1, &e)
	}
}
