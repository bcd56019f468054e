package exchange

import "testing"

func TestPlainRole(t *testing.T) {
	for title, want := range map[string]role{
		"Student ID": externalID, "E-Mail": email, "Student's name": fullName, "student_number": externalID, "SIS ID": sisID, "Class": section,
		"Notes": ignored, "Essay": unknown, "": unknown, "Note": unknown,
	} {
		if got := plainRole(title); got != want {
			t.Errorf("%q: %d, want %d", title, got, want)
		}
	}
}
