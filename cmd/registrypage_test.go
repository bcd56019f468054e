package cmd_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestBrowserWatchesTheRegistry keeps the registry's page open while services,
// and the registry itself, go and come back: it follows without being loaded
// again.
func TestBrowserWatchesTheRegistry(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := started(t)
	b.open(s.url(registryService) + "/")
	b.waitText("main", "Live, as of", "All 4 services are up.", "GradingService at "+s.url(gradingService)+" is up")
	b.seeAtAllSizes("registry")
	const marked = "return window.mark === 1 && document.activeElement === document.querySelector('.card.flush .scroll')"
	b.eval("window.mark = 1; document.querySelector('.card.flush .scroll').focus()", nil)

	s.kill(gradingService)
	b.waitText(".banners", "GradingService is down since", "TeacherPortal is blocked by that.")
	b.waitText("table", "blocked GradingService has no healthy provider")
	b.seeAtAllSizes("registry-down")
	s.start(gradingService)
	b.waitText(".banners", "All 4 services are up.")
	for _, c := range b.complaints() {
		t.Errorf("console: %s %s", c.Level, c.Message)
	}

	s.kill(registryService)
	b.waitText(".banners", "The registry does not answer.", "The services go on calling each other")
	s.start(registryService)
	s.waitReady()
	b.waitText(".banners", "All 4 services are up.")
	if text := b.text(".banners"); strings.Contains(text, "does not answer") {
		t.Errorf("it still says %q", text)
	}
	for _, c := range b.complaints() {
		if !strings.Contains(c.Message, "net::ERR_") { // Chromium notes each try to connect
			t.Errorf("console: %s %s", c.Level, c.Message)
		}
	}
	var still bool
	if b.eval(marked, &still); !still {
		t.Error("the page was loaded again, or lost its focus")
	}
}

// TestBrowserWithoutScripts: the page is whole without its script, as of the
// moment at which it was loaded.
func TestBrowserWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := newSystem(t)
	s.start(registryService, logService)
	s.waitState(patience, logService, "up")
	b.devtools("Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	b.open(s.url(registryService) + "/")
	b.waitText("main", "As of", "Look again", "LogService")
	if text := b.text(".head"); strings.Contains(text, "Live") {
		t.Errorf("it says %q", text)
	}
	for _, c := range b.complaints() {
		t.Errorf("console: %s %s", c.Level, c.Message)
	}
}

// TestRegistryForTheTerminal: curl gets a table.
func TestRegistryForTheTerminal(t *testing.T) {
	t.Parallel()
	s := started(t)
	a := s.get(registryService, "/")
	if got := a.header.Get("Content-Type"); a.status != http.StatusOK || got != "text/plain; charset=utf-8" {
		t.Fatalf("got %s %v", got, a)
	}
	for _, name := range names() {
		if !strings.Contains(a.body, "\n"+name+" ") {
			t.Errorf("no line for %s in\n%s", name, a.body)
		}
	}
}
