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
	series map[string]*Series // by name
	total  int
}

func newTally(c counting) *tally { return &tally{counting: c, series: map[string]*Series{}} }

// find returns the series of a name. So many names have a series of their own: those that come
// first.
func (t *tally) find(name string) *Series {
	s := t.series[name]
	if s == nil {
		if len(t.series) >= maxSeries-1 {
			name = otherSeries
		}
		if s = t.series[name]; s == nil {
			s = newSeries(t.by, name, t.steps())
			t.series[name] = s
		}
	}
	return s
}

// of returns the series of an entry.
func (t *tally) of(level slog.Level, service, instance []byte) *Series {
	text := service
	switch t.by {
	case "":
		return t.find("")
	case countLevel:
		return t.find(wholeLevel(level))
	case countInstance:
		text = instance
	}
	if s := t.series[string(text)]; s != nil { // which copies nothing
		return s
	}
	return t.find(string(text))
}

// wholeLevel is the level of a series: one of five.
func wholeLevel(l slog.Level) string {
	if l < slog.LevelDebug {
		return "trace"
	}
	return levelLabel(l)
}

// add counts n entries at a time in the window.
func (t *tally) add(s *Series, at int64, n int) {
	s.Counts[t.place(at)] += n
	s.Total += n
	t.total += n
}

// addChunk counts the matches of a chunk, reading as little of it as need be.
func (t *tally) addChunk(s *scanning, chunk *commitlog.Chunk) error {
	switch summary, ok := s.summary(chunk); {
	case ok && t.addWhole(chunk, &summary):
		return nil
	case inColumns(chunk):
		return t.addBlock(s, chunk)
	}
	return s.each(chunk, func(_ commitlog.Record, r *fields) {
		t.add(t.of(slog.Level(r.level), r.texts[fieldService], r.texts[fieldInstance]), r.time, 1)
	})
}

// addWhole counts the entries of a chunk by its summary, if that says enough.
func (t *tally) addWhole(chunk *commitlog.Chunk, s *summary) bool {
	if t.by == countInstance || t.text != "" || t.trace != "" || chunk.First <= t.after || chunk.Next > t.before ||
		!s.counted() || s.stray() || s.first < t.since || s.last >= t.until || t.place(s.first) != t.place(s.last) {
		return false
	}
	for share := range s.shares() {
		if level := slog.Level(share.level); t.matchesHead(share.kind, level) && (t.service == "" || t.service == string(share.service)) {
			t.add(t.of(level, share.service, nil), s.first, share.count)
		}
	}
	return true
}

// addBlock counts the matches of a block by the columns that it takes.
func (t *tally) addBlock(s *scanning, chunk *commitlog.Chunk) error {
	rows, err := s.open(chunk)
	if rows == nil {
		return err
	}
	b := rows.block
	place, places := t.column(b)
	series := make([]*Series, places)
	for row := range rows.matching {
		at := place(row)
		if series[at] == nil {
			series[at] = t.of(slog.Level(b.head(row).level), rows.field(0, fieldService, row), rows.field(1, fieldInstance, row))
		}
		t.add(series[at], b.time(row), 1)
	}
	return b.err
}

// column returns places of the rows of a block: rows of the same place are of the same series.
func (t *tally) column(b *block) (place func(row int) int, places int) {
	field := fieldService
	switch t.by {
	case "":
		return func(int) int { return 0 }, 1
	case countLevel:
		return func(row int) int { return int(b.which[row]) }, len(b.heads)
	case countInstance:
		field = fieldInstance
	}
	texts := b.texts(columnText + field)
	return texts.Place, texts.Different()
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
