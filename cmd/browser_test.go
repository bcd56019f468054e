package cmd_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestBrowserAddsAGrade does a teacher's work in a real browser.
func TestBrowserAddsAGrade(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := started(t)
	b.open(s.url(portalService) + "/")
	b.click(".classes a")
	b.click("link:Simen, Averill")
	before := b.text(".totals .big")

	b.fill("input[name=Title]", "Oral exam")
	b.fill("input[name=Score]", "33")
	b.screenshot("filled-in")
	b.click("main form button")
	after := b.text(".totals .big")
	// Averill has 85, 94 and 88 of 100: with 33 of 100 the average is 75.
	if before == after || !strings.HasPrefix(after, "75.00") {
		t.Errorf("the total was %q and is %q, want 75.00", before, after)
	}
	if text := b.text("main"); !strings.Contains(text, "Oral exam") || !strings.Contains(text, "Saved") {
		t.Errorf("the page does not show the grade: %s", text)
	}
	b.screenshot("saved")

	b.fill("input[name=Title]", "Worse")
	b.fill("input[name=Score]", "abc")
	b.click("main form button")
	if text := b.text("main"); !strings.Contains(text, "abc") {
		t.Errorf("the page does not say what is wrong: %s", text)
	}
	b.screenshot("refused")
	for _, c := range b.complaints() {
		if !strings.Contains(c.Message, "422") { // Chromium notes the status of the refused form
			t.Errorf("console: %s %s", c.Level, c.Message)
		}
	}
}

// TestBrowserSeesEveryPage opens every page at three widths, light and dark.
func TestBrowserSeesEveryPage(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := started(t)
	s.works() // so that the log has lines
	for _, page := range []struct{ name, path string }{
		{"classes", "/"},
		{"class", "/classes/1"},
		{"student", "/students/1"},
		{"students", "/students"},
		{"import", "/import"},
		{"status", "/status"},
		{"logs", "/logs"},
		{"404", "/students/999"},
	} {
		b.look(1280, "light")
		b.open(s.url(portalService) + page.path)
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int{1280, 375, 320} {
				b.look(width, scheme)
				b.checkFits(page.path, width)
				b.screenshot(fmt.Sprintf("%s-%d-%s", page.name, width, scheme))
			}
		}
		for _, c := range b.complaints() {
			if page.name != "404" || !strings.Contains(c.Message, "404") { // Chromium notes the status of a page
				t.Errorf("%s: console: %s %s", page.path, c.Level, c.Message)
			}
		}
	}
}

// checkFits checks that the page needs no scrolling sideways.
func (b *browser) checkFits(path string, width int) {
	b.t.Helper()
	var fits struct{ Scroll, Inner int }
	b.eval("return {Scroll: document.documentElement.scrollWidth, Inner: window.innerWidth}", &fits)
	if fits.Inner != width || fits.Scroll > fits.Inner {
		b.t.Errorf("%s at %d px is %d px wide in a window of %d", path, width, fits.Scroll, fits.Inner)
	}
}
