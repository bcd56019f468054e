package registry

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

func TestKeyedCalls(t *testing.T) {
	const keys = 3000
	refusing := map[string]bool{}
	v := NewView()
	c := &http.Client{Transport: NewTransport(TransportOptions{View: v, Base: base(func(r *http.Request) (*http.Response, error) {
		if refusing[r.URL.Port()] {
			return nil, dialRefused()
		}
		return answerTo(r), nil
	})})}
	ask := func(key int) string {
		t.Helper()
		req, _ := http.NewRequestWithContext(WithKey(t.Context(), fmt.Sprint("class-", key)), "POST", "http://G/", nil)
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.Request.URL.Port()
	}
	where := func() (at [keys]string) {
		for k := range at {
			at[k] = ask(k)
		}
		return at
	}
	know(v, 6000, 6001, 6002)
	three := where()
	if again := where(); three != again {
		t.Error("the same keys went elsewhere the second time")
	}
	for _, port := range []string{"6000", "6001", "6002"} {
		n := 0
		for _, at := range three {
			if at == port {
				n++
			}
		}
		if n < keys*30/100 || n > keys*37/100 {
			t.Errorf("%s has %d of %d keys, want about a third", port, n, keys)
		}
	}
	know(v, 6000, 6001)
	two := where()
	for k := range keys {
		if three[k] != "6002" && two[k] != three[k] {
			t.Fatalf("key %d moved from %s to %s, though it was not of the one that left", k, three[k], two[k])
		}
	}
	know(v, 6000, 6001, 6002)
	refusing["6002"] = true
	if failing := where(); failing != two {
		t.Error("while one refuses connections, its keys do not go to the next in their order")
	}
}

// The ranks are the same in every process and version: a mix of these would
// send the same key to two providers.
func TestRank(t *testing.T) {
	urls := []string{"http://localhost:6000", "http://localhost:6001", "http://localhost:6002"}
	var got []uint64
	for _, u := range urls {
		got = append(got, rank("class-7", u))
	}
	want := []uint64{0x71e1bbd1ae209e65, 0xf9f9eedfaed563ef, 0x13626e217c9badc5}
	if !slices.Equal(got, want) {
		t.Errorf("ranks %#x, want %#x", got, want)
	}
}
