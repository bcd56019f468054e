package log

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// reference is objectParser by means of encoding/json: slow, and simple enough to be believed.
func reference(object string, now time.Time) (record, error) {
	if len(object) > MaxEntry {
		return record{}, errTooLarge
	}
	var in struct {
		Time, Level, Kind, Service, Instance, Trace, Span string
		Sequence                                          uint64
		Message                                           *string
		Attributes                                        json.RawMessage
	}
	if err := json.Unmarshal([]byte(object), &in); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
			return record{}, fmt.Errorf("%s: %s does not fit here", strings.ToLower(wrong.Field), withArticle(wrong.Value))
		} else if ok {
			return record{}, fmt.Errorf("an entry is a JSON object, not %s", withArticle(wrong.Value))
		}
		return record{}, fmt.Errorf("not JSON: %w", err)
	}
	others := referenceMembers(object)
	if in.Message == nil {
		if in.Message = others.take(func(string) bool { return true }, "msg"); in.Message == nil {
			return record{}, errors.New("message: missing")
		}
	}
	if in.Time == "" {
		if at := others.take(func(s string) bool { _, err := parseTime(s); return err == nil }, "ts", "timestamp"); at != nil {
			in.Time = *at
		}
	}
	sizes := sentEntry{service: in.Service, instance: in.Instance, trace: in.Trace, span: in.Span}
	if err := sizes.checkSizes(); err != nil {
		return record{}, err
	}
	r := record{
		time: now.UnixNano(), sequence: in.Sequence, service: in.Service, instance: in.Instance,
		trace: in.Trace, span: in.Span, message: *in.Message,
	}
	var err error
	if r.level, err = parseLevel(in.Level); err != nil {
		return record{}, fmt.Errorf("level: %w", err)
	}
	if in.Kind == "span" {
		r.kind, r.level = kindSpan, levelTrace
	}
	if in.Time != "" {
		if r.time, err = parseTime(in.Time); err != nil {
			return record{}, fmt.Errorf("time: %w", err)
		}
	}
	if in.Attributes != nil && string(in.Attributes) != "null" && in.Attributes[0] != '{' {
		return record{}, errors.New("attributes: want a JSON object")
	}
	if nesting(object) > maxNesting {
		return record{}, fmt.Errorf("attributes: more than %d objects and arrays within each other", maxNesting)
	}
	r.attributes = others.object()
	return r, nil
}

type referenceMember struct {
	name    string
	value   json.RawMessage
	outside bool // it was not in "attributes"
}

type referenceList []referenceMember

// referenceMembers lists what is in an entry beside its fields, and its attributes.
func referenceMembers(object string) (list referenceList) {
	for _, m := range decodeMembers(object) {
		switch {
		case strings.EqualFold(m.name, "attributes"):
			list = slices.DeleteFunc(list, func(m referenceMember) bool { return !m.outside })
			list = append(list, decodeMembers(string(m.value))...)
		case !slices.ContainsFunc([]string{"time", "level", "kind", "service", "instance", "sequence", "message", "trace", "span"},
			func(field string) bool { return strings.EqualFold(m.name, field) }):
			m.outside = true
			list = append(list, m)
		}
	}
	return list
}

// decodeMembers returns the members of a valid object, none of another value.
func decodeMembers(object string) (list referenceList) {
	d := json.NewDecoder(strings.NewReader(object))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	for d.More() {
		name, _ := d.Token()
		var value json.RawMessage
		d.Decode(&value)
		list = append(list, referenceMember{name: name.(string), value: value})
	}
	return list
}

func (l *referenceList) take(fits func(string) bool, names ...string) *string {
	for i := len(*l) - 1; i >= 0; i-- {
		var s string
		m := (*l)[i]
		named := slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, m.name) })
		if m.outside && named && m.value[0] == '"' && json.Unmarshal(m.value, &s) == nil && fits(s) {
			*l = slices.Delete(*l, i, i+1)
			return &s
		}
	}
	return nil
}

