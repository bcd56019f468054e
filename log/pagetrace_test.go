package log

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTraceView(t *testing.T) {
	trace := newTrace(exampleID, first(example()), second(example()))
	trace.Spans[0].Children[0].Hole = "GradingService was down."
	trace.Holes = []Hole{{Span: "2222222222222222", Why: "GradingService was down."}, {Why: "All of it."}}
	v := newTraceView(trace, exampleTime())
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%s|%v|%v|%v\n%s\n", v.Name, strings.SplitN(v.Facts, " · ", 2)[1], v.Services, v.Ticks, v.Holes, v.Finding)
	for _, r := range v.Rows {
		fmt.Fprintf(&b, "%d %s, %s %s %s+%s %s", r.Indent, r.Name, r.Service, r.Colour, r.X, r.Width, r.Took)
		for _, said := range []string{r.Status, r.Error, r.Where, r.Hole} {
			if said != "" {
				b.WriteString("; " + said)
			}
		}
		if r.Slowest {
			b.WriteString("; slowest")
		}
		b.WriteByte('\n')
	}
	for _, l := range v.Lines {
		fmt.Fprintf(&b, "%s %s%s\n", l.Level, l.Message, l.Trace)
	}
	want := `POST /api/grading/students/7/grades|12.3 ms in 2 services · 201|[{TeacherPortal k1} {GradingService k2}]|[0 6.2 ms 12.3 ms]|[All of it.]
Most of the time went by in commit of GradingService: 7.0 ms.
0 POST /api/grading/students/7/grades, TeacherPortal k1 0.00+100.00 12.3 ms; 201
1 POST GradingService /students/7/grades, TeacherPortal k1 1.63+6.10 0.75 ms; connection refused; localhost:6001; GradingService was down.
1 POST GradingService /students/7/grades, TeacherPortal k1 8.13+89.43 11.0 ms; 201; localhost:6000
2 POST /students/{student}/grades, GradingService k2 20.33+67.07 8.2 ms; 201
3 commit, GradingService k2 24.39+56.91 7.0 ms; slowest
warn a line of a span that is not here
info POST /students/7/grades
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// What a forger sends is drawn within its bounds.
func TestTraceRowBounds(t *testing.T) {
	whole := Duration(time.Second)
	for _, s := range []Span{
		{At: -Duration(time.Hour), Duration: Duration(time.Minute)},
		{At: whole, Duration: 0},
		{At: Duration(1 << 62), Duration: Duration(1 << 62)},
		{},
	} {
		row := newTraceRow(&s, whole)
		var x, width float64
		fmt.Sscan(row.X, &x)
		fmt.Sscan(row.Width, &width)
		if x < 0 || width < leastBar-0.01 || x+width > 100.01 {
			t.Errorf("%+v is drawn at %s, %s wide", s, row.X, row.Width)
		}
	}
	if row := newTraceRow(&Span{}, 0); row.X != "0.00" || row.Took != "0.00 ms" {
		t.Errorf("a trace of no time is drawn as %+v", row)
	}
}

func TestTracesForBrowsers(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.do(t, "POST", "/log", `[
		{"kind":"span","level":"trace","service":"A<","trace":"t1","span":"1","message":"GET /<b>","attributes":{"duration":"10ms","kind":"server","status":500,"error":"it broke"}},
		{"service":"A<","trace":"t1","span":"1","message":"said"},
		{"service":"B","trace":"t2","message":"only a line"}]`, "Content-Type", "application/json")
	tests := []struct {
		path, want string
		status     int
	}{
		{"/traces/t1", `<bdi class="strong">GET <wbr>/&lt;b&gt;</bdi> <span class="tag">500</span> <span class="tag bad">failed</span>`, 200},
		{"/traces/t1", `<bdi>said</bdi>`, 200},
		{"/traces/t2", `is not recorded`, 200},
		{"/traces/t3", `There is nothing here`, 404},
		{"/traces", `<a href="/traces/t1"><bdi>GET <wbr>/&lt;b&gt;</bdi></a>`, 200},
		{"/traces?error=true", `500 failed`, 200},
		{"/traces?min=1s", `No trace matches`, 200},
		{"/traces?service=A%3C", `<option selected>A&lt;</option>`, 200},
		{"/traces?min=soon", `&#34;soon&#34; is not a duration`, 400},
	}
	for _, test := range tests {
		if resp, body := s.browse(t, test.path); resp.StatusCode != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%s: got %s without %q\n%s", test.path, resp.Status, test.want, body)
		}
	}
}

func TestShortTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.00 ms", 250 * time.Microsecond: "0.25 ms", 18_412 * time.Microsecond: "18.4 ms", 1500 * time.Millisecond: "1.5 s", 3 * time.Minute: "3 min 0 s",
	} {
		if got := shortTime(Duration(d)); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
