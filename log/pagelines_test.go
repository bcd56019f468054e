package log

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// shown returns the messages of a page's lines.
func shown(html string) string {
	var messages []string
	for _, m := range regexp.MustCompile(`<span class="msg"><bdi>([^<]*)</bdi>`).FindAllStringSubmatch(html, -1) {
		messages = append(messages, m[1])
	}
	return strings.Join(messages, " ")
}

func TestLinesPage(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fill(t, s)
	tests := []struct{ query, lines, rest string }{
		{"", "six five four Three two one", "6 lines, 2 errors in the last 30 minutes"},
		{"?q=&service=&level=&since=", "six five four Three two one", "Following"},
		{"?q=THREE", "Three", "1 line in the last 30 minutes"},
		{"?service=B&level=error", "four", `<option>A</option><option selected>B</option>`},
		{"?since=150s", "six five four", `<option value="150s" selected>`},
		{"?limit=2", "six five", `href="/?before=5&amp;limit=2" rel="next"`},
		{"?limit=2&before=5", "four Three", `href="/?limit=2">Newest lines`},
		{"?trace=t1", "Three two", `href="/traces/t1"`},
		{"?q=nothing", "", "No line matches"},
	}
	for _, test := range tests {
		resp, body := s.browse(t, "/"+test.query)
		if got := shown(body); resp.StatusCode != 200 || got != test.lines {
			t.Errorf("%s: got %s %s, want %s", test.query, resp.Status, got, test.lines)
		}
		if !strings.Contains(body, test.rest) {
			t.Errorf("%s: no %q in\n%s", test.query, test.rest, body)
		}
	}
}

func TestNewLine(t *testing.T) {
	now := time.Date(2026, 11, 21, 10, 42, 7, 0, time.Local)
	e := Entry{
		Offset: 7, Time: now, Level: "error+1", Service: "S", Message: "a\tb\n\x1b[31m\u202ec\r\n", Trace: "0af7651916cd43dd8448eb211c80319c",
		Attributes: map[string]any{"b": "x y", "a": map[string]any{"c": true}},
	}
	l := newLine(e, now)
	got := fmt.Sprintf("%s|%s|%s|%q|%s|%v|%s|%s", l.Time, l.Kind, l.Service, l.Message, l.Attributes, l.More, l.Trace, l.TraceLink)
	want := `10:42:07.000|bad|S|"a    b\n\\x1b[31m\\u202ec\n"|a.c=true b="x y"|false|0af76519|/traces/0af7651916cd43dd8448eb211c80319c`
	if got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
	long := newLine(Entry{Message: strings.Repeat("ä", shownMessage), Trace: "../x"}, now)
	if len(long.Message) > shownMessage+3 || !long.More || long.TraceLink != "/traces/..%2Fx" {
		t.Errorf("got %d bytes, %v, %s", len(long.Message), long.More, long.TraceLink)
	}
}
