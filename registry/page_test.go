package registry

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gradebook/service/web"
)

func TestBanners(t *testing.T) {
	for _, c := range []struct {
		script string
		want   []string // beginnings of "kind fact follows"
	}{
		{"reg A; ok A", []string{"ok All 2 services are up."}},
		{"reg A", nil}, // awaited
		{"settling; reg A; ok A", []string{"warn This registry has just started"}},
		{"reg A needs B; ok A", []string{"bad B is absent since 10:42:03: nobody has registered it. A is blocked by that."}},
		{"reg A opt B; ok A", []string{"bad B is absent since 10:42:03: nobody has registered it. A is degraded, and can do without it."}},
		{"reg A needs C; reg B needs C; ok A; ok B; reg C; ok C; +3s; refused C; refused C", []string{"bad C is down since 10:42:06: connection refused. A and B are blocked by that."}},
		{"reg A; reg B; reg C; ok A; ok B; ok C; silent A; silent B; silent C", []string{"warn Nobody is taken out for silence at present: more than half"}},
		{"reg A needs B; ok A; ack A; reg B; ok B; ack B; fail A; +3s", []string{"warn Not everybody has acknowledged what changed. A at localhost:7065 holds revision"}},
		{"reg A needs B; ok A; ack A; reg B; ok B; ack B; +1s", []string{"ok "}}, // it is being told
	} {
		h := play(t, c.script)
		got := banners(h.tab.graph("http://localhost:3000"), h.now)
		ok := len(got) == len(c.want)
		for i := range min(len(got), len(c.want)) {
			ok = ok && strings.HasPrefix(got[i].Kind+" "+got[i].Fact+" "+got[i].Follows, c.want[i])
		}
		if !ok {
			t.Errorf("%s\n got %q\nwant %q", c.script, got, c.want)
		}
	}
}

func TestBannersAreFew(t *testing.T) {
	g := Graph{}
	for range 100 {
		g.Nodes = append(g.Nodes, Node{Name: "A", State: "down", Reason: "gone"})
	}
	got := banners(g, time.Now())
	if last := got[len(got)-1]; len(got) != shownCauses+1 || last.Fact != "95 more services are away." {
		t.Errorf("got %d banners, the last %q", len(got), last)
	}
}

func TestServiceRows(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"up", "reg A; ok A; +1s", "A localhost:7065 up  | 1.0 s ago"},
		{"awaited", "reg A", "A localhost:7065 unverified  | "},
		{"down", "reg A; ok A; silent A; silent A", "A localhost:7065 down silent: it does not answer heartbeats | 0.0 s ago"},
		{"blocked, with the cause", "reg A needs B; ok A", "A localhost:7065 blocked B has no healthy provider since 10:42:03 (nobody has registered it) | 0.0 s ago"},
		{"nobody is there", "reg B needs A; ok B", "A  absent nobody has registered it | "},
	} {
		h := play(t, c.script)
		for _, n := range h.tab.graph("http://localhost:3000").Nodes {
			if n.Name != "A" {
				continue
			}
			r := serviceRows(n, h.now)[0]
			if got := strings.Join([]string{r.Name, r.Address, r.Word, r.Why, "|", r.Beat}, " "); got != c.want {
				t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
			}
		}
	}
}

func TestListedAreFew(t *testing.T) {
	var nodes []Node
	for range 150 {
		nodes = append(nodes, Node{Name: "A", State: "up", Instances: make([]InstanceStatus, 2)})
	}
	nodes = append(nodes, Node{Name: "B", State: "absent"})
	rows, more := listed(nodes, time.Now())
	if len(rows) != shownServices || rows[0].Name != "B" || !strings.HasPrefix(more, "101 more addresses") {
		t.Errorf("got %d rows, the first %q; %q", len(rows), rows[0].Name, more)
	}
	if rows, more := listed(nodes[:3], time.Now()); len(rows) != 6 || more != "" {
		t.Errorf("got %d rows; %q", len(rows), more)
	}
}

func TestChangeLines(t *testing.T) {
	for _, c := range []struct {
		change     Change
		text, kind string
	}{
		{Change{}, "", ""},
		{Change{Dependents: 3, Waiting: 2}, "2 of 3 dependents still to acknowledge", "warn"},
		{Change{Dependents: 1, Took: "1.26ms"}, "acknowledged by 1 dependent in 1.3 ms", "muted"},
		{Change{Dependents: 2, Took: "1.5s"}, "acknowledged by 2 dependents in 1.5 s", "muted"},
	} {
		if got := newChangeLine(c.change, time.Now()); got.Spread != c.text || got.SpreadKind != c.kind {
			t.Errorf("%+v: got %+v", c.change, got)
		}
	}
}

// The root is a table for curl, a page for browsers and a stream for the page.
func TestFaces(t *testing.T) {
	t.Parallel()
	s, l := serveRegistry(t, "127.0.0.1:0", t.TempDir(), quick())
	settle(s)
	const hostile = `<script>alert("x")</script>`
	r := describe("A", "one", "http://localhost:1", "Missing")
	r.Version = hostile
	s.step(registering{r})
	ask := func(accept string) (http.Header, *bufio.Reader) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		t.Cleanup(cancel)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", accept)
		resp, err := l.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp.Header, bufio.NewReader(resp.Body)
	}
	// until reads up to the end of what is wanted.
	until := func(b *bufio.Reader, want string) string {
		var text strings.Builder
		for !strings.Contains(text.String(), want) {
			line, err := b.ReadString('\n')
			text.WriteString(line)
			if err != nil {
				t.Fatalf("no %q in\n%s", want, text.String())
			}
		}
		return text.String()
	}
	header, body := ask("*/*")
	if got := header.Get("Content-Type"); got != "text/plain; charset=utf-8" {
		t.Errorf("curl gets %s", got)
	}
	until(body, "nobody has registered it")

	header, body = ask("text/html,application/xhtml+xml,*/*;q=0.8")
	if header.Get("Content-Type") != "text/html; charset=utf-8" || header.Get("Content-Security-Policy") != policy || header.Get("Vary") != "Accept" {
		t.Errorf("a browser gets %v", header)
	}
	if page := until(body, "</html>"); !strings.Contains(page, "Missing is absent since") || strings.Contains(page, hostile) || strings.Contains(page, "style=") {
		t.Errorf("the page is\n%s", page)
	}

	header, body = ask("text/event-stream")
	if got := header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("the page's script gets %s", got)
	}
	until(body, "data: </html>")
	s.step(registering{describe("Missing", "one", "http://localhost:2")})
	until(body, "Missing at http://localhost:2 registered")
}

func TestPageNamesItsFiles(t *testing.T) {
	p, err := web.NewPages(pageFiles, "page")
	if err != nil {
		t.Fatal(err)
	}
	html, err := renderPage(p, Graph{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{name}", func(w http.ResponseWriter, r *http.Request) {
		if err := p.Assets.Serve(w, r); err != nil {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
	})
	parts := strings.Split(string(html), `"/static/`)
	if len(parts) != 5 {
		t.Errorf("the page names %d files, want two styles, script and icon", len(parts)-1)
	}
	for _, part := range parts[1:] {
		name, _, _ := strings.Cut(part, `"`)
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/static/"+name, nil))
	}
}
