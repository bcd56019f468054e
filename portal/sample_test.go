package portal

import (
	"fmt"
	"time"

	"gradebook/grades"
	"gradebook/log"
	"gradebook/registry"
)

// hostile is a name that tries to become markup, to turn the page around and
// to break its width.
const hostile = "<script>alert('x')</script>\u202Eevil\u202C 👩‍🏫 Æ"

// sampleSchool is the first data of the system, in one class, and a class of
// one student with a hostile name.
func sampleSchool() *school {
	s := &school{books: map[int]*grades.Gradebook{}, graph: sampleGraph()}
	class := grades.Class{
		ID: 1, Title: "Sample class", Weighting: grades.ByPoints, Sample: true, Scale: grades.DefaultScale(),
		Categories: []grades.Category{{Name: "Quiz"}, {Name: "Homework"}}, BlankPolicy: grades.Ignore, MissingDeduction: grades.Points(100),
	}
	due := time.Date(2026, 9, 18, 12, 0, 0, 0, time.UTC)
	book := &grades.Gradebook{Class: class, Totals: map[int]grades.Totals{}, Assignments: []grades.Assignment{
		{ID: 1, ClassID: 1, Title: "Quiz 1", Category: "Quiz", Points: grades.Points(100), Due: &due, Posted: true},
		{ID: 2, ClassID: 1, Title: "Week 1 Homework", Category: "Homework", Points: grades.Points(100), Posted: true},
		{ID: 3, ClassID: 1, Title: "Quiz 2", Category: "Quiz", Points: grades.Points(100)},
	}}
	for i, row := range []struct {
		first, last string
		scores      [3]int
		average     grades.Percent
		letter      string
	}{
		{"Averill", "Simen", [3]int{85, 94, 88}, 89_00, "B+"},
		{"Marge", "Garrard", [3]int{100, 100, 88}, 96_00, "A"},
		{"Sydnie", "Barber", [3]int{77, 0, 65}, 47_33, "F"},
		{"Louie", "Easton", [3]int{88, 93, 84}, 88_33, "B+"},
		{"Kylee", "Attwood", [3]int{95, 100, 97}, 97_33, "A"},
	} {
		s.enroll(book, grades.Student{ID: i + 1, FirstName: row.first, LastName: row.last}, row.scores[:], row.average, row.letter)
	}
	s.books[1] = book
	s.classes = append(s.classes, grades.ClassSummary{
		Class: class, Students: 5, Assignments: 3, Graded: 15, Median: ptr(grades.Percent(89_00)),
		Histogram: []int{0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2}, Names: []string{"Averill", "Marge", "Sydnie", "Louie", "Kylee"},
	})
	odd := &grades.Gradebook{Class: grades.Class{ID: 2, Title: hostile, Weighting: grades.Weighted, Categories: []grades.Category{{Name: hostile, Weight: grades.Points(100), DropLowest: 1}}}, Totals: map[int]grades.Totals{}}
	odd.Assignments = []grades.Assignment{{ID: 9, ClassID: 2, Title: hostile, Category: hostile, Points: grades.Points(10), Posted: true}}
	s.enroll(odd, grades.Student{ID: 6, FirstName: hostile, LastName: hostile, Email: hostile, ExternalID: hostile}, nil, 0, "")
	odd.Cells = []grades.Grade{{Student: 6, Assignment: 9, Status: grades.Excused}}
	s.books[2] = odd
	s.classes = append(s.classes, grades.ClassSummary{Class: odd.Class, Students: 1, Assignments: 1, Histogram: make([]int, 12), Names: []string{hostile}})
	s.entries = []log.Entry{
		{Offset: 12, Time: time.Now(), Level: "error", Service: "RegistryService", Message: "GradingService refused a connection, twice"},
		{Offset: 11, Time: time.Now(), Level: "info", Service: hostile, Message: hostile, Trace: "b7c1e04fb7c1e04fb7c1e04fb7c1e04f", Attributes: map[string]any{"b": 2, "a": hostile}},
	}
	return s
}

// enroll adds a student with scores in the book's assignments, in order.
func (s *school) enroll(book *grades.Gradebook, student grades.Student, scores []int, average grades.Percent, letter string) {
	student.Classes = []int{book.Class.ID}
	view := grades.StudentView{Student: student, Grades: []grades.StudentGrade{}}
	for i, points := range scores {
		a := book.Assignments[i]
		book.Cells = append(book.Cells, grades.Grade{Student: student.ID, Assignment: a.ID, Score: ptr(grades.Points(points)), Status: grades.Graded})
		view.Grades = append(view.Grades, grades.StudentGrade{Title: a.Title, Type: a.Category, Score: grades.Points(points), Points: a.Points, Class: a.ClassID, Assignment: a.ID, Status: grades.Graded})
	}
	totals := grades.Totals{}
	if scores != nil {
		both := grades.Total{Percent: &average, Letter: &letter}
		totals, view.Average = grades.Totals{Current: both, Final: both}, &average
	}
	book.Students = append(book.Students, student)
	book.Totals[student.ID] = totals
	view.Totals = []grades.ClassTotals{{Class: book.Class.ID, Title: book.Class.Title, Totals: totals}}
	s.students = append(s.students, view)
}

