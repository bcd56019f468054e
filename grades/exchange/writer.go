package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"gradebook/grades"
)

// canvas is the CSV that Canvas exports and imports.
type canvas struct{}

// ContentType is CSV in UTF-8.
func (canvas) ContentType() string { return "text/csv; charset=utf-8" }

// Extension is that of CSV.
func (canvas) Extension() string { return "csv" }

// Write writes a file that Canvas imports, with the class's title for the
// section. An id stands in it only where the student or assignment came with
// one: an id of ours could be that of someone else there.
func (canvas) Write(w io.Writer, books []*grades.Gradebook) error {
	g := books[0]
	cells := g.Cells
	out := newTable(w, g.Students)
	out.assignments(g.Assignments, "Current Score", "Final Score", "Current Grade", "Final Grade")
	for _, s := range g.Students {
		row := out.student(s, g.Class.Title)
		for _, a := range g.Assignments {
			text := ""
			if len(cells) > 0 && cells[0].Student == s.ID && cells[0].Assignment == a.ID {
				text, cells = scoreCell(cells[0]), cells[1:]
			}
			row = append(row, text)
		}
		t := g.Totals[s.ID]
		out.write(append(row, percent(t.Current), percent(t.Final), letter(t.Current), letter(t.Final)))
	}
	if len(cells) > 0 { // better no file than one with a grade missing
		return fmt.Errorf("export class %d: the grade of student %d in assignment %d is out of order", g.Class.ID, cells[0].Student, cells[0].Assignment)
	}
	return out.flush()
}

// table writes the rows of a Canvas file.
type table struct {
	csv *csv.Writer
	// twoColumns is for last names with a comma, which "Last, First" cannot
	// hold: the names are then in LastName and FirstName, as Canvas has it too.
	twoColumns bool
}

func newTable(w io.Writer, students []grades.Student) *table {
	return &table{
		csv:        csv.NewWriter(w),
		twoColumns: slices.ContainsFunc(students, func(s grades.Student) bool { return strings.Contains(s.LastName, ",") }),
	}
}

// write adds a row. An error comes from flush.
func (t *table) write(row []string) { t.csv.Write(row) }

func (t *table) flush() error {
	t.csv.Flush()
	return t.csv.Error()
}

// assignments writes the header and the row of the points possible, with totals
// that are marked (read only).
func (t *table) assignments(list []grades.Assignment, totals ...string) {
	titles, points := []string{"Student"}, []string{"    Points Possible"}
	if t.twoColumns {
		titles, points = []string{"LastName", "FirstName"}, append(points, "")
	}
	titles = append(titles, "ID", "SIS User ID", "SIS Login ID", "Section")
	points = append(points, "", "", "", "")
	used := map[string]bool{}
	for _, a := range list {
		id := a.ExternalID
		if used[id] {
			id = ""
		}
		used[id] = true
		titles = append(titles, guard(joinTitle(a.Title, id)))
		points = append(points, decimals(a.Points))
	}
	for _, total := range totals {
		titles = append(titles, total)
		points = append(points, "(read only)")
	}
	t.write(titles)
	t.write(points)
}

// student begins a student's row.
func (t *table) student(s grades.Student, section string) []string {
	row := []string{guard(joinName(s.FirstName, s.LastName))}
	if t.twoColumns {
		row = []string{guard(s.LastName), guard(s.FirstName)}
	}
	return append(row, guard(s.ExternalID), guard(s.SISID), guard(s.Login), guard(section))
}

// scoreCell writes a cell. One without a score is blank, for Canvas has no mark
// for a status but these two.
func scoreCell(g grades.Grade) string {
	switch {
	case g.Status == grades.Excused:
		return "EX"
	case g.Status == grades.Unassigned:
		return "N/A"
	case g.Score != nil:
		return decimals(*g.Score)
	}
	return ""
}

func percent(t grades.Total) string {
	if t.Percent == nil {
		return ""
	}
	return t.Percent.String()
}

func letter(t grades.Total) string {
	if t.Letter == nil {
		return ""
	}
	return guard(*t.Letter)
}
