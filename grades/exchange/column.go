package exchange

import "gradebook/grades"

// textColumn is a column of text, none of which is a formula to a spreadsheet.
func textColumn(title string, of func(l *line) string) column {
	return column{title: guard(title), cell: func(l *line) string { return guard(of(l)) }}
}

// sameColumn is a column with the same text for every student.
func sameColumn(title, value string) column {
	return textColumn(title, func(*line) string { return value })
}

// gradeColumn is the column of an assignment, by its place among those of the
// class. mark writes a grade; a blank is the zero Grade.
func gradeColumn(title string, at int, mark func(g *grades.Grade) string) column {
	return column{title: guard(title), cell: func(l *line) string {
		if g := l.grades[at]; g != nil {
			return mark(g)
		}
		return mark(&grades.Grade{})
	}}
}

// percentColumn is a column of percentages.
func percentColumn(title string, of func(l *line) *grades.Percent) column {
	return column{title: guard(title), cell: func(l *line) string {
		if p := of(l); p != nil {
			return p.String()
		}
		return ""
	}}
}

// letterColumn is a column of letters of the class's scale.
func letterColumn(title string, of func(l *line) *string) column {
	return textColumn(title, func(l *line) string {
		if letter := of(l); letter != nil {
			return *letter
		}
		return ""
	})
}

// The columns that say who a student is, under the titles that a format has.

func firstNames(title string) column {
	return textColumn(title, func(l *line) string { return l.FirstName })
}
func lastNames(title string) column {
	return textColumn(title, func(l *line) string { return l.LastName })
}
func ids(title string) column    { return textColumn(title, func(l *line) string { return l.ExternalID }) }
func sisIDs(title string) column { return textColumn(title, func(l *line) string { return l.SISID }) }
func logins(title string) column { return textColumn(title, func(l *line) string { return l.Login }) }
func emails(title string) column { return textColumn(title, func(l *line) string { return l.Email }) }

// The totals that a class makes.

func currentPercent(l *line) *grades.Percent { return l.totals.Current.Percent }
func finalPercent(l *line) *grades.Percent   { return l.totals.Final.Percent }
func currentLetter(l *line) *string          { return l.totals.Current.Letter }
func finalLetter(l *line) *string            { return l.totals.Final.Letter }

// shown is the total that a class shows first.
func shown(class *grades.Class, l *line) grades.Total {
	if class.BlankPolicy == grades.Zero {
		return l.totals.Final
	}
	return l.totals.Current
}

// scoreText writes the score of a grade, "" where it has none.
func scoreText(g *grades.Grade) string {
	if g.Score == nil {
		return ""
	}
	return decimals(g.Score.String())
}

func commentText(g *grades.Grade) string { return guard(g.Comment) }
