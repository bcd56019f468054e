package exchange

import (
	"io"
	"strings"

	"gradebook/grades"
)

// Read reads a gradebook that Moodle exported.
func (moodle) Read(file io.ReaderAt, size int64, o grades.ReadOptions) (*grades.File, error) {
	return readFile(dialect{role: moodleRole, item: moodleItem, choose: chooseMoodle, exact: true}, file, size, o)
}

// Recognizes reports whether a title says how it shows grades, as only Moodle's
// do.
func (moodle) Recognizes(head []byte) bool { return recognize(head) == "moodle" }

// splitMoodle splits "Quiz: Midterm (Real)" into the item and how its grades are
// shown: Real, Percentage, Letter, Feedback, or "" for an older file's, which
// are real.
func splitMoodle(title string) (item, display string) {
	if item, ok := strings.CutPrefix(title, "Feedback: "); ok {
		return item, "Feedback"
	}
	for _, display := range []string{"Real", "Percentage", "Letter", "Feedback"} {
		if item, ok := strings.CutSuffix(title, " ("+display+")"); ok {
			return item, display
		}
	}
	return title, ""
}

// moodleItem takes the name of the module and the display off a title.
func moodleItem(title string) item {
	name, _ := splitMoodle(title)
	if module, rest, ok := strings.Cut(name, ": "); ok && isModule(module) {
		return item{title: trim(rest)}
	}
	return item{title: name}
}

// isModule reports whether Moodle has activities of that name.
func isModule(name string) bool {
	switch name {
	case "Assignment", "Quiz", "Forum", "Lesson", "Workshop", "Glossary", "Database", "SCORM package", "External tool", "H5P", "H5P activity", "Attendance", "Turnitin Assignment 2", "Choice", "Chat", "Hot Potatoes Quiz", "Checklist", "Questionnaire":
		return true
	}
	return false
}

// isMoodleTotal reports whether a column is a total: "Course total", "Homework
// total". An activity's title has its module before it.
func isMoodleTotal(name string) bool {
	module, _, ok := strings.Cut(name, ": ")
	return strings.HasSuffix(name, " total") && !(ok && isModule(module))
}

func isMoodleTitle(cell string) bool {
	title := tidy(cell)
	_, display := splitMoodle(title)
	return display != "" || strings.EqualFold(title, "Last downloaded from this course")
}

// chooseMoodle takes the real grades, or the percentages where those are all
// there is, and the feedback.
func chooseMoodle(r *reading) {
	shown := map[string]bool{} // items with real grades
	for _, c := range r.columns {
		if name, display := splitMoodle(c.title); c.role == unknown && (display == "" || display == "Real") {
			shown[name] = true
		}
	}
	var totals, others []string
	for i := range r.columns {
		c := &r.columns[i]
		name, display := splitMoodle(c.title)
		switch {
		case c.role != unknown || c.title == "":
		case isMoodleTotal(name):
			c.role = ignored
			totals = append(totals, c.title)
		case display == "Feedback":
			c.role = feedback
		case display == "Letter", display == "Percentage" && shown[name]:
			c.role = ignored
			others = append(others, c.title)
			if !shown[name] {
				r.doubt(r.header.line, c.title, "letters are no scores: left out; export the real grades from Moodle instead")
			}
		default:
			c.role = assignment
			shown[name] = true
		}
	}
	if totals != nil {
		r.guess("column", "ignore", "left out as totals, which are computed here: %s", listed(totals))
	}
	if others != nil {
		r.guess("column", "ignore", "left out, since they show the grades of another column in another way: %s", listed(others))
	}
}
