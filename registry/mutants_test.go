package registry

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// A simulation that finds nothing may be blind. So bugs are planted, and it must
// see every one: all are compiled into one test binary, by an overlay that
// touches no file, and each run of it switches one of them on.
func TestMutants(t *testing.T) {
	if testing.Short() || raced() {
		t.Log("left to the run without -short and -race")
		return
	}
	start := time.Now()
	binary := plant(t, t.TempDir())
	built := time.Since(start)
	if out, err := hunt(binary, "", 4); err != nil {
		t.Fatalf("no bug is planted, and the simulation fails:\n%s", out)
	}
	names := make(chan string)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for name := range names {
				switch out, err := hunt(binary, name, 32); {
				case err == nil:
					t.Errorf("%s: not seen", name)
				case !strings.Contains(out, "its history:"):
					t.Errorf("%s: %v\n%s", name, err, out)
				default:
					t.Logf("%s: %s", name, verdict(out))
				}
			}
		})
	}
	for _, m := range mutants {
		names <- m.name
	}
	close(names)
	workers.Wait()
	t.Logf("%d bugs; built in %.1f s, all in %.1f s", len(mutants), built.Seconds(), time.Since(start).Seconds())
}

// plantedBy is the environment variable that says which bug is on.
const plantedBy = "REGISTRY_PLANTED_BUG"

// plant builds the test binary with all mutants in it.
func plant(t *testing.T, dir string) string {
	source, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, m := range mutants {
		text, ok := files[m.file]
		if !ok {
			data, err := os.ReadFile(m.file)
			if err != nil {
				t.Fatal(err)
			}
			text = string(data)
		}
		if n := strings.Count(text, m.old); n != 1 {
			t.Fatalf("%s: %s has %d times %q, want once; if the code changed, let the mutant follow it", m.name, m.file, n, m.old)
		}
		files[m.file] = strings.Replace(text, m.old, strings.ReplaceAll(m.new, "BUG", fmt.Sprintf("planted(%q)", m.name)), 1)
	}
	files["planted.go"] = fmt.Sprintf("package registry\n\nimport \"os\"\n\nvar plantedBug = os.Getenv(%q)\n\n"+
		"func planted(name string) bool { return name == plantedBug }\n\n"+
		"func pick[T any](bug bool, wrong, right T) T {\n\tif bug {\n\t\treturn wrong\n\t}\n\treturn right\n}\n", plantedBy)
	var overlay struct{ Replace map[string]string }
	overlay.Replace = make(map[string]string)
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[filepath.Join(source, name)] = path
	}
	data, err := json.Marshal(overlay)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "overlay.json"), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "mutants.exe")
	build := exec.Command("go", "test", "-c", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// hunt runs the simulation with one bug on until it is seen, or not, in the
// first seeds.
func hunt(binary, name string, seeds int) (string, error) {
	run := exec.Command(binary, "-test.run", "^TestSimulation$", "-test.v", fmt.Sprint("-sim.seeds=", seeds))
	run.Env = append(os.Environ(), plantedBy+"="+name, "GOMAXPROCS=1")
	out, err := run.CombinedOutput()
	return string(out), err
}

// verdict is what the simulation said.
func verdict(out string) string {
	_, said, _ := strings.Cut(out, "seed ")
	said, _, _ = strings.Cut(said, "\n")
	return "seed " + said
}
