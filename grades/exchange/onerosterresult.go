package exchange

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gradebook/grades"
)

// rosterResult is a result, small because there may be millions.
type rosterResult struct {
	user, item int32
	line       int32
	extra      int32 // 1 + its place in extras; 0 for none
	score      grades.Score
	kind       grades.CellKind
	status     uint8 // of rosterStatuses
}

// rosterExtra is what few results have.
type rosterExtra struct {
	comment   string
	submitted *time.Time
}

func rosterStatuses() [6]string {
	return [...]string{"", grades.Late, grades.Incomplete, grades.Excused, grades.Missing, grades.Unassigned}
}

func (res *rosterResult) set(kind grades.CellKind, status string) {
	statuses := rosterStatuses()
	res.kind, res.status = kind, uint8(slices.Index(statuses[:], status))
}

// result reads a grade.
func (r *roster) result(t *rosterTable) {
	item, ok := r.itemOf(t)
	if !ok {
		return
	}
	res := rosterResult{item: item, user: r.userOf(t, "studentSourcedId"), line: int32(t.line)}
	if t.removed() {
		res.kind = grades.CellClear
		r.results = append(r.results, res)
		return
	}
	extra := rosterExtra{comment: strings.Clone(t.get("comment"))}
	if at, err := time.Parse(time.RFC3339Nano, t.ours("submitted")); err == nil {
		extra.submitted = &at
	}
	if extra != (rosterExtra{}) {
		r.extras = append(r.extras, extra)
		res.extra = int32(len(r.extras))
	}
	if !t.grade(&res) {
		return
	}
	if res.kind == grades.CellBlank && res.extra > 0 {
		res.kind = grades.CellStatus // which is none; there is the rest
	}
	r.checkRange(t, &res)
	r.results = append(r.results, res)
}

// itemOf returns the line item of a result.
func (r *roster) itemOf(t *rosterTable) (int32, bool) {
	id, class := t.get("lineItemSourcedId"), t.get("classSourcedId")
	if n, ok := t.find("lineItems", id); ok {
		if item := &r.items[n]; class != "" && r.classes[item.class].id != class {
			r.doubts.add(t.name, t.line, "classSourcedId", "is %.60s, and the line item is of class %.60s; the result counts there", class, r.classes[item.class].id)
		}
		return int32(n), true
	}
	if t.removed() && id == "" {
		r.doubts.add(t.name, t.line, "lineItemSourcedId", "is empty, so it cannot be told which grade is to be taken away; nothing is")
		return 0, false
	}
	item := rosterItem{id: strings.Clone(id), category: -1}
	if !r.placeItem(t, &item, class) {
		r.place("lineItems", id, -1)
		return 0, false
	}
	n := r.addItem(item)
	r.place("lineItems", id, int(n))
	return n, true
}

// grade reads what a result is: a score, a status, or nothing yet. It is false
// for a score that is none.
func (t *rosterTable) grade(res *rosterResult) bool {
	text, status := t.get("score"), t.get("scoreStatus")
	score, has := t.score("score", text)
	if text != "" && !has {
		return false
	}
	if score == 0 && t.manifest.version == "1.1" && status != scoreFully && status != scorePartially {
		has = false // 1.1 requires a score where there is none
	}
	switch {
	case status == scoreExempt:
		t.exempt(res, score, has)
	case has:
		t.scored(res, score, status)
	case t.is("missing") || t.ours("status") == grades.Missing:
		res.set(grades.CellStatus, grades.Missing)
	case t.late():
		res.set(grades.CellStatus, grades.Late)
	case t.is("incomplete") || t.ours("status") == grades.Incomplete:
		res.set(grades.CellStatus, grades.Incomplete)
	default:
		res.kind = grades.CellBlank
		t.nothing(status)
	}
	if t.is("inProgress") {
		t.doubts.add(t.name, t.line, "inProgress", "is true, for which the book has no place; it is left out")
	}
	return true
}

func (t *rosterTable) late() bool { return t.is("late") || t.ours("status") == grades.Late }

