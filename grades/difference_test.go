package grades

import (
	"strings"
	"testing"
)

// toldDifference is a difference in the form of told.
func toldDifference(d *Difference) string {
	text := told([]Commit{{Classes: []Edit{{Name: "settings", Fields: d.Settings}}, Students: d.Students, Assignments: d.Assignments, Cells: d.Cells}})
	text = strings.TrimPrefix(strings.TrimPrefix(text, "0  ; "), " settings")
	for _, c := range d.Totals {
		text += "; " + c.Name + ": " + c.From.Final.Percent.String() + "→" + c.To.Final.Percent.String()
	}
	return strings.Trim(text, "; ")
}

func TestDifference(t *testing.T) {
	s := openService(t, t.TempDir())
	for _, step := range []edit{
		put(1, 1, 86, 1), // 2
		setClass(ClassInput{Title: new("Other")}), // 3
		removeAssignment(2),                       // 4
		unenroll(5),                               // 5
		create(StudentInput{LastName: new("Ace"), Class: 1}), // 6
		put(6, 1, 50, 0), // 7
		setAssignment(3, AssignmentInput{Points: new(Points(50))}), // 8
		put(1, 1, 85, 2), // 9
	} {
		if err := step(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ from, to, want string }{
		{"1", "1", ""},
		{"1", "2", "Averill Simen, Quiz 1: 85→86; Averill Simen: 89.00→89.33"},
		{"2", "1", "Averill Simen, Quiz 1: 86→85; Averill Simen: 89.33→89.00"},
		{"2", "3", "title Sample class→Other"},
		{"4", "5", "left Kylee Attwood; Kylee Attwood, Quiz 1: 95→—; Kylee Attwood, Quiz 2: 97→—"},
		{"5", "6", "joined Ace lastName <nil>→Ace"},
		{"6", "", "changed Quiz 2 points 100→50; Averill Simen, Quiz 1: 86→85; Ace, Quiz 1: —→50; " +
			"Averill Simen: 87.00→115.33; Marge Garrard: 94.00→125.33; Sydnie Barber: 71.00→94.67; Louie Easton: 86.00→114.67; Ace: 0.00→33.33"},
	} {
		d, err := s.Difference(t.Context(), 1, c.from, c.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := toldDifference(d); got != c.want {
			t.Errorf("%s to %s:\n got %s\nwant %s", c.from, c.to, got, c.want)
		}
	}
	d := must[*Difference](t)(s.Difference(t.Context(), 1, "3", "4"))
	if got := toldDifference(d); !strings.HasPrefix(got, "removed Week 1 Homework; Averill Simen, Week 1 Homework: 94→—") || len(d.Cells) != 5 || d.From.Revision != 3 || d.To.Revision != 4 {
		t.Errorf("3 to 4: %s, %+v", got, d)
	}
	for _, c := range []struct{ query, want string }{
		{"", "from: is not given; give the revision of a change, or a time"},
		{"?from=1&to=99", "to: is 99, and the newest change is 9"},
		{"?from=0", "there is no class 1 at that time"},
		{"?from=then", "from: must be the revision of a change, such as 12, or a time"},
	} {
		if _, body := s.request(t, "GET /classes/1/difference"+c.query, ""); !strings.Contains(body, c.want) {
			t.Errorf("%s: %s, want %q", c.query, body, c.want)
		}
	}
}