func (l referenceList) object() string {
	var b bytes.Buffer
	for i, m := range l {
		if slices.ContainsFunc(l[i+1:], func(later referenceMember) bool { return later.name == m.name }) {
			continue
		}
		key, _ := json.Marshal(m.name)
		fmt.Fprintf(&b, "%c%s:", "{,"[min(b.Len(), 1)], key)
		json.Compact(&b, m.value)
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + "}"
}

func nesting(valid string) (most int) {
	depth := 0
	for d := json.NewDecoder(strings.NewReader(valid)); ; {
		switch token, err := d.Token(); token {
		case json.Delim('{'), json.Delim('['):
			depth++
			most = max(most, depth)
		case json.Delim('}'), json.Delim(']'):
			depth--
		default:
			if err != nil {
				return most
			}
		}
	}
}

// checkObject compares the parser with the reference: the same record, or a refusal in the same
// words. Names of attributes stay as they were written, so these are compared as JSON.
func checkObject(t *testing.T, p *objectParser, object string) {
	t.Helper()
	got, err := p.parse(object)
	want, wantErr := reference(object, p.now)
	if fmt.Sprint(err) != fmt.Sprint(wantErr) {
		t.Fatalf("%q:\ngot error  %v\nwant error %v", object, err, wantErr)
	}
	gotAttributes, wantAttributes := got.attributes, want.attributes
	got.attributes, want.attributes = "", ""
	if got != want {
		t.Fatalf("%q:\ngot  %+v\nwant %+v", object, got, want)
	}
	if gotAttributes != wantAttributes && !sameJSON(gotAttributes, wantAttributes) {
		t.Fatalf("%q:\ngot attributes  %s\nwant attributes %s", object, gotAttributes, wantAttributes)
	}
}

// sameJSON compares the members in their order.
func sameJSON(a, b string) bool {
	return slices.EqualFunc(decodeMembers(a), decodeMembers(b), func(a, b referenceMember) bool {
		return a.name == b.name && bytes.Equal(a.value, b.value)
	})
}

func TestParseObject(t *testing.T) {
	at := time.Date(2026, 11, 20, 18, 9, 3, 123456789, time.UTC).UnixNano()
	long := strings.Repeat("x", maxID+1)
	tests := []struct {
		object string
		want   record
		err    string
	}{
		{`{"message":"a"}`, record{message: "a"}, ""},
		{` { "message" : "a\n\"b\" \u00fc" } `, record{message: "a\n\"b\" ü"}, ""},
		{`{"MeSSage":"a","ſervice":"S","\u0073pan":"p"}`, record{message: "a", service: "S", span: "p"}, ""},
		{`{"message":"a","message":"b","sequence":1,"Sequence":18446744073709551615}`, record{message: "b", sequence: 1<<64 - 1}, ""},
		{`{"message":"a","service":"S","service":null}`, record{message: "a", service: "S"}, ""},
		{`{"message":"a","message":null}`, record{}, "message: missing"},
		{`{"message":"lone \ud800"}`, record{message: "lone \ufffd"}, ""},
		{`{"time":"2026-11-20T19:09:03.123456789+01:00","level":"WARNING","kind":"span","message":""}`, record{time: at, level: levelTrace, kind: kindSpan}, ""},
		{`{"message":"a","kind":"alert"}`, record{message: "a"}, ""},

		// What other programs write: slog, zap, the entries of BASELINE.
		{`{"time":"2026-11-20T18:09:03.123456789Z","level":"INFO","msg":"a","n":1,"g":{"x":2}}`, record{time: at, message: "a", attributes: `{"n":1,"g":{"x":2}}`}, ""},
		{`{"ts":"2026-11-20T18:09:03.123456789Z","level":"error","msg":"a","req":"r","ms":"7"}`, record{time: at, level: 8, message: "a", attributes: `{"req":"r","ms":"7"}`}, ""},
		{`{"timestamp":"2026-11-20T18:09:03.123456789Z","MSG":"a"}`, record{time: at, message: "a"}, ""},
		{`{"ts":1795000000.5,"timestamp":"noon","msg":"a"}`, record{message: "a", attributes: `{"ts":1795000000.5,"timestamp":"noon"}`}, ""},
		{`{"message":"a","msg":"b","time":"2026-11-20T18:09:03.123456789Z","ts":"2025-01-01T00:00:00Z"}`,
			record{time: at, message: "a", attributes: `{"msg":"b","ts":"2025-01-01T00:00:00Z"}`}, ""},
		{`{"msg":7}`, record{}, "message: missing"},
		{`{"attributes":{"msg":"a"}}`, record{}, "message: missing"},

		// Attributes.
		{`{"message":"a","attributes":{ }}`, record{message: "a"}, ""},
		{`{"message":"a","attributes":null}`, record{message: "a"}, ""},
		{`{"message":"a","attributes":{"b": [1, "two words", {"c": null}]}}`, record{message: "a", attributes: `{"b":[1,"two words",{"c":null}]}`}, ""},
		{`{"message":"a","attributes":{"b":1},"attributes":{"c":1.0e-7}}`, record{message: "a", attributes: `{"c":1.0e-7}`}, ""},
		{`{"message":"a","x":1,"attributes":{"x":2,"y":3},"y":4}`, record{message: "a", attributes: `{"x":2,"y":4}`}, ""},
		{`{"message":"a","x":1,"\u0078":2,"":3}`, record{message: "a", attributes: `{"\u0078":2,"":3}`}, ""},
		{`{"message":"a","attributes":` + nested(maxNesting-1) + `}`, record{message: "a", attributes: nested(maxNesting - 1)}, ""},
		{`{"message":"a","attributes":` + nested(maxNesting) + `}`, record{}, "more than 100 objects and arrays within each other"},
		{`{"message":"a","b":` + strings.Repeat("[", deepest) + strings.Repeat("]", deepest) + `}`, record{}, "exceeded max depth"},

		// Refused.
		{``, record{}, "not JSON: unexpected end"},
		{`{"message":"a"`, record{}, "not JSON: unexpected end"},
		{`{"message":"a",}`, record{}, "not JSON: invalid character '}'"},
		{`{"message":"a"} x`, record{}, "not JSON: invalid character 'x' after top-level value"},
		{`{"message":7,"x":}`, record{}, "not JSON: invalid character '}'"},
		{"{\"message\":\"a\tb\"}", record{}, `not JSON: invalid character '\t' in string literal`},
		{`{"message":"\x"}`, record{}, "not JSON: invalid character 'x' in string escape"},
		{`{"message":"a","b":01}`, record{}, "not JSON: invalid character '1'"},
		{`7`, record{}, "an entry is a JSON object, not a number"},
		{`[]`, record{}, "an entry is a JSON object, not an array"},
		{`null`, record{}, "message: missing"},
		{`{}`, record{}, "message: missing"},
		{`{"message":{}}`, record{}, "message: an object does not fit here"},
		{`{"LEVEL":true,"message":7}`, record{}, "level: a bool does not fit here"},
		{`{"message":"a","sequence":-1}`, record{}, "sequence: a number -1 does not fit here"},
		{`{"message":"a","sequence":"1"}`, record{}, "sequence: a string does not fit here"},
		{`{"message":"a","attributes":"b"}`, record{}, "attributes: want a JSON object"},
		{`{"message":"a","instance":"` + long + `"}`, record{}, "instance: longer than 64 bytes"},
		{`{"message":"a","trace":"` + long + `"}`, record{}, "trace: longer than 64 bytes"},
		{`{"message":"a","span":"` + long + `"}`, record{}, "span: longer than 64 bytes"},
		{`{"message":"a","time":"3026-11-20T18:09:03Z"}`, record{}, "too far from today"},
	}
	p := newObjectParser(1, time.Unix(0, 0))
	for _, test := range tests {
		got, err := p.parse(test.object)
		if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%.300s:\ngot  %+v, %v\nwant %+v, %s", test.object, got, err, test.want, test.err)
		}
		checkObject(t, p, test.object)
	}
}

