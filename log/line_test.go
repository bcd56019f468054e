package log

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

// What is sent is what encoding/json makes of an Entry.
func TestAppendSent(t *testing.T) {
	at := time.Date(2026, 11, 20, 18, 9, 3, 123456789, time.FixedZone("", 3600))
	for _, e := range []Entry{
		{Level: "info", Message: "hello"},
		{Time: at, Level: "info+2", Kind: "span", Service: "S", Instance: "i", Message: "", Trace: "t", Span: "p"},
		{Level: "info", Service: "<ü>", Message: "a\n\"b\" \x00 \xff \u2028 </script>"},
		{Level: "info", Message: "m", Attributes: map[string]any{}},
		{Level: "info", Message: "m", Attributes: map[string]any{
			"b": true, "a": nil, "n": 1, "big": uint64(math.MaxUint64), "small": int64(math.MinInt64), "f": 1e21, "g": 0.5, "number": json.Number("1.50"),
			"list": []any{"x", json.Number("2"), map[string]any{"z": 1, "y": "<"}}, "group": map[string]any{"two words": "x y", "empty": map[string]any{}, "": 0},
		}},
		{Time: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC), Level: "info", Message: "late"},
		{Level: "info", Message: "m", Attributes: map[string]any{"c": make(chan int)}},
	} {
		got, err := appendSent(nil, &e)
		if !e.Time.IsZero() {
			e.Time = e.Time.UTC()
		}
		want, wantErr := json.Marshal(e)
		if (err == nil) != (wantErr == nil) || err == nil && string(got) != string(want) {
			t.Errorf("got  %s, %v\nwant %s, %v", got, err, want, wantErr)
		}
	}
}
