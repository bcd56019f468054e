package log

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"gradebook/service/web"
)

// countLimit is how long a page waits for its chart.
const countLimit = 2 * time.Second

// The chart stands on a line 64 below its top; the times are below that. Across it is in per cent.
const (
	chartBase = 64.0
	chartTop  = 58.0 // height of the highest bar
	barGap    = 0.2  // of a step
	leastBad  = 2.0  // height of errors, however few, to be seen
)

// chart is how many lines there were in each step of a window, errors apart.
type chart struct {
	Found   string // in one sentence
	Finding string // what it shows, for those who do not see it
	Caption string
	Bars    []bar
	Ticks   []label
}

// bar is one step: lines, and errors on top of them.
type bar struct {
	Title, Link     string
	X, Width        string // in per cent
	Y, Height       string
	BadY, BadHeight string // "" without errors
}

// label is a text beside a drawing.
type label struct{ X, Anchor, Text string }

// countLines counts what f finds, for a chart; nil if that takes too long.
func (s *Server) countLines(ctx context.Context, f filter, values url.Values, now time.Time) (*chart, error) {
	window := chartWindow(&f, now)
	counts, err := s.countFor(ctx, newCounting(f, "level", window, niceStep(window)))
	if err != nil || counts.Step == 0 {
		return nil, err
	}
	c := newChart(counts, values, now)
	c.Found += inWindow(values, window)
	return c, nil
}

// countFor counts for a page, which does without that if it takes too long.
func (s *Server) countFor(ctx context.Context, c counting) (Counts, error) {
	ctx, cancel := context.WithTimeout(ctx, countLimit)
	defer cancel()
	counts, err := s.journal.count(ctx, c)
	if errors.Is(err, context.DeadlineExceeded) {
		return Counts{}, nil
	}
	return counts, err
}

// chartWindow ends f now unless it says when, and returns how long before that it begins: half an
// hour, unless it says so. Which page is shown makes no difference.
func chartWindow(f *filter, now time.Time) time.Duration {
	f.before, f.after = newFilter().before, 0
	f.until = min(f.until, now.UnixNano()+1)
	if f.since == newFilter().since {
		return defaultWindow
	}
	window := time.Unix(0, f.until).Sub(time.Unix(0, f.since)) // at most what a Duration holds
	return min(max(window, time.Second), maxWindow)
}

// inWindow says which time was counted.
func inWindow(values url.Values, window time.Duration) string {
	if values.Get("until") != "" {
		return " in this time"
	}
	return " in the last " + period(window)
}

func newChart(counts Counts, values url.Values, now time.Time) *chart {
	steps, step := int(counts.Until.Sub(counts.Since)/time.Duration(counts.Step)), time.Duration(counts.Step)
	all, bad := make([]int, steps), make([]int, steps)
	errors, most := 0, 0
	for _, series := range counts.Series {
		for i, n := range series.Counts {
			if all[i] += n; series.Level == "error" {
				bad[i] += n
			}
		}
	}
	for i := range all {
		errors += bad[i]
		if all[i] > all[most] {
			most = i
		}
	}
	at := func(i int) time.Time { return counts.Since.Add(time.Duration(i) * step) }
	c := &chart{
		Found:   linesAndErrors(counts.Total, errors),
		Caption: fmt.Sprintf("Lines every %s, at most %s.", period(step), web.Thousands(all[most])),
	}
	if errors > 0 {
		c.Caption += " Errors are red, on top."
	}
	c.Finding = c.Found + "."
	if counts.Total > 0 {
		c.Finding += fmt.Sprintf(" Most of them, %s, at %s.", web.Thousands(all[most]), stepClock(at(most), step, now))
	}
	for i, n := range all {
		if n > 0 {
			b := newBar(float64(i)/float64(steps), 1/float64(steps), n, bad[i], all[most])
			b.Title = stepClock(at(i), step, now) + ": " + linesAndErrors(n, bad[i])
			b.Link = address(values, "since", at(i).Format(time.RFC3339), "until", at(i+1).Format(time.RFC3339), "before", "", "after", "")
			c.Bars = append(c.Bars, b)
		}
	}
	c.Ticks = []label{
		{"0", "start", stepClock(at(0), step, now)},
		{"50%", "middle", stepClock(at(steps/2), step, now)},
		{"100%", "end", stepClock(at(steps), step, now)},
	}
	return c
}

// newBar draws n lines, bad of them errors, at x and so wide, where most is the most of all steps.
func newBar(x, width float64, n, bad, most int) bar {
	high := chartTop * float64(n) / float64(most)
	red := chartTop * float64(bad) / float64(most)
	if bad > 0 {
		red = max(red, leastBad)
		high = max(high, red)
	}
	b := bar{
		X: fmt.Sprintf("%.2f", 100*(x+width*barGap/2)), Width: fmt.Sprintf("%.2f", 100*width*(1-barGap)),
		Y: fmt.Sprintf("%.1f", chartBase-high+red), Height: fmt.Sprintf("%.1f", high-red),
	}
	if bad > 0 {
		b.BadY, b.BadHeight = fmt.Sprintf("%.1f", chartBase-high), fmt.Sprintf("%.1f", red)
	}
	return b
}

// linesAndErrors says how many there are.
func linesAndErrors(n, bad int) string {
	text := "No line"
	if n > 0 {
		text = web.Count(n, "line", "lines")
	}
	if bad > 0 {
		text += ", " + web.Count(bad, "error", "errors")
	}
	return text
}

// stepClock is when a step begins, as exactly as its length asks for.
func stepClock(at time.Time, step time.Duration, now time.Time) string {
	switch {
	case step < time.Minute:
		return web.Clock(at, now, time.TimeOnly)
	case step < 24*time.Hour:
		return web.Clock(at, now, "15:04")
	}
	return at.UTC().Format("2 Jan") // those steps are days of UTC
}

// period is a round time in words: "second", "30 seconds", "5 minutes", "hour".
func period(d time.Duration) string {
	unit, name := 24*time.Hour, "day"
	switch d = d.Round(time.Second); {
	case d < 2*time.Minute && d != time.Minute:
		unit, name = time.Second, "second"
	case d < 2*time.Hour && d != time.Hour:
		unit, name = time.Minute, "minute"
	case d <= 48*time.Hour:
		unit, name = time.Hour, "hour"
	}
	if n := int(d.Round(unit) / unit); n != 1 {
		return fmt.Sprintf("%d %ss", n, name)
	}
	return name
}
