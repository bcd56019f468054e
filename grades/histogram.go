package grades

// Histogram counts percentages in equal steps.
type Histogram struct {
	From   Percent `json:"from"`   // where the first step begins
	Width  Percent `json:"width"`  // of each
	Counts []int   `json:"counts"` // each step takes its beginning, and the last one its end too
	Below  int     `json:"below"`  // those below the first step
	Above  int     `json:"above"`  // and above the last, where there is extra credit
}

// newHistogram has 20 steps from 0 to 100 percent.
func newHistogram(d *distribution, s scaling) Histogram {
	h := Histogram{Width: 5_00, Counts: make([]int, 20)}
	last := int64(len(h.Counts) - 1)
	for number, n := range d.all() {
		switch step := number * s.by / (s.of * int64(h.Width)); {
		case number < 0:
			h.Below += n
		case step <= last:
			h.Counts[step] += n
		case number*s.by == s.of*int64(h.Width)*int64(len(h.Counts)):
			h.Counts[last] += n
		default:
			h.Above += n
		}
	}
	return h
}
