package registry

import "testing"

func TestText(t *testing.T) {
	h := play(t, "settling; reg P needs G opt L; ok P; reg G; ok G; refused G; refused G; reg L; ok L; +2s")
	g := h.tab.graph("http://localhost:3000")
	at := clock(h.tab.started.Local())
	want := "SERVICE          STATE    ADDRESS         SINCE     HEARTBEAT  REVISION  WHY\n" +
		"G                down     localhost:7071  " + at + "  2.0 s ago  0         connection refused\n" +
		"L                up       localhost:7076  " + at + "  2.0 s ago  0, not 6\n" +
		"P                blocked  localhost:7080  " + at + "  2.0 s ago  0, not 6  G has no healthy provider since 10:42:00 (connection refused)\n" +
		"RegistryService  up       localhost:3000  " + at + "             7\n" +
		"\nThis registry has just started and has not heard from everybody yet.\n"
	if got := g.text(h.now); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
