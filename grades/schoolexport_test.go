package grades

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// WriteDelta has plainFormat be a SchoolFormat.
func (plainFormat) WriteDelta(w io.Writer, before, after []*Gradebook, at time.Time) error {
	_, err := fmt.Fprintf(w, "from %s to %s, dated %t\n", classesText(before), classesText(after), !at.IsZero())
	return err
}

// classesText is what a school has, in a few words: "1 Sample class: 5 students".
func classesText(list []*Gradebook) string {
	var words []string
	for _, g := range list {
		words = append(words, fmt.Sprintf("%d %s (%d students, %d cells)", g.Class.ID, g.Class.Title, len(g.Students), len(g.Cells)))
	}
	return strings.Join(words, ", ")
}

func TestSchoolExport(t *testing.T) {
	s := openService(t, t.TempDir())
	export := func(since string) (string, uint64) {
		file, err := s.ExportSchool(t.Context(), "plain", since)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil || file.Close() != nil {
			t.Fatal(err)
		}
		return string(text), file.Revision
	}
	if got, at := export(""); got != "Sample class: 5 students\n" || at != 1 {
		t.Errorf("the whole: %q at %d", got, at)
	}
	if _, err := s.CreateClass(t.Context(), ClassInput{Title: new("Art")}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Enroll(t.Context(), 2, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveClass(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	const sample, art, full = "1 Sample class (5 students, 15 cells)", "2 Art (0 students, 0 cells)", "2 Art (1 students, 0 cells)"
	for since, want := range map[string]string{
		"1": "from " + sample + " to " + full + ", dated true\n",
		"2": "from " + sample + ", " + art + " to " + full + ", dated true\n",
		"4": "from " + full + " to " + full + ", dated true\n",
		"0": "from  to " + full + ", dated true\n",
	} {
		if got, at := export(since); got != want || at != 4 {
			t.Errorf("since %s: got %q at %d, want %q", since, got, at, want)
		}
	}
	resp, _ := s.request(t, "GET /export?format=plain", "")
	if got, want := resp.Header.Get("Content-Disposition"), `attachment; filename="school-r4.plain"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for request, want := range map[string]int{
		"GET /export?format=plain&since=5":                    http.StatusUnprocessableEntity,
		"GET /export?format=plain&since=3026-01-01T00:00:00Z": http.StatusUnprocessableEntity,
		"GET /export?format=plain&since=x":                    http.StatusBadRequest,
		"GET /export?format=x":                                http.StatusBadRequest,
		"GET /export":                                         http.StatusBadRequest,
	} {
		if resp, body := s.request(t, request, ""); resp.StatusCode != want {
			t.Errorf("%s: %s %s, want %d", request, resp.Status, body, want)
		}
	}
}
