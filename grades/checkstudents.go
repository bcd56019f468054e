package grades

import (
	"time"
)

// near is how far from a cutoff a total is looked at, in hundredths of a
// percent.
const near = 5

// students looks at what the students have.
func (k *checker) students(roster []*enrollment, now time.Time) {
	calculator := newCalculator(k.class, k.assignments)
	seen := make([]struct{ counted, blank int }, len(k.assignments))
	for _, e := range roster {
		totals := calculator.totals(calculator.marks(e.row), now)
		for i := range k.assignments {
			switch calculator.earned[i].standing {
			case counts:
				seen[i].counted++
			case ungraded:
				seen[i].blank++
			}
		}
		k.lostBonus(&e.student.Student, calculator)
		k.nearCutoffs(&e.student.Student, totals)
	}
	if len(roster) == 0 {
		return
	}
	for i, a := range k.assignments {
		if seen[i].counted == 0 {
			k.nobodyGraded(a, seen[i].blank, now)
		}
	}
}

func (k *checker) nobodyGraded(a *Assignment, blank int, now time.Time) {
	ids := Check{Category: a.Category, Assignment: a.ID}
	switch due := a.Due != nil && a.Due.Before(now); {
	case blank == 0:
		k.add(NobodyGraded, Note, ids, "%q counts for nobody, because everybody is excused from it or was not given it; remove it if it is not used", a.Title)
	case due:
		k.add(NobodyGraded, Warning, ids, "%q was due on %s and nobody has a grade in it; enter the grades, or remove it if it is not used", a.Title, a.Due.Format(time.DateOnly))
	default:
		k.add(NobodyGraded, Note, ids, "%q has nobody's grade yet; enter the grades when there are any, or remove it if it is not used", a.Title)
	}
}

// lostBonus looks for extra credit of a student who was excused from all that it
// could be added to. The calculator has just run for the student.
func (k *checker) lostBonus(student *Student, calculator *calculator) {
	for _, p := range k.pools {
		if !p.possible || p.weight == 0 {
			continue // for nobody is there anything to add it to
		}
		bonus, possible := -1, false
		for _, i := range p.items {
			switch earned := calculator.earned[i]; {
			case earned.standing == apart:
			case k.assignments[i].Points > 0:
				possible = true
			case earned.Amount != (Amount{}):
				bonus = i
			}
		}
		if bonus >= 0 && !possible {
			a := k.assignments[bonus]
			k.add(BonusVanishes, Warning, Check{Category: a.Category, Assignment: a.ID, Student: student.ID},
				"the extra credit of %s in %q vanishes, because %[1]s is excused from all that it could be added to; grade one of those, or tell the student", student.Name(), a.Title)
		}
	}
}

// nearCutoffs looks for totals that are next to a letter's cutoff.
func (k *checker) nearCutoffs(student *Student, totals Totals) {
	if same(totals.Current.Percent, totals.Final.Percent) {
		k.nearCutoff(student, "current and final totals", totals.Current.Percent)
		return
	}
	k.nearCutoff(student, "a current total", totals.Current.Percent)
	k.nearCutoff(student, "a final total", totals.Final.Percent)
}

func (k *checker) nearCutoff(student *Student, what string, percent *Percent) {
	if percent == nil {
		return
	}
	for _, cutoff := range k.class.Scale {
		off := *percent - cutoff.From
		if cutoff.From <= 0 || off < -near || off > near {
			continue
		}
		where := "just at"
		if off < 0 {
			where = (-off).String() + " below"
		} else if off > 0 {
			where = off.String() + " above"
		}
		k.add(NearCutoff, Note, Check{Student: student.ID}, "%s has %s of %s, %s the cutoff of %s; see that every grade is right before the letter is given",
			student.Name(), what, percent, where, cutoff.Letter)
	}
}
