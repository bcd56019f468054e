package web_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"gradebook/service/web"
)

type decimal int64

func (decimal) MarshalJSON() ([]byte, error) { return []byte("1.5"), nil }

type named int

func (named) MarshalText() ([]byte, error) { return []byte("one"), nil }

type either struct{}

func (either) MarshalJSON() ([]byte, error) { return []byte("1"), nil }
func (either) JSONSchema() map[string]any {
	return map[string]any{"type": []string{"integer", "string"}}
}

type odd struct{}

func (odd) MarshalJSON() ([]byte, error) { return []byte("[1]"), nil }

type reads struct{}

func (*reads) UnmarshalJSON([]byte) error { return nil }

type part struct {
	Name  string  `json:"name"`
	Parts []*part `json:"parts,omitempty"`
}

type some[T any] struct {
	Most T `json:"most"`
}

type whole struct {
	part
	Name    int             `json:"name"` // hides that of part
	Score   *decimal        `json:"score"`
	Late    *decimal        `json:"late,omitempty"`
	Best    *part           `json:"best"`
	Some    some[time.Time] `json:"some"`
	At      time.Time       `json:"at" api:"needed"`
	Word    named           `json:"word"`
	Either  either          `json:"either"`
	By      map[int]part    `json:"by,omitempty"`
	Any     any             `json:"any"`
	Raw     json.RawMessage `json:"raw,omitempty"`
	Bytes   []byte          `json:"bytes,omitempty"`
	Count   uint64          `json:"count,omitempty"`
	Ratio   float64         `json:"ratio,omitempty"`
	Plain   bool
	Hidden  int `json:"-"`
	private int
	Deep    struct {
		X string `json:"x"`
	} `json:"deep"`
}

// documentOf is the document of one route.
func documentOf(t *testing.T, about ...web.About) map[string]any {
	t.Helper()
	m := web.NewMux(web.Problems(nil))
	m.Handle("POST /things/{thing}/x", nothing, append(about, web.Does("Makes a thing."))...)
	text, err := web.Document("Things", "1", "All things.", m.Routes())
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// in goes down a path of members.
func in(t *testing.T, value any, path string) any {
	t.Helper()
	for name := range strings.SplitSeq(path, ">") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func TestSchema(t *testing.T) {
	_ = whole{}.private
	d := documentOf(t, web.Takes(whole{}), web.Gives(200, whole{}), web.Gives(200, part{}, "text/event-stream"))
	for path, want := range map[string]string{
		"components>schemas>Whole": `{"type":"object","required":["Plain","any","at","best","deep","either","name","score","some","word"],"properties":{
			"name":{"type":"integer"},"parts":{"type":"array","items":{"anyOf":[{"$ref":"#/components/schemas/Part"},{"type":"null"}]}},
			"score":{"type":["number","null"]},"late":{"type":"number"},
			"best":{"anyOf":[{"$ref":"#/components/schemas/Part"},{"type":"null"}]},
			"some":{"$ref":"#/components/schemas/SomeTime"},
			"at":{"type":"string","format":"date-time"},"word":{"type":"string"},"either":{"type":["integer","string"]},
			"by":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/Part"}},
			"any":{},"raw":{},"bytes":{"type":"string","contentEncoding":"base64"},
			"count":{"type":"integer","minimum":0},"ratio":{"type":"number"},"Plain":{"type":"boolean"},
			"deep":{"type":"object","required":["x"],"properties":{"x":{"type":"string"}}}}}`,
		"components>schemas>WholeInput>properties>late":      `{"type":["number","null"]}`,
		"components>schemas>WholeInput>required":             `["at"]`,
		"components>schemas>WholeInput>additionalProperties": `false`,
		"components>schemas>PartInput>properties>name":       `{"type":"string"}`,
		"components>schemas>Problem>required":                `["status","title","type"]`,
		"components>responses>BadRequest>content":            `{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}`,
		"paths>/things/{thing}/x>post>parameters":            `[{"name":"thing","in":"path","required":true,"schema":{"type":"string"}}]`,
		"paths>/things/{thing}/x>post>operationId":           `"post-things-thing-x"`,
		"paths>/things/{thing}/x>post>responses>400":         `{"$ref":"#/components/responses/BadRequest"}`,
		"paths>/things/{thing}/x>post>responses>default":     `{"$ref":"#/components/responses/Failure"}`,
		"paths>/things/{thing}/x>post>responses>200>content": `{"application/json":{"schema":{"$ref":"#/components/schemas/Whole"}},"text/event-stream":{"x-itemSchema":{"$ref":"#/components/schemas/Part"}}}`,
		"paths>/things/{thing}/x>post>requestBody>content":   `{"application/json":{"schema":{"$ref":"#/components/schemas/WholeInput"}}}`,
		"paths>/things/{thing}/x>post>responses>415>x":       `null`,
		"info": `{"title":"Things","version":"1","description":"All things."}`,
	} {
		var wanted any
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatal(err)
		}
		if got := in(t, any(d), path); !reflect.DeepEqual(got, wanted) {
			text, _ := json.Marshal(got)
			t.Errorf("%s is\n%s, want\n%s", path, text, want)
		}
	}
}

func TestDocumentRefuses(t *testing.T) {
	type Part struct{ X int } // another of that name
	for says, about := range map[string][]web.About{
		"web_test.odd has a JSON of its own":   {web.Gives(200, odd{})},
		"web_test.reads has a JSON of its own": {web.Takes(reads{})},
		"the same name":                        {web.Gives(200, part{}), web.Gives(201, Part{})},
		"chan int has no JSON":                 {web.Gives(200, []chan int{})},
	} {
		m := web.NewMux(web.Problems(nil))
		m.Handle("GET /x", nothing, about...)
		if _, err := web.Document("X", "1", "", m.Routes()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	m := web.NewMux(web.Problems(nil))
	m.Handle("GET /x", nothing, web.Does("One."))
	if _, err := web.Document("X", "1", "", append(m.Routes(), m.Routes()...)); err == nil {
		t.Error("the same route twice is documented")
	}
}
