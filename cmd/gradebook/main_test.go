package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain makes the test binary, under another name, the launcher or one of
// the services that it starts: see install.
func TestMain(m *testing.M) {
	switch name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe"); name {
	case "gradebook":
		main()
	case "registryservice", "logservice", "gradingservice", "teacherportalservice":
		os.Exit(fakeService(name))
	default:
		os.Exit(m.Run())
	}
}

func TestRunRefuses(t *testing.T) {
	file := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bad := file("bad.csv", "Student,ID,Section,Essay (1)\nDoe,1,S,abc\nRoe,2\n")
	for _, c := range []struct {
		name, args, want string // want: in the error or on stderr
		err              error  // nil for any
	}{
		{"an unknown flag", "-colour", "flag provided but not defined: -colour", errUsage},
		{"usage", "-colour", "Usage: gradebook [flags]", errUsage},
		{"an argument", "start", `takes flags only, not "start"`, errUsage},
		{"no number", "-generate x", "give a number from 1 to 100000", errUsage},
		{"too many", "-generate 100001", "give a number from 1 to 100000", errUsage},
		{"none", "-generate 0", "give a number from 1 to 100000", errUsage},
		{"a missing file", "-import no.csv", "-import: open no.csv", nil},
		{"a directory", "-import .", "-import: read .", nil},
		{"a bad file, first line", "-import " + bad, "line 2: Essay (1): \"abc\" is no score", nil},
		{"a bad file, second line", "-import " + bad, "line 3: this line has 2 cells", nil},
		{"an unclear file", "-import " + file("unclear.csv", "A,B,C\nx1,Pat Quill,8\nx2,Mo Li,9\n"), "import it in the portal, which asks", nil},
		{"no gradebook", "-import " + file("x.bin", "\x7fELF\x02\x00"), "the file is no text", nil},
		{"no port", "-log-addr localhost", `-log-addr "localhost" is not host:port`, nil},
		{"no number of a port", "-log-addr localhost:http", `-log-addr "localhost:http" is not host:port`, nil},
		{"other machines", "-portal-addr 0.0.0.0:0", "since other machines are not served yet", nil},
		{"one port twice", "-log-addr localhost:3999 -portal-addr 127.0.0.1:3999", "-log-addr and -portal-addr both have port 3999", nil},
	} {
		var stderr strings.Builder
		err := run(t.Context(), t.Context(), strings.Fields(c.args), noEnv, io.Discard, &stderr)
		if err == nil || c.err != nil && err != c.err {
			t.Errorf("%s: error %v, want %v", c.name, err, c.err)
		} else if got := stderr.String() + err.Error(); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q in it", c.name, got, c.want)
		}
	}
}

func TestHelpExitsWell(t *testing.T) {
	code, out := gradebook(t, "-h")
	if code != 0 || !strings.Contains(out, "-registry-addr host:port") || !strings.Contains(out, "localhost:6000") {
		t.Errorf("gradebook -h: exit code %d\n%s", code, out)
	}
	if code, out := gradebook(t, "-x"); code != 2 {
		t.Errorf("gradebook -x: exit code %d, want 2\n%s", code, out)
	}
	if code, out := gradebook(t, "-import", "no.csv"); code != 1 || !strings.HasPrefix(out, "gradebook: -import: open no.csv") {
		t.Errorf("gradebook -import no.csv: exit code %d\n%s", code, out)
	}
}

func noEnv(string) string { return "" }

// stopped returns a context that is done.
func stopped() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