// exempt is a result that does not count.
func (t *rosterTable) exempt(res *rosterResult, score grades.Score, has bool) {
	if has && score != 0 {
		t.doubts.add(t.name, t.line, "score", "%s is left out, since the result is exempt", score)
	}
	status := grades.Excused
	if t.ours("status") == grades.Unassigned {
		status = grades.Unassigned
	}
	res.set(grades.CellStatus, status)
}

// scored is a result with a score.
func (t *rosterTable) scored(res *rosterResult, score grades.Score, status string) {
	res.score = score
	switch {
	case t.late():
		res.set(grades.CellScore, grades.Late)
	case status == scorePartially || t.is("incomplete") || t.ours("status") == grades.Incomplete:
		res.set(grades.CellScore, grades.Incomplete)
	default:
		res.set(grades.CellScore, "")
	}
	switch {
	case t.is("missing"):
		t.doubts.add(t.name, t.line, "missing", "is true, and there is a score, %s; the score is taken", score)
	case status == scoreSubmitted || status == scoreNotSubmitted:
		t.doubts.add(t.name, t.line, "scoreStatus", "is %q, and there is a score, %s; the score is taken", status, score)
	case status == "" || strings.HasPrefix(status, "ext:"):
		t.doubts.add(t.name, t.line, "scoreStatus", "is %.40q, of which nothing is known; the score is taken, %s", status, score)
	}
}

// nothing is a result that has neither a score nor a status of ours.
func (t *rosterTable) nothing(status string) {
	switch {
	case status == scoreNotSubmitted && t.ours("status") == "":
		t.others.notSubmitted++
	case status == scoreFully || status == scorePartially:
		t.doubts.add(t.name, t.line, "score", "is empty, and the result is %s; it is taken as nothing entered", status)
	}
}

// checkRange compares a score with what is possible. It is never cut down: more
// is extra credit.
func (r *roster) checkRange(t *rosterTable, res *rosterResult) {
	item := &r.items[res.item]
	switch {
	case res.kind != grades.CellScore:
	case item.hasPoints && res.score > item.points:
		r.doubts.add(t.name, t.line, "score", "%s is over the %s possible; it counts in full, as extra credit", res.score, item.points)
	case res.score < item.low:
		r.doubts.add(t.name, t.line, "score", "%s is below the lowest result possible, %s; it is taken as it is", res.score, item.low)
	}
}

// groupResults returns the results of each class by person and column, and
// refuses a second one of the same. One of somebody who is not in the class is
// left out, unless the files do not say who is.
func (r *roster) groupResults() [][]rosterResult {
	groups := make([][]rosterResult, len(r.classes))
	counts := make([]int, len(r.classes))
	for i := range r.results {
		counts[r.items[r.results[i].item].class]++
	}
	for class, n := range counts {
		groups[class] = make([]rosterResult, 0, n)
	}
	for _, res := range r.results {
		class := r.items[res.item].class
		if r.belongs(r.classes[class], &res) {
			groups[class] = append(groups[class], res)
		}
	}
	r.results = nil
	for class, list := range groups {
		c := r.classes[class]
		slices.SortFunc(list, func(a, b rosterResult) int {
			return cmp.Or(cmp.Compare(c.at[a.user], c.at[b.user]), cmp.Compare(r.items[a.item].column, r.items[b.item].column), cmp.Compare(a.line, b.line))
		})
		for i := 1; i < len(list); i++ {
			if a, b := &list[i-1], &list[i]; a.user == b.user && a.item == b.item {
				r.bad.add("results.csv", int(b.line), "studentSourcedId", "%.60s has a result for line item %.60s in line %d too; delete one of them", r.users[b.user].id, r.items[b.item].id, a.line)
			}
		}
	}
	return groups
}

// belongs reports whether the person of a result is in the class. In a delta, or
// without enrollments.csv, the result itself says so.
func (r *roster) belongs(c *rosterClass, res *rosterResult) bool {
	if _, ok := c.at[res.user]; ok {
		return true
	}
	if r.manifest.modes["enrollments"] == rosterBulk {
		r.doubts.add("results.csv", int(res.line), "studentSourcedId", "%.60s is not enrolled in class %.60s; the result is left out: enroll the student in enrollments.csv to keep it", r.users[res.user].id, c.id)
		return false
	}
	c.enroll(rosterMember{user: res.user})
	c.members[len(c.members)-1].line = -res.line
	return true
}
