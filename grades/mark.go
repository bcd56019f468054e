package grades

import "time"

// mark is what the arithmetic needs to know of a cell. The zero mark is a
// blank.
type mark struct {
	score     Score
	submitted *time.Time
	status    status
	scored    bool // there is a score; it always is with statusGraded
}

// mark is what counts of a grade; g may be nil.
func (g *Grade) mark() mark {
	if g == nil {
		return mark{}
	}
	m := mark{submitted: g.Submitted, status: newStatus(g.Status), scored: g.Score != nil}
	if m.scored {
		m.score = *g.Score
	}
	return m
}

// marksOf are the marks of grades by assignment id, one for each assignment.
func marksOf(assignments []*Assignment, grades map[int]*Grade) []mark {
	marks := make([]mark, len(assignments))
	for i, a := range assignments {
		marks[i] = grades[a.ID].mark()
	}
	return marks
}
