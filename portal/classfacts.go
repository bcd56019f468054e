package portal

import (
	"fmt"
	"strings"

	"gradebook/grades"
	"gradebook/service/web"
)

// classFacts says how a class makes its totals.
type classFacts struct {
	Line  string // the size of the class, and its term
	Rules []fact
}

type fact struct{ Label, Text string }

func newClassFacts(book *grades.Gradebook) classFacts {
	c := book.Class
	line := []string{web.Count(len(book.Students), "student", "students"), web.Count(len(book.Assignments), "assignment", "assignments")}
	if c.Term != "" {
		line = append(line, c.Term)
	}
	if c.Archived {
		line = append(line, "archived")
	}
	return classFacts{
		Line: strings.Join(line, " · "),
		Rules: []fact{
			{"Total", weightingText(c)},
			{"Work not graded yet", blankText(c.BlankPolicy)},
			{"Missing work", fmt.Sprintf("loses %s %% of its points", c.MissingDeduction)},
			{"Late work", lateText(c.LatePolicy)},
			{"Letters", scaleText(c.Scale)},
		},
	}
}

// ruleOf says what a category counts, beside its name.
func ruleOf(class grades.Class, c grades.Category) string {
	var rule []string
	if class.Weighting == grades.Weighted {
		rule = append(rule, c.Weight.String()+" %")
	}
	if c.DropLowest > 0 {
		rule = append(rule, fmt.Sprintf("drop lowest %d", c.DropLowest))
	}
	if c.DropHighest > 0 {
		rule = append(rule, fmt.Sprintf("drop highest %d", c.DropHighest))
	}
	return strings.Join(rule, " · ")
}

func weightingText(c grades.Class) string {
	if c.Weighting == grades.ByPoints {
		return "all points together, out of all that were possible"
	}
	return "each category counts by its weight"
}

func blankText(policy string) string {
	switch policy {
	case grades.Zero:
		return "the class goes by Final, where it counts 0"
	case grades.ZeroOnceDue:
		return "counts 0 once its due date has passed"
	}
	return "the class goes by Current, which leaves it out"
}

func lateText(p grades.LatePolicy) string {
	if p.Percent == 0 {
		return "loses nothing"
	}
	return fmt.Sprintf("loses %s %% of the points for every %d hours begun, down to %s %%", p.Percent, p.IntervalHours, p.Floor)
}

func scaleText(scale []grades.Cutoff) string {
	if len(scale) == 0 {
		return "none"
	}
	steps := make([]string, len(scale))
	for i, step := range scale {
		steps[i] = step.Letter + " " + strings.TrimSuffix(step.From.String(), ".00")
	}
	return strings.Join(steps, ", ")
}
