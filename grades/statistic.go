package grades

import (
	"runtime"
	"slices"
	"time"
)

// ClassStatistics says how the students of a class did, at one revision of it.
type ClassStatistics struct {
	Students    int                    `json:"students"`
	Assignments []AssignmentStatistics `json:"assignments"` // in the order they were made
	Current     PercentStatistics      `json:"current"`     // of the current totals
	Final       PercentStatistics      `json:"final"`       // of the final totals
	Revision    uint64                 `json:"revision"`    // of the class
}

// AssignmentStatistics says how the students did in one assignment: all scores
// as they were entered, whatever becomes of them in a total.
type AssignmentStatistics struct {
	ID       int                `json:"id"`
	Title    string             `json:"title"`
	Category string             `json:"category"`
	Points   Score              `json:"points"` // that are possible
	Scores   Spread[Score]      `json:"scores"`
	Percents *PercentStatistics `json:"percents"` // the scores as percentages of the points; nil where those are 0
}

// PercentStatistics says how percentages are spread, and the letters they have.
type PercentStatistics struct {
	Spread[Percent]
	Histogram Histogram     `json:"histogram"`
	Letters   []LetterCount `json:"letters"` // from high to low
	Without   int           `json:"without"` // how many students have none
}

func newPercentStatistics(d *distribution, s scaling, letters letterCounts, without int) PercentStatistics {
	return PercentStatistics{newSpread[Percent](d, s), newHistogram(d, s), letters.list(), without}
}

// partSize is how many students are counted together: some milliseconds' work.
const partSize = 1024

// statistics are those of the class at a time. They do not depend on how many
// processors there are.
func (c *classState) statistics(now time.Time) *ClassStatistics {
	rosters := slices.Collect(slices.Chunk(c.roster, partSize))
	parts := make([]*classPart, len(rosters))
	inParallel(runtime.GOMAXPROCS(0), len(parts), func(i int) { parts[i] = c.count(rosters[i], now) })
	whole := c.count(nil, now)
	for _, part := range parts {
		whole.merge(part)
	}
	return whole.statistics(c)
}

func (p *classPart) statistics(c *classState) *ClassStatistics {
	total := func(d *distribution) PercentStatistics {
		return newPercentStatistics(d, unscaled(), newLetterCounts(d, unscaled(), c.Scale), p.students-len(d.others))
	}
	out := &ClassStatistics{
		Students: p.students, Assignments: []AssignmentStatistics{},
		Current: total(&p.current), Final: total(&p.final), Revision: c.Revision,
	}
	for i, a := range c.assignments {
		d := &p.scores[i]
		one := AssignmentStatistics{ID: a.ID, Title: a.Title, Category: a.Category, Points: a.Points, Scores: newSpread[Score](d, unscaled())}
		if a.Points > 0 {
			s := toPercent(a.Points)
			one.Percents = new(newPercentStatistics(d, s, newLetterCounts(d, s, c.Scale), p.students-len(d.others)))
		}
		out.Assignments = append(out.Assignments, one)
	}
	return out
}
