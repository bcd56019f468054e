package grades

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// grid is cells by "student/assignment"; one that is not there is empty.
type grid map[string]content

type content struct {
	score    string
	revision uint64
}

func (g grid) String() string {
	var list []string
	for _, cell := range slices.Sorted(maps.Keys(g)) {
		list = append(list, fmt.Sprintf("%s=%s@%d", cell, g[cell].score, g[cell].revision))
	}
	return strings.Join(list, " ")
}

func (g grid) part(of func(cell string) bool) grid {
	part := maps.Clone(g)
	maps.DeleteFunc(part, func(cell string, _ content) bool { return !of(cell) })
	return part
}

// scores are in hundredths of the 100 points that all assignments have.
func (g grid) scores() (list []int) {
	for _, c := range g {
		score, err := strconv.Atoi(c.score)
		if err != nil {
			panic(err)
		}
		list = append(list, 100*score)
	}
	return list
}

// averages are those of the students with cells, in hundredths.
func (g grid) averages() map[string]int {
	averages := map[string]int{}
	for cell := range g {
		student, _, _ := strings.Cut(cell, "/")
		row := g.part(func(cell string) bool { return strings.HasPrefix(cell, student+"/") })
		averages[student] = roundedMean(row.scores())
	}
	return averages
}

func shownAverages(averages map[string]int) (text string) {
	for _, student := range slices.Sorted(maps.Keys(averages)) {
		text += fmt.Sprintf(", %s: %s", student, hundredths(averages[student]))
	}
	return text
}

func roundedMean(list []int) int {
	sum := 0
	for _, n := range list {
		sum += n
	}
	return (2*sum + len(list)) / (2 * len(list))
}

func hundredths(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

func mean(list []int) string {
	if len(list) == 0 {
		return "null"
	}
	return hundredths(roundedMean(list))
}

func median(list []int) string {
	slices.Sort(list)
	if n := len(list); n > 0 {
		list = list[(n-1)/2 : n/2+1]
	}
	return mean(list)
}
