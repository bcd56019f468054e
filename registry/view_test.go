package registry

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
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

func TestWaitFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := NewView()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		time.AfterFunc(10*time.Second, func() { v.replace(given("A=1 G="), false) })
		time.AfterFunc(20*time.Second, func() { v.replace(given("A=1 G=2"), false) })
		for range 2 { // the second time it is known
			if err := v.WaitFor(ctx, "G"); err != nil || time.Since(start) != 20*time.Second {
				t.Errorf("after %v: %v, want nil after 20s", time.Since(start), err)
			}
		}
		err := v.WaitFor(ctx, "B")
		if missing, ok := errors.AsType[*NoProviderError](err); !ok || missing.Service != "B" || time.Since(start) != time.Minute {
			t.Errorf("after %v: %v, want no provider of B after a minute", time.Since(start), err)
		}
	})
}
