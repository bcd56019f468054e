package grades

// Subtotals are what a student's two totals are made of: what each category of
// the class adds up to, in its order.
type Subtotals struct{ Current, Final Parts }

// Parts are the categories that one total is made of, and all of them together.
type Parts struct {
	Categories []Subtotal
	All        Subtotal // in a weighted class not what the total is
}

// Subtotal is what was earned of what was possible on the items that count.
type Subtotal struct {
	Earned   Amount
	Possible Score
	Percent  *Percent // nil where nothing is possible
}

// Subtotals returns a function that adds up one student of the gradebook after
// another, given one grade for each assignment, nil for a blank. They agree with
// Totals, since they are of the same time. Each result is good until the next.
func (g *Gradebook) Subtotals() func(grades []*Grade) *Subtotals {
	assignments, marks := make([]*Assignment, len(g.Assignments)), make([]mark, len(g.Assignments))
	for i := range g.Assignments {
		assignments[i] = &g.Assignments[i]
	}
	c, out, now := newCalculator(&g.Class, assignments), new(Subtotals), g.at
	return func(grades []*Grade) *Subtotals {
		for i, grade := range grades {
			marks[i] = grade.mark()
		}
		current, final := c.run(marks, now)
		out.Current.set(current, len(g.Class.Categories))
		out.Final.set(final, len(g.Class.Categories))
		return out
	}
}

func (p *Parts) set(t *tally, categories int) {
	p.Categories = p.Categories[:0]
	for i := range categories {
		p.Categories = append(p.Categories, t.parts[i].subtotal())
	}
	all := t.all()
	p.All = all.subtotal()
}

func (s *sum) subtotal() Subtotal {
	_, percent := s.ratio()
	return Subtotal{Earned: s.earned, Possible: s.possible, Percent: percent}
}
