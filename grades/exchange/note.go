package exchange

import (
	"fmt"

	"gradebook/grades"
)

// maxNotes bounds the guesses and doubts that are listed; of more it is told how
// many.
const maxNotes = 200

// notes are what is said of a file that is not refused, and the refusal of one
// that is.
type notes struct {
	guesses   []grades.Guess
	doubts    []grades.Doubt
	omitted   int // doubts beyond maxNotes
	questions []grades.Question
	bad       refusal
}

func (n *notes) guess(what, value, detail string, args ...any) {
	if len(n.guesses) < maxNotes {
		n.guesses = append(n.guesses, grades.Guess{What: what, Value: value, Detail: fmt.Sprintf(detail, args...)})
	}
}

func (n *notes) doubt(line int, column, detail string, args ...any) {
	if len(n.doubts) == maxNotes {
		n.omitted++
		return
	}
	n.doubts = append(n.doubts, grades.Doubt{Line: line, Column: fmt.Sprintf("%.100s", column), Detail: fmt.Sprintf(detail, args...)})
}

// ask asks what a column is.
func (n *notes) ask(column, detail string, choices ...string) {
	n.questions = append(n.questions, grades.Question{Column: column, Detail: detail, Choices: choices})
}

// allDoubts returns the doubts, and of very many that there are more.
func (n *notes) allDoubts() []grades.Doubt {
	if n.omitted == 0 {
		return n.doubts
	}
	return append(n.doubts, grades.Doubt{Detail: fmt.Sprintf("and %d more doubts like these", n.omitted)})
}
