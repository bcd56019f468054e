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
	Lines   []grades.LineReport
	More    string // how many are not shown
}

// How many lines of one outcome a page lists.
const (
	maxLines   = 20
	maxRefused = 200
)

func newImportedView(report *grades.ImportReport, file string) importedView {
	v := importedView{
		Heading: "Imported into " + report.Class.Title,
		File:    file,
		Class:   classLink{report.Class.ID, report.Class.Title},
		Counts: []importCount{
			newImportCount("Students", report.Students),
			newImportCount("Assignments", report.Assignments),
			newImportCount("Grades", report.Grades),
		},
		Notes: report.Notes,
	}
	if report.Revision == 0 {
		v.Heading = "Nothing new for " + report.Class.Title
	}
	for _, kind := range []struct {
		outcome, style string
		most           int
	}{
		{grades.LineRefused, "bad", maxRefused},
		{grades.LineChanged, "info", maxLines},
		{grades.LineCreated, "ok", maxLines},
	} {
		if section := newImportSection(report.Lines, kind.outcome, kind.most); section.Lines != nil {
			section.Kind = kind.style
			v.Sections = append(v.Sections, section)
		}
	}
	return v
}

func newImportCount(what string, c grades.ImportCounts) importCount {
	return importCount{what, web.Thousands(c.Created), web.Thousands(c.Changed), web.Thousands(c.Unchanged)}
}

func newImportSection(lines []grades.LineReport, outcome string, most int) importSection {
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
