package grades

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Check is something in a class that its teacher should look at.
type Check struct {
	Code       string `json:"code"`
	Severity   string `json:"severity"` // Warning or Note
	Detail     string `json:"detail"`   // what it is and what to do
	Category   string `json:"category,omitempty"`
	Assignment int    `json:"assignment,omitempty"`
	Student    int    `json:"student,omitempty"`
}

// How grave a check is.
const (
	Warning = "warning" // totals are not what they seem to be
	Note    = "note"    // may well be meant
)

// What a check finds.
const (
	WeightsNot100   = "weights"         // the weights do not make 100
	NoWeight        = "noWeight"        // a category with assignments has the weight 0
	UnknownCategory = "unknownCategory" // an assignment's category is not one of the class's
	NothingPossible = "nothingPossible" // there are assignments, but none has points
	BonusVanishes   = "bonusVanishes"   // extra credit has nothing to be added to
	ZeroPoints      = "zeroPoints"      // an assignment of 0 points is extra credit
	HeavyItem       = "heavyItem"       // one assignment is over 40 percent of a total
	NobodyGraded    = "nobodyGraded"    // nobody has a grade in an assignment
	NearCutoff      = "nearCutoff"      // a total is within 0.05 of a cutoff
)

// checks returns what is to be looked at in the class at a time, the warnings
// first. The list is empty, not nil, when all is well.
func (c *classState) checks(now time.Time) []Check {
	k := newChecker(&c.Class, c.assignments)
	k.weights()
	k.categories()
	k.points()
	k.heavy()
	k.students(c.sorted(), now)
	slices.SortStableFunc(k.found, func(a, b Check) int { return cmp.Compare(b.Severity, a.Severity) })
	return k.found
}

// checker looks for what is wrong with a class.
type checker struct {
	class       *Class
	assignments []*Assignment
	pools       []pool // what makes ratios: the categories of a weighted class, or all of a points class
	found       []Check
}

// pool is assignments whose points are put together.
type pool struct {
	name     string
	weight   Score // 0 where nothing of it counts
	items    []int // indexes of assignments
	possible bool  // one of them has points
}

func newChecker(class *Class, assignments []*Assignment) *checker {
	k := &checker{class: class, assignments: assignments, found: []Check{}}
	if class.Weighting == ByPoints {
		k.pools = []pool{{weight: hundredPercent}}
	}
	for _, category := range class.Categories {
		if class.Weighting == Weighted {
			k.pools = append(k.pools, pool{name: category.Name, weight: category.Weight})
		}
	}
	for i, a := range assignments {
		at := slices.IndexFunc(k.pools, func(p pool) bool { return class.Weighting == ByPoints || p.name == a.Category })
		if at >= 0 {
			k.pools[at].items = append(k.pools[at].items, i)
			k.pools[at].possible = k.pools[at].possible || a.Points > 0
		}
	}
	return k
}

// add adds a check; ids has the category, the assignment or the student.
func (k *checker) add(code, severity string, ids Check, format string, args ...any) {
	ids.Code, ids.Severity, ids.Detail = code, severity, fmt.Sprintf(format, args...)
	k.found = append(k.found, ids)
}