// nested returns so many objects within each other.
func nested(depth int) string {
	return strings.Repeat(`{"a":`, depth-1) + "{}" + strings.Repeat("}", depth-1)
}

// Records stay as they are while the parser goes on.
func TestParserKeepsNothing(t *testing.T) {
	const entries = 5_000
	p := newObjectParser(1<<20, time.Unix(0, 0))
	var records []record
	for i := range entries {
		r, err := p.parse(fmt.Sprintf(`{"message":"a\n%d","b":%d,"attributes":{"c": [%d, "\u00fc"]}}`, i, i, i))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	for i, r := range records {
		if r.message != fmt.Sprint("a\n", i) || r.attributes != fmt.Sprintf(`{"b":%d,"c":[%d,"\u00fc"]}`, i, i) {
			t.Fatalf("entry %d became %+v", i, r)
		}
	}
}

// Objects made of pieces that belong together more often than a fuzzer's.
func TestParseObjectRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	p := newObjectParser(4096, time.Unix(0, 0))
	for range 20_000 {
		checkObject(t, p, randomObject(r, 0))
	}
	for n := range 60 { // with many names
		var members []string
		for range n {
			members = append(members, fmt.Sprintf(`"%s":%d`, []string{"msg", "Msg", "a", "b", "message", "c1", "c2"}[r.IntN(7)], r.IntN(9)), fmt.Sprintf(`"n%d":"x"`, r.IntN(40)))
		}
		checkObject(t, p, "{"+strings.Join(append(members, `"message":"a"`), ",")+"}")
		checkObject(t, p, strings.ReplaceAll("{"+strings.Join(append(members, `"msg":"a","msg":"b"`), ",")+"}", `"message"`, `"m"`))
	}
}

