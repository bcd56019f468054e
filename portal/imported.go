package portal

import (
	"strings"

	"gradebook/grades"
	"gradebook/service/web"
)

// importedView says what an import did.
type importedView struct {
	Heading  string
	File     string
	Class    classLink
	Counts   []importCount
	Sections []importSection
	Notes    []string
}

type importCount struct{ What, Created, Changed, Unchanged string }

// importSection lists the lines of a file that had the same outcome.
type importSection struct {
	Outcome string
	Kind    string // a class of the stylesheet
	Lines   []grades.ImportRow
	More    string // how many are not shown
}

// How many lines of one outcome a page lists.
const (
	maxLines   = 20
	maxRefused = 200
)

func newImportedView(report *grades.ImportReport, file string) importedView {
	class := report.Classes[0]
	v := importedView{
		Heading: "Imported into " + class.Title,
		File:    file,
		Class:   classLink{class.ID, class.Title},
		Counts: []importCount{
			newImportCount("Students", class.Students),
			newImportCount("Assignments", class.Assignments),
			newImportCount("Grades", grades.ImportCounts{Created: class.Cells.New, Changed: class.Cells.Changed + class.Cells.Cleared, Unchanged: class.Cells.Unchanged + class.Cells.Kept}),
		},
	}
	for _, guess := range report.Guesses {
		v.Notes = append(v.Notes, guess.Detail)
	}
	for _, doubt := range report.Doubts {
		v.Notes = append(v.Notes, doubt.Detail)
	}
	if report.Revision == 0 {
		v.Heading = "Nothing new for " + class.Title
	}
	for _, kind := range []struct {
		outcome, style string
		most           int
	}{
		{grades.LineRefused, "bad", maxRefused},
		{grades.LineChanged, "info", maxLines},
		{grades.LineCreated, "ok", maxLines},
	} {
		if section := newImportSection(report.Rows, kind.outcome, kind.most); section.Lines != nil {
			section.Kind = kind.style
			v.Sections = append(v.Sections, section)
		}
	}
	return v
}

func newImportCount(what string, c grades.ImportCounts) importCount {
	return importCount{what, web.Thousands(c.Created), web.Thousands(c.Changed), web.Thousands(c.Unchanged)}
}

func newImportSection(lines []grades.ImportRow, outcome string, most int) importSection {
	section := importSection{Outcome: strings.ToUpper(outcome[:1]) + outcome[1:]}
	left := 0
	for _, line := range lines {
		switch {
		case line.Outcome != outcome:
		case len(section.Lines) < most:
			section.Lines = append(section.Lines, line)
		default:
			left++
		}
	}
	if left > 0 {
		section.More = "and " + web.Thousands(left) + " more"
	}
	return section
}
