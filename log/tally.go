package log

import (
	"cmp"
	"log/slog"
	"slices"
	"time"

	"gradebook/log/commitlog"
)

// tally collects what a count finds.
type tally struct {
	counting
	grouping
	series map[string]*Series
	total  int
}

// add counts n entries at a time in the window. So many names have a series of their own: those
// that come first.
func (t *tally) add(name string, at int64, n int) {
	s := t.series[name]
	if s == nil {
		if len(t.series) >= maxSeries-1 {
			name = "(other)"
		}
		if s = t.series[name]; s == nil {
			s = newSeries(t.by, name, t.steps())
			t.series[name] = s
		}
	}
	s.Counts[t.place(at)] += n
	s.Total += n
	t.total += n
}

// addWhole counts the entries of a block by its summary, if that says enough.
func (t *tally) addWhole(chunk *commitlog.Chunk) bool {
	if chunk.Summary == nil || t.by == "instance" || t.text != "" || t.trace != "" || t.after > 0 || chunk.Next > t.before {
		return false
	}
	s := parseSummary(chunk.Summary)
	if !s.counted() || s.stray() || s.first < t.since || s.last >= t.until || t.place(s.first) != t.place(s.last) {
		return false
	}
	for share := range s.shares() {
		r := record{service: string(share.service), level: slog.Level(share.level)}
		if t.matchesHead(share.kind, r.level) && (t.service == "" || t.service == r.service) {
			t.add(t.name(&r), s.first, share.count)
		}
	}
	return true
}

// place returns the step that a time is in.
func (c *counting) place(at int64) int { return int((at - c.since) / int64(c.step)) }

func (t *tally) counts() Counts {
	c := Counts{
		Since: time.Unix(0, t.since).UTC(), Until: time.Unix(0, t.until).UTC(),
		Step: Duration(t.step), Series: []Series{}, Total: t.total,
	}
	for _, s := range t.series {
		c.Series = append(c.Series, *s)
	}
	slices.SortFunc(c.Series, func(a, b Series) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Name(), b.Name()))
	})
	return c
}
