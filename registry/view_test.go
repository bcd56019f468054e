package registry

import (
	"slices"
	"testing"
)

func TestOnFound(t *testing.T) {
	v := NewView()
	var got []string
	v.OnFound(func(p Provider) { got = append(got, p.Name+" "+p.URL) })
	one := map[string][]Provider{"A": {{URL: "http://localhost:1"}}}
	two := map[string][]Provider{"A": {{URL: "http://localhost:1"}, {URL: "http://localhost:2"}}}
	for _, given := range []map[string][]Provider{one, one, two, nil, one} {
		v.replace(given, false)
	}
	want := []string{"A http://localhost:1", "A http://localhost:2", "A http://localhost:1"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
