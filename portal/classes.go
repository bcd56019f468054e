package portal

import (
	"net/http"
	"time"

	"gradebook/grades"
	"gradebook/service/web"
)

// classesView is the list of classes.
type classesView struct {
	Today   string
	Classes []classRow
}

type classRow struct {
	ID        int
	Title     string
	Term      string
	Names     []listedName // the few students of a small class
	Students  string
	Columns   string
	Histogram *histogram
	Median    string
	ToEnter   string // "" when every cell has a grade
	Complete  bool
	Sample    bool
}

// listedName is one of several names. Each is set apart from the others, because
// a name may be written from right to left.
type listedName struct{ Before, Name string }

func listNames(names []string) []listedName {
	var listed []listedName
	for i, name := range names {
		before := ", "
		switch i {
		case 0:
			before = ""
		case len(names) - 1:
			before = " and "
		}
		listed = append(listed, listedName{before, name})
	}
	return listed
}

func (s *Server) listClasses(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := within(r, callLimit)
	defer cancel()
	classes, err := s.grades.Classes(ctx)
	if err != nil {
		return err
	}
	return s.render(w, r, page{Template: "classes", Title: "Classes", Section: "classes", View: newClassesView(classes, s.now())})
}

func newClassesView(classes []grades.ClassSummary, now time.Time) classesView {
	v := classesView{Today: now.Local().Format("Monday 2 January 2006")}
	for _, c := range classes {
		if !c.Archived {
			v.Classes = append(v.Classes, newClassRow(c))
		}
	}
	return v
}

func newClassRow(c grades.ClassSummary) classRow {
	row := classRow{
		ID: c.ID, Title: c.Title, Term: c.Term, Sample: c.Sample,
		Names:     listNames(c.Names),
		Students:  web.Count(c.Students, "student", "students"),
		Columns:   web.Count(c.Assignments, "assignment", "assignments"),
		Histogram: newHistogram(c.Histogram),
		Median:    percentText(c.Median),
	}
	cells := c.Students * c.Assignments
	row.Complete = cells > 0 && c.Graded >= cells
	if left := cells - c.Graded; left > 0 {
		row.ToEnter = web.Thousands(left) + " to enter"
	}
	return row
}
