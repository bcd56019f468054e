package web

import "testing"

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Count(0, "student", "students"), "0 students"},
		{Count(1, "student", "students"), "1 student"},
		{Count(1204, "student", "students"), "1,204 students"},
		{Thousands(999), "999"},
		{Thousands(1234567), "1,234,567"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
