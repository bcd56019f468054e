package exchange

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"gradebook/grades"
)

// Generate writes the Canvas file of a made-up class, "Generated class", of so
// many students and 12 assignments. The same seed gives the same file, and the
// file of a larger class begins with the students of a smaller one. The ids are
// high, to be nobody else's.
func Generate(w io.Writer, students int, seed uint64) error {
	random := rand.New(rand.NewPCG(seed, 0))
	work := generatedWork()
	list := make([]grades.Assignment, len(work))
	for i, item := range work {
		list[i] = grades.Assignment{Title: item.title, ExternalID: fmt.Sprint(7001 + i), Points: grades.Points(item.points), Posted: true}
	}
	columns := append(canvasStudent(nil, "Generated class"), canvasAssignments(list)...)
	out := newTable(w, ',', canvasMarks(columns, list))
	l := line{grades: make([]*grades.Grade, len(work))}
	for i := range students {
		l.Student = generatedStudent(random, i)
		ability := 0.80 + float64(0.11*random.NormFloat64()) // float64() forbids a fused operation, which rounds otherwise
		for at, item := range work {
			l.grades[at] = item.grade(random, ability)
		}
		out.line(&l)
	}
	return out.flush()
}

func generatedStudent(random *rand.Rand, at int) *grades.Student {
	first, last := generatedName(random)
	return &grades.Student{
		FirstName:  first,
		LastName:   last,
		ExternalID: fmt.Sprint(9_000_000_001 + at),
		SISID:      fmt.Sprintf("GEN%06d", 1+at),
		Login:      fmt.Sprintf("gen%06d", 1+at),
	}
}

// generatedItem is an assignment of a made-up class.
type generatedItem struct {
	title  string
	points int
	ease   float64 // added to what a student is able to
}

func generatedWork() []generatedItem {
	return []generatedItem{
		{"Homework 1", 10, 0.08}, {"Homework 2", 10, 0.06}, {"Quiz 1", 20, 0}, {"Homework 3", 10, 0.06},
		{"Essay", 50, -0.02}, {"Midterm exam", 100, -0.06}, {"Homework 4", 10, 0.05}, {"Quiz 2", 20, -0.01},
		{"Homework 5", 10, 0.04}, {"Project", 50, 0.03}, {"Quiz 3", 20, -0.02}, {"Final exam", 100, -0.08},
	}
}

// grade makes up what a student of that ability, from 0 to 1, has in an item: a
// score in halves, or now and then nothing or excused.
func (item generatedItem) grade(random *rand.Rand, ability float64) *grades.Grade {
	chance, luck := random.Float64(), float64(0.08*random.NormFloat64())
	switch {
	case chance < 0.04:
		return nil
	case chance < 0.055:
		return &grades.Grade{Status: grades.Excused}
	}
	halves := math.Round(min(max(ability+item.ease+luck, 0), 1) * float64(2*item.points))
	return &grades.Grade{Score: new(grades.Points(int(halves)) / 2), Status: grades.Graded}
}

func generatedName(random *rand.Rand) (first, last string) {
	firsts := []string{
		"Aisha", "Amir", "Ana", "Astrid", "Ben", "Bao", "Chloe", "Daniel", "Diego", "Elif", "Emma", "Farah", "Femi", "Grace",
		"Hana", "Henry", "Ines", "Ivan", "Jamal", "José", "Kai", "Keiko", "Lars", "Leila", "Lucía", "Maya", "Mohamed", "Nia",
		"Noah", "Olga", "Omar", "Priya", "Quinn", "Ravi", "Rosa", "Sam", "Sofía", "Tariq", "Thandi", "Uma", "Viktor", "Wei",
		"Ximena", "Yara", "Yusuf", "Zoë", "Łukasz", "Siobhán",
	}
	lasts := []string{
		"Abebe", "Ahmed", "Álvarez", "Baker", "Becker", "Chen", "Costa", "D'Souza", "Diallo", "Dubois", "Eriksen", "Fischer",
		"García", "Gupta", "Haddad", "Hughes", "Ivanova", "Jansen", "Kaya", "Kim", "Kowalska", "Lee", "López", "Mbeki", "Meyer",
		"Nguyen", "Novák", "O'Brien", "Okafor", "Patel", "Pérez", "Quiroga", "Rossi", "Sato", "Schmidt", "Silva", "Smith",
		"Tanaka", "Tran", "Ueda", "van Dijk", "Wang", "Williams", "Yılmaz", "Zhang", "Ó Néill",
	}
	return firsts[random.IntN(len(firsts))], lasts[random.IntN(len(lasts))]
}
