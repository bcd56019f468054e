package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"gradebook/service/web"
)

type grade struct {
	Title string             `json:"title"`
	Score float64            `json:"score"`
	Tags  []string           `json:"tags"`
	More  map[string]float64 `json:"more"`
}

// quickGrade is grade without reflection.
type quickGrade struct{ grade }

func (g *quickGrade) DecodeField(name, value []byte) (known bool, err error) {
	switch string(name) {
	case "title":
		err = web.DecodeString(value, &g.Title)
	case "score":
		err = json.Unmarshal(value, &g.Score)
	case "tags":
		err = json.Unmarshal(value, &g.Tags)
	case "more":
		err = json.Unmarshal(value, &g.More)
	default:
		return false, nil
	}
	return true, err
}

// Both ways to decode must take and refuse the same, in the same words.
func TestDecode(t *testing.T) {
	deep := strings.Repeat(`[`, 33) + strings.Repeat(`]`, 33)
	for _, c := range []struct {
		name, media, body string
		status            int    // 0: taken
		says              string // in the problem's detail
	}{
		{"plain", "application/json", `{"title":"T1","score":91.5}`, 0, ""},
		{"old clients' names", "text/plain", `{"Title":"T1","Score":91.5}`, 0, ""},
		{"curl -d", "application/x-www-form-urlencoded", `{"title":"T1"}`, 0, ""},
		{"no type", "", ` {"title":"T1"} `, 0, ""},
		{"a problem's type", "application/merge-patch+json; charset=utf-8", `{"title":"T1"}`, 0, ""},
		{"escapes in keys and values", "", `{"t\u0069tle":"a\"b\\","more":{"a\"":1,"{":2}}`, 0, ""},
		{"xml", "application/xml", `<a/>`, 415, "application/json"},
		{"multipart", "multipart/form-data; boundary=x", `{}`, 415, "application/json"},
		{"empty", "", ``, 400, "no body"},
		{"null", "", `null`, 400, "null"},
		{"cut off", "", `{"title":"T1"`, 400, "not JSON"},
		{"line of the mistake", "", "{\n\"title\":x}", 400, "line 2"},
		{"NaN", "", `{"score":NaN}`, 400, "not JSON"},
		{"trailing", "", `{"title":"T1"} {"title":"T2"}`, 400, "after top-level value"},
		{"unknown field", "", `{"titel":"T1"}`, 400, "titel: is not a field"},
		{"wrong type inside", "", `{"title":"a","more":{"x":"y"}}`, 400, "more: must be a number, not string"},
		{"wrong type of text", "", `{"title":["a"]}`, 400, "title: must be a string, not array"},
		{"null leaves a field", "", `{"title":null,"score":1}`, 0, ""},
		{"nothing", "", "{ \n }", 0, ""},
		{"space everywhere", "", " {\t\"title\" :\r\n\"T1\" , \"tags\" : [ \"}\" , \"]\" ] , \"score\": 9 } ", 0, ""},
		{"wrong type", "", `{"score":"abc"}`, 400, "score: must be a number, not string"},
		{"wrong type of all", "", `[1]`, 400, "must be an object, not array"},
		{"key twice", "", `{"score":1,"score":2}`, 400, "score: appears twice"},
		{"key twice, folded", "", `{"score":1,"SCORE":2}`, 400, "SCORE: appears twice"},
		{"key twice, escaped", "", `{"score":1,"\u0073core":2}`, 400, "score: appears twice"},
		{"key twice, deep", "", `{"more":{"a":1,"b":2,"A":3}}`, 400, "A: appears twice"},
		{"same key in two objects", "", `{"more":{"a":1,"title":2},"title":"x"}`, 0, ""},
		{"value that looks like a key", "", `{"tags":["title","title"]}`, 0, ""},
		{"not UTF-8", "", "{\"title\":\"\xff\"}", 400, "UTF-8"},
		{"too deep", "", `{"tags":` + deep + `}`, 400, "32 levels"},
		{"too large", "", `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "1048576"},
	} {
		plain, quick := new(grade), new(quickGrade)
		for _, v := range []any{plain, quick} {
			var status int
			var detail string
			h := web.LimitBodies(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if err := web.Decode(r, v); err != nil {
					p := web.AsProblem(err, nil)
					status, detail = p.Status, p.Detail
				}
			}))
			r := httptest.NewRequest("POST", "/", strings.NewReader(c.body))
			r.Header.Set("Content-Type", c.media)
			h.ServeHTTP(httptest.NewRecorder(), r)
			if status != c.status || !strings.Contains(detail, c.says) {
				t.Errorf("%s, into %T: %d %q, want %d with %q", c.name, v, status, detail, c.status, c.says)
			}
		}
		if c.status == 0 && !reflect.DeepEqual(*plain, quick.grade) {
			t.Errorf("%s: decoded as %+v and %+v", c.name, *plain, quick.grade)
		}
	}
}

func TestDecodeManyKeys(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		b.WriteString(`"k` + strings.Repeat("x", i) + `":1,`)
	}
	for _, c := range []struct {
		last string
		ok   bool
	}{{`"other":1`, true}, {`"KXX":1`, false}} {
		err := web.DecodeBytes([]byte("{"+b.String()+c.last+"}"), &map[string]int{})
		if (err == nil) != c.ok {
			t.Errorf("with %s last: %v", c.last, err)
		}
	}
}

func TestDecodeWireIsLenient(t *testing.T) {
	var g grade
	r := httptest.NewRequest("POST", "/", strings.NewReader(`{"Title":"T1","New":true}`))
	r.Header.Set("Content-Type", "text/xml")
	if err := web.DecodeWire(r, &g); err != nil || g.Title != "T1" {
		t.Errorf("DecodeWire = %v, %+v", err, g)
	}
	for body, says := range map[string]string{`{`: "not JSON", `{"title":1}`: "title: must be a string"} {
		err := web.DecodeWire(httptest.NewRequest("POST", "/", strings.NewReader(body)), &g)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("DecodeWire(%s) = %v, want %q", body, err, says)
		}
	}
}

func FuzzDecodeBytes(f *testing.F) {
	for _, seed := range []string{`{"title":"a","score":1}`, `{"a":{"a":1}}`, `["\\","\""]`, `{"a\"":1,"b":[{}]}`, "\xff", `{"a":1,"A":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		plain, quick := new(grade), new(quickGrade)
		err, quickErr := web.DecodeBytes(body, plain), web.DecodeBytes(body, quick)
		if (err == nil) != (quickErr == nil) {
			t.Errorf("%q: %v, but field by field %v", body, err, quickErr)
		}
		if err == nil && !reflect.DeepEqual(*plain, quick.grade) {
			t.Errorf("%q: decoded as %+v and %+v", body, *plain, quick.grade)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(`{"title":"Week 12 Homework","score":91.5}`)
	for _, v := range []any{new(grade), new(quickGrade)} {
		b.Run(fmt.Sprintf("%T", v), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := web.DecodeBytes(body, v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
