package portal

import (
	"net/http"
	"strconv"

	"gradebook/grades"
	"gradebook/service/web"
)

// studentView is one student: the totals and grades of each class, and a form
// for one more grade.
type studentView struct {
	ID      int
	Name    string
	Numbers string // the ids that other systems know the student by
	Email   string
	Average string // over several classes; "" in one
	Reports []classReport
	Saved   *savedGrade
	Form    gradeForm
}

// classReport is how a student stands in one class.
type classReport struct {
	classLink
	Current, Final total
	Categories     []categoryReport
}

type categoryReport struct {
	Name, Rule, Colour string
	Grades             []gradeLine
}

type gradeLine struct {
	Title, Score, Points, Percent, Word string
}

// savedGrade confirms what the form just saved.
type savedGrade struct{ Title, Score, Points string }

func (s *Server) showStudent(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "student")
	if err != nil {
		return err
	}
	return s.renderStudent(w, r, http.StatusOK, newGradeForm(id))
}

// renderStudent answers with the page of the form's student.
func (s *Server) renderStudent(w http.ResponseWriter, r *http.Request, status int, form gradeForm) error {
	ctx, cancel := within(r, callLimit)
	defer cancel()
	student, err := s.grades.Student(ctx, form.Student)
	if err != nil {
		return err
	}
	classes, err := s.grades.Classes(ctx)
	if err != nil {
		return err
	}
	saved, _ := strconv.Atoi(web.Value(r, "saved")) // 0 is no assignment
	v := newStudentView(student, classes, form, saved)
	return s.render(w, r, page{Template: "student", Title: v.Name, Section: "students", Status: status, View: v})
}

// newStudentView lays out a student's page. saved is the assignment that a
// confirmation is for; what it says is read from the grades, so that an address
// someone made up can claim nothing.
func newStudentView(student *grades.StudentView, classes []grades.ClassSummary, form gradeForm, saved int) studentView {
	v := studentView{
		ID: student.ID, Name: student.Name(), Email: student.Email,
		Numbers: student.ExternalID, Form: form,
	}
	if v.Numbers == "" {
		v.Numbers = student.SISID
	}
	if len(student.Totals) > 1 {
		v.Average = percentText(student.Average)
	}
	rules := map[int]grades.Class{}
	for _, c := range classes {
		rules[c.ID] = c.Class
	}
	for _, t := range student.Totals {
		v.Reports = append(v.Reports, newClassReport(t, rules[t.Class], student.Grades))
		v.Form.offer(rules[t.Class], classLink{t.Class, t.Title})
	}
	for _, g := range student.Grades {
		if g.Assignment == saved {
			v.Saved = &savedGrade{g.Title, g.Score.String(), g.Points.String()}
		}
	}
	return v
}

func newClassReport(t grades.ClassTotals, class grades.Class, all []grades.StudentGrade) classReport {
	report := classReport{classLink: classLink{t.Class, t.Title}, Current: newTotal(t.Current), Final: newTotal(t.Final)}
	index := map[string]int{}
	for i, c := range class.Categories {
		index[c.Name] = i
		report.Categories = append(report.Categories, categoryReport{Name: c.Name, Rule: ruleOf(class, c), Colour: colour(i)})
	}
	for _, g := range all {
		if g.Class != t.Class {
			continue
		}
		i, ok := index[g.Type]
		if !ok {
			i = len(report.Categories)
			index[g.Type] = i
			report.Categories = append(report.Categories, categoryReport{Name: g.Type, Colour: colour(i)})
		}
		_, word, _ := markOf(g.Status)
		report.Categories[i].Grades = append(report.Categories[i].Grades, gradeLine{
			Title: g.Title, Score: g.Score.String(), Points: g.Points.String(),
			Percent: itemPercent(g.Score, g.Points), Word: word,
		})
	}
	return report
}
