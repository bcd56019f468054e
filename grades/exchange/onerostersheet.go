package exchange

import (
	"fmt"
	"strings"

	"gradebook/grades"
)

// sheets makes a sheet of each class.
func (r *roster) sheets() []*grades.Sheet {
	results := r.groupResults()
	for i := range r.categories {
		if class := r.categories[i].rules().class; class != "" {
			if n, ok := r.ids["classes"][r.hash(class)]; ok && n.number >= 0 {
				c := r.classes[n.number]
				c.ownCategories = append(c.ownCategories, int32(i))
			}
		}
	}
	list := make([]*grades.Sheet, 0, len(r.classes))
	for i, c := range r.classes {
		list = append(list, r.sheet(c, results[i]))
		results[i], c.at = nil, nil
	}
	return list
}

// sheet makes the sheet of a class.
func (r *roster) sheet(c *rosterClass, results []rosterResult) *grades.Sheet {
	s := &grades.Sheet{Title: c.title}
	s.Class = grades.SheetClass{ExternalID: idElsewhere("class", c.id, c.external), Term: c.term, Scale: c.scale, Rules: c.rules, Removed: c.removed}
	r.setCategories(c, &s.Class)
	s.Assignments = r.assignments(c)
	if len(s.Assignments) > maxColumns {
		r.bad.add("lineItems.csv", r.items[c.items[maxColumns]].line, "classSourcedId", "class %.60s has %d line items, over %d; split the class", c.id, len(s.Assignments), maxColumns)
		return s
	}
	row := &grades.SheetRow{Cells: make([]grades.SheetCell, len(s.Assignments))}
	for i := range c.members {
		m := &c.members[i]
		clear(row.Cells)
		for len(results) > 0 && results[0].user == m.user {
			row.Cells[r.items[results[0].item].column] = r.cell(&results[0])
			results = results[1:]
		}
		r.setPerson(row, m)
		s.Add(row)
	}
	return s
}

// setPerson makes row that of a member.
func (r *roster) setPerson(row *grades.SheetRow, m *rosterMember) {
	u := &r.users[m.user]
	switch {
	case u.line > 0:
		row.File, row.Line = "users.csv", u.line
	case m.line > 0:
		row.File, row.Line = "enrollments.csv", int(m.line)
	default:
		row.File, row.Line = "results.csv", int(-m.line)
	}
	row.FirstName, row.LastName, row.Login, row.Email, row.SISID = u.first, u.last, u.login, u.email, u.school
	row.ExternalID, row.Removed = idElsewhere("student", u.id, u.external), m.removed
}

func (r *roster) cell(res *rosterResult) grades.SheetCell {
	statuses := rosterStatuses()
	cell := grades.SheetCell{Kind: res.kind, Score: res.score, Status: statuses[res.status]}
	if res.extra > 0 {
		extra := &r.extras[res.extra-1]
		cell.Comment, cell.Submitted = extra.comment, extra.submitted
	}
	return cell
}

// assignments are the columns of a class.
func (r *roster) assignments(c *rosterClass) []grades.SheetAssignment {
	list := make([]grades.SheetAssignment, 0, len(c.items))
	for _, n := range c.items {
		item := &r.items[n]
		a := grades.SheetAssignment{
			File: "lineItems.csv", Line: item.line, Title: item.title, ExternalID: idElsewhere("assignment", item.id, item.external),
			Points: item.points, HasPoints: item.hasPoints, Due: item.due, Hidden: item.hidden, NeverDrop: item.neverDrop, Removed: item.removed,
		}
		if a.Line == 0 { // one that results refer to
			a.File = "results.csv"
		}
		if item.category >= 0 {
			a.Category = c.categoryByIndex[item.category]
		}
		if item.title != "" {
			a.Title = r.distinct(&c.titles, "lineItems.csv", item.line, item.title, item.id)
		}
		list = append(list, a)
	}
	return list
}

// distinct returns a title that no other of its kind has in a class: with the id
// where it is there already.
func (r *roster) distinct(taken *map[string]bool, file string, line int, title, id string) string {
	if *taken == nil {
		*taken = map[string]bool{}
	}
	if (*taken)[title] {
		longer := fmt.Sprintf("%s (%s)", title, id)
		r.doubts.add(file, line, "title", "%.60q is there twice in a class; this one would be called %.100q", title, longer)
		title = longer
	}
	(*taken)[title] = true
	return title
}

// setCategories finds the categories that a class uses. It is weighted if they
// have weights, unless the file says.
func (r *roster) setCategories(c *rosterClass, class *grades.SheetClass) {
	c.categoryByIndex = map[int32]string{}
	var weighed, unweighed []string
	var total grades.Score
	use := func(n int32) {
		if _, again := c.categoryByIndex[n]; again {
			return
		}
		category := &r.categories[n]
		name := r.distinct(&c.groups, "categories.csv", int(category.line), category.title, category.id)
		c.categoryByIndex[n] = name
		if category.removed {
			return
		}
		rules := category.rules()
		out := grades.Category{Name: name, DropLowest: rules.low, DropHighest: rules.high}
		if rules.weight != nil {
			out.Weight = *rules.weight
			total += out.Weight
			weighed = append(weighed, name)
		} else {
			unweighed = append(unweighed, name)
		}
		class.Categories = append(class.Categories, out)
	}
	for _, n := range c.ownCategories {
		use(n)
	}
	for _, n := range c.items {
		if category := r.items[n].category; category >= 0 {
			use(category)
		}
	}
	switch class.Weighting = c.weighting; {
	case class.Weighting != "" || len(weighed) == 0:
	case total == 0:
		r.doubts.add("categories.csv", 0, "weight", "the weights of class %.60s are all 0; it is not taken as weighted", c.id)
	default:
		class.Weighting = grades.Weighted
		if len(unweighed) > 0 {
			r.doubts.add("categories.csv", 0, "weight", "class %.60s has weights, but none for %.200s, which would count nothing", c.id, strings.Join(unweighed, ", "))
		}
	}
}
