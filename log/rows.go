package log

import "log/slog"

// rows tells which rows of a block match.
type rows struct {
	*scanning
	block    *block
	begin    int    // rows from it on
	end      int    // and before it are asked for
	heads    []bool // whether the entries with a head match so far
	timed    bool   // some are too early or too late
	services []int8 // of each service of the block: 1 is the one that is wanted, -1 is not
}

func (s *scanning) rows(b *block, summary *summary) *rows {
	m := &rows{scanning: s, block: b, timed: summary.first < s.since || summary.last >= s.until}
	for _, h := range b.heads {
		m.heads = append(m.heads, !h.stray() && s.matchesHead(h.kind, slog.Level(h.level)))
	}
	if s.service != "" {
		m.services = make([]int8, b.texts(columnText+fieldService).Different())
	}
	return m
}

// matching yields the rows that match, the newest first.
func (m *rows) matching(yield func(row int) bool) {
	for row := m.end - 1; row >= m.begin; row-- {
		if m.match(row) && !yield(row) {
			return
		}
	}
}

func (m *rows) match(row int) bool {
	if !m.heads[m.block.which[row]] {
		return false
	}
	if m.timed {
		if at := m.block.time(row); at < m.since || at >= m.until {
			return false
		}
	}
	if m.services != nil && !m.matchService(row) {
		return false
	}
	if m.trace != "" && string(m.field(0, fieldTrace, row)) != m.trace {
		return false
	}
	return m.search == nil || m.search.matches(m.field(0, fieldMessage, row), m.field(1, fieldAttributes, row))
}

// field returns a text of a row in one of two buffers.
func (m *rows) field(buffer, field, row int) []byte {
	m.buffers[buffer] = m.block.appendText(m.buffers[buffer][:0], columnText+field, row)
	return m.buffers[buffer]
}

func (m *rows) matchService(row int) bool {
	place := m.block.texts(columnText + fieldService).Place(row)
	if m.services[place] == 0 {
		m.services[place] = -1
		if string(m.field(0, fieldService, row)) == m.service {
			m.services[place] = 1
		}
	}
	return m.services[place] > 0
}