func randomObject(r *rand.Rand, depth int) string {
	names := []string{"time", "level", "kind", "service", "instance", "sequence", "message", "message", "trace", "span",
		"attributes", "attributes", "Message", "LEVEL", "\\u006dessage", "ſpan", "msg", "Msg", "ts", "timestamp", "a", "b", "\\u0061", "ü", ""}
	b := []byte("{")
	for i := range r.IntN(6) {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `%s"%s"%s:%s`, randomSpace(r), names[r.IntN(len(names))], randomSpace(r), randomValue(r, depth+1))
	}
	b = append(append(b, randomSpace(r)...), '}')
	if depth == 0 && r.IntN(10) == 0 { // damage
		at := r.IntN(len(b))
		if b[at] = "{}[],:\"\\ \x00\xff0x"[r.IntN(13)]; r.IntN(2) == 0 {
			b = b[:at]
		}
	}
	return string(validUTF8(b))
}

func randomValue(r *rand.Rand, depth int) string {
	scalars := []string{"null", "true", "false", "0", "-1", "1.50", "1e-7", "2E+3", "18446744073709551616", "01", "1.", "nul", `""`, `"a"`, `"info"`, `"span"`,
		`"2026-11-20T18:09:03Z"`, `"2026-11-20T18:09:03.5+01:00"`, `"\n\t\"\\\/"`, `"\u00e9\ud83d\ude00\ud800"`, `"\u12"`, `"ü😀"`, "\"\x01\""}
	switch n := r.IntN(10); {
	case n == 0 && depth < 4:
		return randomObject(r, depth)
	case n == 1 && depth < 4:
		return "[" + randomSpace(r) + randomValue(r, depth+1) + randomSpace(r) + "," + randomValue(r, depth+1) + "]"
	case n < 4:
		return `"` + strings.Repeat("x", r.IntN(150)) + `"`
	}
	return randomSpace(r) + scalars[r.IntN(len(scalars))]
}

func randomSpace(r *rand.Rand) string { return []string{"", "", "", "", " ", "\t\n", "\r "}[r.IntN(7)] }

func FuzzParseObject(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		f.Add(randomObject(r, 0))
	}
	f.Fuzz(func(t *testing.T, object string) {
		checkObject(t, newObjectParser(len(object), time.Unix(0, 0)), string(validUTF8([]byte(object))))
	})
}

// BenchmarkParseLines parses bodies of 1,000 entries. Its limit is encoding/json.
func BenchmarkParseLines(b *testing.B) {
	var foreign, own []byte
	for i := range 1000 {
		r := request(i)
		line, err := json.Marshal(r.entry(0))
		if err != nil {
			b.Fatal(err)
		}
		own = append(append(own, line...), '\n')
		foreign = fmt.Appendf(foreign, `{"ts":"2026-11-20T18:09:03.123456789Z","service":"%s","level":"info","msg":"%s","req":"%.16s","ms":"%d"}`+"\n",
			r.service, r.message, r.trace, i)
	}
	for _, bench := range []struct {
		name string
		body []byte
	}{{"own", own}, {"foreign", foreign}} {
		report := func(b *testing.B) {
			b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, rejected := parseLines(bench.body, time.Now()); rejected != nil {
					b.Fatal(rejected)
				}
			}
			report(b)
		})
		b.Run(bench.name+" by encoding/json", func(b *testing.B) {
			for b.Loop() {
				for line := range bytes.Lines(bench.body) {
					if _, err := reference(string(line), time.Now()); err != nil {
						b.Fatal(err)
					}
				}
			}
			report(b)
		})
	}
}
