package grades

import (
	"cmp"
	"slices"
)

// LetterCount is how many have a letter.
type LetterCount struct {
	Letter *string `json:"letter"` // nil below a scale's lowest cutoff
	N      int     `json:"n"`
}

// letterCounts counts letters. Those of classes whose scales differ merge too:
// a letter goes by its name.
type letterCounts []letterCount

type letterCount struct {
	letter string
	from   Percent // the highest cutoff it has in any scale
	n      int
}

// belowScale is the from of what has no letter, which is below every cutoff.
const belowScale Percent = -1

// newLetterCounts counts how many of a distribution's numbers, scaled, have each
// letter of a scale; nothing when it has none.
func newLetterCounts(d *distribution, s scaling, scale []Cutoff) (t letterCounts) {
	if len(scale) == 0 {
		return nil
	}
	counts, below := make([]int, len(scale)), 0
	for number, n := range d.all() {
		percent := max(s.percent(number), 0)
		if i := slices.IndexFunc(scale, func(c Cutoff) bool { return percent >= c.From }); i >= 0 {
			counts[i] += n
		} else {
			below += n
		}
	}
	t = make(letterCounts, 0, len(scale)+1)
	for i, c := range scale {
		t.add(letterCount{c.Letter, c.From, counts[i]})
	}
	if below > 0 {
		t.add(letterCount{"", belowScale, below})
	}
	return t
}

func (t *letterCounts) add(c letterCount) {
	for i := range *t {
		if have := &(*t)[i]; have.letter == c.letter {
			have.n += c.n
			have.from = max(have.from, c.from)
			return
		}
	}
	*t = append(*t, c)
}

func (t *letterCounts) merge(other letterCounts) {
	for _, c := range other {
		t.add(c)
	}
}

// list is the counts by letter, from high to low.
func (t letterCounts) list() []LetterCount {
	slices.SortFunc(t, func(a, b letterCount) int {
		return cmp.Or(cmp.Compare(b.from, a.from), cmp.Compare(a.letter, b.letter))
	})
	list := []LetterCount{}
	for _, c := range t {
		count := LetterCount{N: c.n}
		if c.from != belowScale {
			count.Letter = new(c.letter)
		}
		list = append(list, count)
	}
	return list
}
