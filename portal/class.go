package portal

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"gradebook/grades"
	"gradebook/service/web"
)

// classPage is how many students one page of the grid shows.
const classPage = 500

// classView is a class's gradebook, to read.
type classView struct {
	ID      int
	Title   string
	Count   string // of students
	Facts   classFacts
	Groups  []columnGroup
	Columns []column
	Rows    []gridRow
	Paging  paging
}

// columnGroup is a category over its columns.
type columnGroup struct {
	Name   string
	Rule   string // its weight and drops
	Colour string // a class of the stylesheet
	Span   int
}

type column struct {
	Title  string
	Points string
	Due    *time.Time
	Hidden bool // students do not see it yet
	Colour string
	Last   bool // of its group
}

type gridRow struct {
	ID             int
	Name           string
	Current, Final total
	Cells          []gridCell // one for each column
}

type gridCell struct {
	Score  string
	Mark   string // EX, M, L …
	Word   string // what the mark means
	Kind   string // a class of the stylesheet
	Colour string
	Last   bool
}

func (s *Server) showClass(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "class")
	if err != nil {
		return err
	}
	ctx, cancel := within(r, callLimit)
	defer cancel()
	book, err := s.grades.Gradebook(ctx, id)
	if err != nil {
		return err
	}
	return s.render(w, r, page{Template: "class", Title: book.Class.Title, Section: "classes", View: newClassView(book, web.Int(r, "page", 1))})
}

// newClassView lays out page number of a gradebook: columns by category, in
// the class's order.
func newClassView(book *grades.Gradebook, number int) classView {
	columns := byCategory(book)
	v := classView{
		ID:     book.Class.ID,
		Title:  book.Class.Title,
		Count:  web.Count(len(book.Students), "student", "students"),
		Facts:  newClassFacts(book),
		Paging: newPaging(number, len(book.Students), classPage, fmt.Sprintf("/classes/%d", book.Class.ID)),
	}
	at := map[int]int{} // the column of an assignment
	for _, group := range columns {
		v.Groups = append(v.Groups, group.columnGroup)
		for i, a := range group.assignments {
			at[a.ID] = len(v.Columns)
			v.Columns = append(v.Columns, column{
				Title: a.Title, Points: a.Points.String(), Due: a.Due,
				Hidden: !a.Posted, Colour: group.Colour, Last: i == len(group.assignments)-1,
			})
		}
	}
	rows := map[int]int{} // the row of a student
	for i, student := range book.Students[v.Paging.from:v.Paging.to] {
		rows[student.ID] = i
		v.Rows = append(v.Rows, newGridRow(student, book.Totals[student.ID], v.Columns))
	}
	for _, g := range book.Cells {
		row, shown := rows[g.Student]
		col, known := at[g.Assignment]
		if shown && known {
			v.Rows[row].Cells[col].fill(g)
		}
	}
	return v
}

func newGridRow(student grades.Student, totals grades.Totals, columns []column) gridRow {
	row := gridRow{
		ID: student.ID, Name: listName(student),
		Current: newTotal(totals.Current), Final: newTotal(totals.Final),
		Cells: make([]gridCell, len(columns)),
	}
	for i, c := range columns {
		row.Cells[i].Colour, row.Cells[i].Last = c.Colour, c.Last
	}
	return row
}

func (c *gridCell) fill(g grades.Grade) {
	if g.Score != nil {
		c.Score = g.Score.String()
	}
	c.Mark, c.Word, c.Kind = markOf(g.Status)
}

// markOf returns the sign, the word and the style of a status that is not
// simply graded.
func markOf(status string) (mark, word, kind string) {
	switch status {
	case grades.Excused:
		return "EX", "excused", ""
	case grades.Missing:
		return "M", "missing", "missing"
	case grades.Late:
		return "L", "late", "late"
	case grades.Incomplete:
		return "I", "incomplete", ""
	case grades.Unassigned:
		return "N/A", "not assigned", ""
	}
	return "", "", ""
}

// group is a category with its assignments.
type group struct {
	columnGroup
	assignments []grades.Assignment
}

// byCategory groups a class's assignments in the order of its categories;
// those of a category that the class does not have come last.
func byCategory(book *grades.Gradebook) []group {
	var groups []group
	index := map[string]int{}
	for _, c := range book.Class.Categories {
		index[c.Name] = len(groups)
		groups = append(groups, group{columnGroup: columnGroup{Name: c.Name, Rule: ruleOf(book.Class, c)}})
	}
	for _, a := range book.Assignments {
		i, ok := index[a.Category]
		if !ok {
			i = len(groups)
			index[a.Category] = i
			groups = append(groups, group{columnGroup: columnGroup{Name: a.Category}})
		}
		groups[i].assignments = append(groups[i].assignments, a)
	}
	for i := range groups {
		groups[i].Colour, groups[i].Span = colour(i), len(groups[i].assignments)
	}
	return slices.DeleteFunc(groups, func(g group) bool { return g.Span == 0 })
}

// colour is the stylesheet's class for the category at index i.
func colour(i int) string { return fmt.Sprintf("k%d", i%6+1) }
