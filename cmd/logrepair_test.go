package cmd_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRepair damages the log on disk: the service refuses to start, naming the
// place and the flag, keeps with that flag all that can be read, and starts
// without it from then on.
func TestRepair(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(logService)
	var offsets []int
	for i := range 9 {
		a := s.send(http.StatusOK, http.MethodPost, logService, "/log", fmt.Sprintf("[%s] - line %d", loadService, i), "Content-Type", "text/plain")
		offsets = append(offsets, read[struct{ Offset int }](t, a).Offset)
	}
	s.stop(logService, os.Interrupt)
	path := filepath.Join(s.dataOf(logService), "00000000000000000001.log")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[bytes.Index(content, []byte("line 4"))] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}

	refused := run(t, logService, "-addr", fmt.Sprintf("localhost:%d", s.ports[logService]), "-data", s.dataOf(logService))
	code, err := refused.wait()
	if err != nil || code != 1 {
		t.Errorf("with a damaged log: exit code %d (%v), want 1", code, err)
	}
	for _, want := range []string{path, "is damaged at byte", "-repair"} {
		if out := refused.out.String(); !strings.Contains(out, want) {
			t.Errorf("with a damaged log it printed no %q:\n%s", want, out)
		}
	}

	for _, flags := range [][]string{{"-repair"}, nil} {
		s.startWith(logService, flags...)
		for i, offset := range offsets {
			a := s.get(logService, fmt.Sprintf("/log/%d", offset))
			want, status := fmt.Sprintf(`"message":"line %d"`, i), http.StatusOK
			if i == 4 {
				want, status = fmt.Sprintf("entry %d was lost", offset), http.StatusNotFound
			}
			if a.status != status || !strings.Contains(a.body, want) {
				t.Errorf("%q: GET /log/%d: got %v, want %d with %q", flags, offset, a, status, want)
			}
		}
		if lines := read[[]any](t, s.get(logService, "/log?service="+loadService)); len(lines) != 8 {
			t.Errorf("%q: %d of 8 lines are left", flags, len(lines))
		}
		s.stop(logService, os.Interrupt)
	}
	saved, err := filepath.Glob(filepath.Join(s.dataOf(logService), "*.damaged"))
	if err != nil || len(saved) != 1 {
		t.Fatalf("set aside are %q (%v), want one file", saved, err)
	}
	if aside, err := os.ReadFile(saved[0]); err != nil || !bytes.Contains(content, aside) || !bytes.Contains(aside, []byte("ine 4")) {
		t.Errorf("%s holds %q (%v), want what was damaged", saved[0], aside, err)
	}
}
