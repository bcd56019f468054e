package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// example is a command of the README and what it prints there.
type example struct{ command, output string }

// readmeExamples returns the commands in the README's console blocks, in order.
func readmeExamples(t *testing.T) []example {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var examples []example
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				examples = append(examples, example{command: strings.TrimSpace(command)})
			} else {
				examples[len(examples)-1].output += line
			}
		}
	}
	return examples
}

// TestReadme runs what the README shows, as it stands there but for the ports,
// and compares what is printed but for times, offsets and ids.
func TestReadme(t *testing.T) {
	t.Parallel()
	curl := tool(t, "curl")
	s := started(t)
	s.waitSettled() // as people do, who take longer to type
	address := strings.NewReplacer(
		"localhost:3000", strings.TrimPrefix(s.url(registryService), "http://"),
		"localhost:4000", strings.TrimPrefix(s.url(logService), "http://"),
		"localhost:5000", strings.TrimPrefix(s.url(portalService), "http://"),
		"localhost:6000", strings.TrimPrefix(s.url(gradingService), "http://"),
	)
	dir := t.TempDir() // where people are, with the files that they made
	for _, e := range readmeExamples(t) {
		command, want := address.Replace(e.command), settle(address.Replace(e.output))
		if _, name, ok := strings.Cut(command, " && ./"); ok {
			eventually(t, name+" says what the README says", func() error {
				return missingLine(want, settle(s.running[name].out.String()))
			})
			continue
		}
		if !strings.HasPrefix(command, "curl ") {
			t.Errorf("the README has a command that is not tested: %s", e.command)
			continue
		}
		said := func() error {
			sh := exec.Command("sh", "-c", strings.ReplaceAll(command, "curl ", curl+" -sS "))
			sh.Dir = dir
			out, err := sh.CombinedOutput()
			if got := settle(string(out)); err != nil || strings.TrimSpace(got) != strings.TrimSpace(want) {
				return fmt.Errorf("%s\n got %s\nwant %s (%v)", command, got, want, err)
			}
			return nil
		}
		if !strings.Contains(command, " -d ") && !strings.Contains(command, " --data") && !strings.Contains(command, " -X POST") { // what was changed shows in a moment
			eventually(t, "the README is right", said)
		} else if err := said(); err != nil {
			t.Error(err)
		}
	}
}

// settle replaces what differs from run to run.
func settle(text string) string {
	for _, r := range []struct{ pattern, with string }{
		{`\d{4}-\d\d-\d\dT[\d:.]+Z`, "TIME"},
		{`\d\d:\d\d:\d\d(\.\d{3})?`, "TIME"},
		{`\d+(\.\d)? s ago`, "AGE"},
		{`(?m)((AGE|TIME) +)\d+$`, "${1}N"}, // a revision
		{` {2,}`, "  "},
		{`import [A-Z2-7]{26}`, "import ID"},
		{`/traces/[0-9a-f]{32}`, "/traces/ID"},
		{`"(offset|first)":\d+`, `"$1":N`},
	} {
		text = regexp.MustCompile(r.pattern).ReplaceAllString(text, r.with)
	}
	return text
}

// missingLine is an error for the first line of want that no line of got begins
// with.
func missingLine(want, got string) error {
	for line := range strings.Lines(want) {
		if !strings.Contains("\n"+got, "\n"+strings.TrimSpace(line)) {
			return fmt.Errorf("it does not say: %s", line)
		}
	}
	return nil
}