// sampleGraph is the system with all four services up.
func sampleGraph() registry.Graph {
	g := registry.Graph{Epoch: "e", Revision: 34}
	started := time.Now().Add(-3 * time.Hour)
	for i, name := range []string{gradingService, logService, registry.RegistryService, "TeacherPortal"} {
		g.Nodes = append(g.Nodes, registry.Node{Name: name, State: "up", Reason: name + " is up.", Since: started, Instances: []registry.InstanceStatus{{
			URL: fmt.Sprintf("http://localhost:%d", 3000+i*1000), Health: "up", Since: started, LastHeartbeat: time.Now(), Revision: 34, Started: started,
		}}})
	}
	g.Edges = []registry.Edge{
		{From: gradingService, To: logService, OK: true},
		{From: "TeacherPortal", To: gradingService, Required: true, OK: true},
		{From: "TeacherPortal", To: logService, OK: true},
	}
	g.Changes = []registry.Change{{Time: started, Text: "TeacherPortal is up"}}
	return g
}

// takeDown makes a graph in which grading was killed.
func takeDown(g registry.Graph) registry.Graph {
	since := time.Now().Add(-2 * time.Minute)
	grading, portal := &g.Nodes[0], &g.Nodes[3]
	grading.State, grading.Reason, grading.Since = "down", "GradingService is down: connection refused.", since
	grading.Instances[0].Health, grading.Instances[0].Reason = "down", "connection refused"
	portal.State, portal.Reason = "blocked", "TeacherPortal is blocked: GradingService is down."
	g.Edges[1].OK = false
	g.Changes = append([]registry.Change{{Time: since, Text: "GradingService is down: connection refused"}}, g.Changes...)
	return g
}

// importReport is an import in a state, which is also its id.
func importReport(state string) grades.ImportReport {
	r := grades.ImportReport{ID: state, State: state, File: "<b>.csv", Format: "canvas", Expires: time.Now()}
	switch state {
	case grades.ImportReading:
		r.Progress = &grades.ImportProgress{Bytes: 3 << 20, Of: 12 << 20}
		return r
	case grades.ImportRefused:
		r.Errors = []grades.LineError{{File: "results.csv", Line: 200, Column: "Quiz", Detail: `"8O" is not a number`}}
		return r
	case grades.ImportAsks:
		r.Questions = []grades.Question{
			{Option: "columns", Column: hostile, Detail: "a number in each line", Choices: []string{"id", "assignment"}},
			{Option: "dates", Detail: "3/4/2026 can be read in two ways", Choices: []string{"dmy", "mdy"}},
			{Option: "title", Detail: "is not given"},
		}
		return r
	}
	nine, ten := &grades.CellValue{Score: ptr(grades.Points(9)), Status: grades.Late}, &grades.CellValue{Score: ptr(grades.Points(10))}
	r.Classes = []grades.ImportClass{{
		ID: 1, Title: hostile, Outcome: grades.LineChanged, Details: []string{"the term 2026 is kept"},
		Students: grades.ImportCounts{Created: 1, Unchanged: 30}, Cells: grades.CellCounts{New: 59, Changed: 1, Cleared: 2, Kept: 3},
		Columns: []grades.ImportColumn{{Title: "Quiz 9", Outcome: grades.LineCreated, Details: []string{"taken as 100"}}, {Title: "Quiz 8", Outcome: grades.LineUnchanged}},
	}}
	r.Guesses = []grades.Guess{{What: "separator", Value: "semicolon"}}
	r.Doubts = []grades.Doubt{{Line: 4, Column: "Final exam", Detail: "looks like a total"}}
	r.Rows = []grades.ImportRow{
		{Row: 1, Line: 3, Student: 1, Name: hostile, Outcome: grades.LineChanged, Detail: "3 grades entered", Cells: []grades.ImportCell{
			{Title: hostile, What: grades.CellChanged, From: nine, To: ten}, {Title: "B", What: grades.CellNew, To: ten},
			{Title: "C", What: grades.CellCleared, From: nine}, {Title: "D", What: grades.CellKept, From: ten, To: ten},
		}},
		{Row: 2, Line: 4, Name: "New Student", Outcome: grades.LineCreated},
		{Row: 3, Line: 5, Name: "Old Student", Outcome: grades.LineUnchanged},
	}
	r.Next = "77"
	if state == grades.ImportApplied {
		r.Revision = 7
	}
	return r
}
