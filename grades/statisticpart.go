package grades

import "time"

// classPart is what some of the students of a class add to its statistics: a
// partial result. Those of all its students merge into the whole.
type classPart struct {
	students       int
	scores         []distribution // by assignment: millionths of a point, as entered
	current, final distribution   // hundredths of a percent, as shown
}

// count makes the part of some of the class's enrollments; those that are over
// do not count.
func (c *classState) count(roster []*enrollment, now time.Time) *classPart {
	p := &classPart{scores: make([]distribution, len(c.assignments))}
	room := make([]int64, (len(c.assignments)+2)*len(roster)) // one allocation instead of very many
	for i := range p.scores {
		p.scores[i].others, room = room[:0:len(roster)], room[len(roster):]
	}
	p.current.others, p.final.others = room[:0:len(roster)], room[len(roster):len(roster)]
	calculator := newCalculator(&c.Class, c.assignments)
	for _, e := range roster {
		if e.active() {
			p.add(calculator, calculator.marks(e.row), now)
		}
	}
	return p
}

func (p *classPart) add(calculator *calculator, marks []mark, now time.Time) {
	p.students++
	for i := range marks {
		if marks[i].scored {
			p.scores[i].add(int64(marks[i].score))
		}
	}
	totals := calculator.totals(marks, now)
	if percent := totals.Current.Percent; percent != nil {
		p.current.add(int64(*percent))
	}
	if percent := totals.Final.Percent; percent != nil {
		p.final.add(int64(*percent))
	}
}

func (p *classPart) merge(other *classPart) {
	p.students += other.students
	for i := range p.scores {
		p.scores[i].merge(&other.scores[i])
	}
	p.current.merge(&other.current)
	p.final.merge(&other.final)
}

// bookPart is what students add to the statistics of all classes.
type bookPart struct {
	students               int
	scores, current, final percentPart
}

// forBook is a part of a class as one of all classes: scores are percentages,
// since other classes have other assignments.
func (p *classPart) forBook(c *classState) *bookPart {
	of, n := 0, 0
	for i := range p.scores {
		n += len(p.scores[i].others)
	}
	scores := distribution{others: make([]int64, 0, n)}
	for i, a := range c.assignments {
		if a.Points == 0 {
			continue
		}
		of += p.students
		for _, score := range p.scores[i].others {
			scores.add(int64(toPercent(a.Points).percent(score)))
		}
	}
	return &bookPart{
		students: p.students,
		scores:   newPercentPart(scores, c.Scale, of),
		current:  newPercentPart(p.current, c.Scale, p.students),
		final:    newPercentPart(p.final, c.Scale, p.students),
	}
}

// densePercents is more than most percentages, in hundredths.
const densePercents = 150_00

// newBookPart is one to merge very many into.
func newBookPart() *bookPart {
	p := new(bookPart)
	for _, part := range []*percentPart{&p.scores, &p.current, &p.final} {
		part.percents = *newDense(densePercents)
	}
	return p
}

func (p *bookPart) merge(other *bookPart) {
	p.students += other.students
	p.scores.merge(&other.scores)
	p.current.merge(&other.current)
	p.final.merge(&other.final)
}

// percentPart is percentages and the letters they have.
type percentPart struct {
	percents distribution
	letters  letterCounts
	without  int // how many have no percentage
}

// newPercentPart is a part of so many, of whom some have a percentage.
func newPercentPart(percents distribution, scale []Cutoff, of int) percentPart {
	return percentPart{percents, newLetterCounts(&percents, unscaled(), scale), of - len(percents.others)}
}

func (p *percentPart) merge(other *percentPart) {
	p.percents.merge(&other.percents)
	p.letters.merge(other.letters)
	p.without += other.without
}

func (p *percentPart) statistics() PercentStatistics {
	return newPercentStatistics(&p.percents, unscaled(), p.letters, p.without)
}
