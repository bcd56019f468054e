package portal

import (
	"fmt"

	"gradebook/service/web"
)

// histogram is a small chart of a class's totals, drawn as SVG.
type histogram struct {
	Finding string // what it shows, for those who do not see it
	Bars    []bar
}

type bar struct{ X, Y, Width, Height string }

// The chart is 112 by 28 with its base line at 27; the highest bar is 26.
const (
	histWidth = 112.0
	histBase  = 27.0
	histTop   = 26.0
	histGap   = 1.0
)

// newHistogram draws bins of five per cent from 40 to 100. Nothing in them is
// no chart.
func newHistogram(bins []int) *histogram {
	most, sum := 0, 0
	for i, n := range bins {
		sum += n
		if n > bins[most] {
			most = i
		}
	}
	if sum == 0 {
		return nil
	}
	h := &histogram{Finding: fmt.Sprintf("Current totals of %s, most of them %s", web.Count(sum, "student", "students"), binName(most, len(bins)))}
	step := histWidth / float64(len(bins))
	for i, n := range bins {
		if n == 0 {
			continue
		}
		height := histTop * float64(n) / float64(bins[most])
		h.Bars = append(h.Bars, bar{
			X:      fmt.Sprintf("%.1f", float64(i)*step+histGap/2),
			Y:      fmt.Sprintf("%.1f", histBase-height),
			Width:  fmt.Sprintf("%.1f", step-histGap),
			Height: fmt.Sprintf("%.1f", height),
		})
	}
	return h
}

// binName says which totals are in bin i of n; the ends take what is beyond.
func binName(i, n int) string {
	from := 40 + 5*i
	switch i {
	case 0:
		return "below 45"
	case n - 1:
		return fmt.Sprintf("%d or more", from)
	}
	return fmt.Sprintf("from %d to %d", from, from+5)
}
