// Package cmd_test tests the five binaries as people run them: real processes
// on private ports, real files, a real browser. The tests that need a tool or
// the project's shared data are here and nowhere else.
package cmd_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"
)

// binaries is the directory of the five binaries, set by TestMain.
var binaries string

// Tests of what takes long in life are short unless these say otherwise.
var (
	away        = flag.Duration("away", 2*time.Second, "how long the registry is dead in TestRegistryAway")
	rate        = flag.Int("rate", 500, "how many requests a second the tests of providers that end send")
	logAway     = flag.Duration("log-away", 3*time.Second, "how long the log service is dead, or frozen, in TestLogServiceAway")
	kills       = flag.Int("kills", 20, "how often the log service is killed in TestKilledLogUnderLoad")
	gradeKills  = flag.Int("grade-kills", 20, "how often the grading service is killed in TestKilledGradingUnderLoad")
	importKills = flag.Int("import-kills", 5, "how often the grading service is killed in TestKilledImport and TestKilledRestore")
	students    = flag.Int("school", 900, "how many students the generated school of TestSchool and TestArchiveSchool has; their limits are for 100000")
	cells       = flag.Int("cells", 60_000, "how many cells the file of TestLargeFile has; its limits are for 1000000")
	repeats     = flag.Int("repeats", 10_000, "how many requests with repeated keys TestRepeatedKeys sends")
	flap        = flag.Duration("flap", 5*time.Second, "how long an instance flaps in TestFlapping; never more than the pushes of a minute are allowed")
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "gradebook-cmd-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	args := []string{"build", "-o", dir + string(filepath.Separator)}
	if raceEnabled() {
		args = append(args, "-race") // a race in a service fails its test; see process.end
	}
	build := exec.Command("go", append(args, "./cmd/...")...)
	build.Dir = root()
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build the binaries: %w\n%s", err, out)
	}
	binaries = dir
	if err := allowParallel(8); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// allowParallel lets n tests run at once unless the command line says how
// many: they spend their time waiting for heartbeats, not computing.
func allowParallel(n int) error {
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if chosen {
		return nil
	}
	return flag.Set("test.parallel", fmt.Sprint(n))
}

// raceEnabled reports whether the tests run with the race detector.
func raceEnabled() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// root is the directory of the module: tests run in their package's directory.
func root() string {
	dir, err := filepath.Abs("..")
	if err != nil {
		panic(err)
	}
	return dir
}

// binary returns the path of one of the five.
func binary(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(binaries, name)
}

// tool returns the path of an installed program.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		absent(t, "%s is not installed", name)
	}
	return path
}

// shared returns the path of one of the project's shared files, which lie
// beside the checkout.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	full := filepath.Join(append([]string{root(), "..", "shared"}, path...)...)
	if _, err := os.Stat(full); err != nil {
		absent(t, "no shared data here: %v", err)
	}
	return full
}

// absent skips a test that lacks what it needs. Where CI=true promises that
// everything is there, it fails.
func absent(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}
