package grades

import (
	"encoding/json"
	"testing"
	"time"
)

func TestFieldEdits(t *testing.T) {
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	same := noon.In(time.FixedZone("", 3600))
	for _, c := range []struct {
		name     string
		from, to Assignment
		want     string
	}{
		{"nothing", Assignment{ID: 1, Title: "T"}, Assignment{ID: 2, Title: "T"}, `null`},
		{"a text", Assignment{Title: "T"}, Assignment{Title: "U"}, `[{"field":"title","from":"T","to":"U"}]`},
		{"two", Assignment{Points: Points(5)}, Assignment{Posted: true}, `[{"field":"points","from":5,"to":0},{"field":"posted","from":false,"to":true}]`},
		{"a time", Assignment{}, Assignment{Due: &noon}, `[{"field":"due","from":null,"to":"2026-11-20T12:00:00Z"}]`},
		{"the same time", Assignment{Due: &noon}, Assignment{Due: &same}, `null`},
	} {
		if got := asJSON(t, fieldEdits(&c.from, &c.to)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// A field goes back to what it was where it still is what it became, and a
// category does so for itself.
func TestTakeBack(t *testing.T) {
	for _, c := range []struct {
		name             string
		old, became, now string // fields of a class
		want, later      string
	}{
		{"as it became", `{"title":"A","term":"x"}`, `{"title":"B","term":"x"}`, `{"title":"B","term":"x"}`, `{"title":"A","term":"x"}`, `null`},
		{"another field since", `{"title":"A"}`, `{"title":"B"}`, `{"title":"B","term":"y"}`, `{"title":"A","term":"y"}`, `null`},
		{"the field since", `{"title":"A"}`, `{"title":"B"}`, `{"title":"C"}`, `{"title":"A"}`, `[{"field":"title","from":"B","to":"C"}]`},
		{"the field back since", `{"title":"A"}`, `{"title":"B"}`, `{"title":"A"}`, `{"title":"A"}`, `[{"field":"title","from":"B","to":"A"}]`},
		{"the order of categories", `{"categories":[{"name":"a"},{"name":"b"}]}`, `{"categories":[{"name":"b"},{"name":"a"}]}`, `{"categories":[{"name":"b"},{"name":"a"}]}`,
			`{"categories":[{"name":"a"},{"name":"b"}]}`, `null`},
		{"an added category", `{"categories":[{"name":"a"}]}`, `{"categories":[{"name":"a"},{"name":"b"}]}`, `{"categories":[{"name":"a"},{"name":"b"},{"name":"c"}]}`,
			`{"categories":[{"name":"a"},{"name":"c"}]}`, `null`},
		{"an added category that is gone", `{"categories":[{"name":"a"}]}`, `{"categories":[{"name":"a"},{"name":"b"}]}`, `{"categories":[{"name":"a"},{"name":"c"}]}`,
			`{"categories":[{"name":"a"},{"name":"c"}]}`, `null`},
		{"a category removed", `{"categories":[{"name":"a"},{"name":"b"}]}`, `{"categories":[{"name":"a"}]}`, `{"categories":[{"name":"c"},{"name":"a"}]}`,
			`{"categories":[{"name":"c"},{"name":"a"},{"name":"b"}]}`, `null`},
		{"a weight", `{"categories":[{"name":"a","weight":1}]}`, `{"categories":[{"name":"a","weight":2}]}`, `{"categories":[{"name":"a","weight":2},{"name":"b"}]}`,
			`{"categories":[{"name":"a","weight":1},{"name":"b"}]}`, `null`},
		{"a weight since", `{"categories":[{"name":"a","weight":1}]}`, `{"categories":[{"name":"a","weight":2}]}`, `{"categories":[{"name":"a","weight":3}]}`,
			`{"categories":[{"name":"a","weight":1}]}`, `later`},
		{"a weight of a category that is gone", `{"categories":[{"name":"a","weight":1}]}`, `{"categories":[{"name":"a","weight":2}]}`, `{"categories":[{"name":"b"}]}`,
			`{"categories":[{"name":"b"},{"name":"a","weight":1}]}`, `later`},
		{"an added category that was changed", `{"categories":[]}`, `{"categories":[{"name":"a","weight":2}]}`, `{"categories":[{"name":"a","weight":3},{"name":"b"}]}`,
			`{"categories":[{"name":"b"}]}`, `later`},
	} {
		var old, became, now, want Class
		for into, text := range map[*Class]string{&old: c.old, &became: c.became, &now: c.now, &want: c.want} {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				t.Fatal(err)
			}
		}
		got, later := takeBack(&old, &became, &now)
		if a, b := asJSON(t, got), asJSON(t, want); a != b {
			t.Errorf("%s:\n got %s\nwant %s", c.name, a, b)
		}
		if text := asJSON(t, later); text != c.later && !(c.later == "later" && len(later) == 1) {
			t.Errorf("%s: later %s, want %s", c.name, text, c.later)
		}
	}
}
