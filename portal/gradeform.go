package portal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gradebook/grades"
	"gradebook/service/web"
)

// gradeForm is the form that adds a grade: what was typed, and what is wrong
// with it.
type gradeForm struct {
	Student            int
	Key                string // makes a second sending of the same form harmless
	Title, Type, Score string // as typed
	Class              int    // as chosen; 0 for a student in one class
	Categories         []string
	Classes            []classLink // the student's
	Problem            string      // what is wrong with the whole
	Errors             []fieldError
}

// fieldError is what is wrong with one field: title, type, score or class.
type fieldError struct{ Field, Detail string }

func newGradeForm(student int) gradeForm { return gradeForm{Student: student, Key: rand.Text()} }

// idempotencyKey is the same for the same form with the same content: sent
// twice it adds one grade, but going back to it and typing another adds that.
func (f gradeForm) idempotencyKey() string {
	if f.Key == "" {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{f.Key, f.Title, f.Type, f.Score, strconv.Itoa(f.Class)}))
	return hex.EncodeToString(sum[:16])
}

// readGradeForm reads a posted form. Without a key, as the forms of earlier
// versions are, it is a form like any other that a repeat adds to.
func readGradeForm(r *http.Request) (gradeForm, error) {
	id, err := web.PathID(r, "student")
	if err != nil {
		return gradeForm{}, err
	}
	if err := r.ParseForm(); err != nil {
		return gradeForm{}, formProblem(err)
	}
	post := r.PostForm
	class, _ := strconv.Atoi(post.Get("Class"))
	return gradeForm{
		Student: id, Key: post.Get("Key"), Class: class,
		Title: post.Get("Title"), Type: post.Get("Type"), Score: post.Get("Score"),
	}, nil
}

// formProblem is the answer to a body that is no form.
func formProblem(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return web.NewProblem(http.StatusRequestEntityTooLarge, "the form is too large; send less at a time")
	}
	return web.NewProblem(http.StatusBadRequest, "the form cannot be read (%v); open its page again and send it from there", err)
}

// input returns the grade to add, or notes what makes that impossible. Every
// rule but the shape of a number is the grading service's.
func (f *gradeForm) input() grades.GradeInput {
	in := grades.GradeInput{Title: strings.TrimSpace(f.Title), Type: strings.TrimSpace(f.Type), Class: f.Class}
	if in.Title == "" {
		f.mark("title", "Give the grade a title, such as Quiz 3.")
	}
	score, problem := readScore(f.Score)
	if problem != "" {
		f.mark("score", problem)
	}
	in.Score = score
	return in
}

// readScore reads a score as people type it: with a decimal comma or point.
// It says what is wrong, or "".
func readScore(text string) (grades.Score, string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, "Give a score, such as 91.5."
	}
	number := text
	if whole, fraction, comma := strings.Cut(text, ","); comma {
		if len(fraction) == 3 && strings.Trim(whole, "-0") != "" && strings.Trim(whole+fraction, "-0123456789") == "" {
			return 0, "The comma can be read in two ways. Write " + whole + fraction + " or " + whole + "." + fraction + "."
		}
		number = whole + "." + fraction
	}
	score, err := grades.ParseScore(number)
	if err != nil {
		return 0, sentence(strings.Replace(err.Error(), number, text, 1))
	}
	return score, ""
}

// refuse notes why the grading service would not take the grade. It returns the
// status to answer with, or 0 when err is no judgement on what was typed.
func (f *gradeForm) refuse(err error) int {
	if conflict, ok := errors.AsType[*grades.ConflictError](err); ok {
		f.conflict(conflict)
		return http.StatusConflict
	}
	if invalid, ok := errors.AsType[*grades.InvalidError](err); ok {
		for _, fault := range invalid.Faults {
			f.mark(fault.Field, sentence(fault.Field+" "+fault.Detail))
		}
		return http.StatusUnprocessableEntity
	}
	p := problemOf(err)
	if p == nil || p.Status >= http.StatusInternalServerError || p.Status == http.StatusNotFound {
		return 0
	}
	f.Problem = problemText(p)
	return http.StatusUnprocessableEntity
}

// conflict notes the grade that is there, or else what does not go together.
func (f *gradeForm) conflict(e *grades.ConflictError) {
	there, ok := e.Current.(grades.Grade)
	if !ok {
		f.Problem = conflictText(e)
		return
	}
	what := "a grade"
	if there.Score != nil {
		what = "the score " + there.Score.String()
	}
	f.mark("title", fmt.Sprintf("%s has %s already, which stays. Give another title for another grade.", f.Title, what))
}

func (f *gradeForm) mark(field, detail string) {
	switch field = strings.ToLower(field); field {
	case "title", "type", "score", "class":
		f.Errors = append(f.Errors, fieldError{field, detail})
	default:
		f.Problem = detail
	}
}

// offer adds what a class gives to choose from.
func (f *gradeForm) offer(class grades.Class, link classLink) {
	f.Classes = append(f.Classes, link)
	for _, c := range class.Categories {
		f.Categories = append(f.Categories, c.Name)
	}
}

// Types are the kinds of work to choose from: the categories of the student's
// classes first, because those are what totals are made of.
func (f gradeForm) Types() []string {
	var types []string
	for _, name := range append(slices.Clone(f.Categories), "Test", "Quiz", "Homework", f.Type) {
		if name != "" && !slices.Contains(types, name) {
			types = append(types, name)
		}
	}
	return types
}

// Choose reports whether the student is in several classes.
func (f gradeForm) Choose() bool { return len(f.Classes) > 1 }

// Error returns what is wrong with a field, or nil.
func (f gradeForm) Error(field string) *fieldError {
	for i, e := range f.Errors {
		if e.Field == field {
			return &f.Errors[i]
		}
	}
	return nil
}

// Refused reports whether anything is wrong.
func (f gradeForm) Refused() bool { return f.Problem != "" || f.Errors != nil }
