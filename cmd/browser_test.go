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
	b.waitText(".totals .big", "89.00")

	b.fill("input[name=Title]", "Oral exam")
	b.fill("input[name=Score]", "33")
	b.screenshot("filled-in")
	b.click("main form button")
	b.waitText("main", "Saved", "Oral exam")
	// Averill has 85, 94 and 88 of 100: with 33 of 100 the average is 75.
	if total := b.text(".totals .big"); !strings.HasPrefix(total, "75.00") {
		t.Errorf("the total is %q, want 75.00", total)
	}
	b.screenshot("saved")

	b.fill("input[name=Title]", "Worse")
	b.fill("input[name=Score]", "abc")
	b.click("main form button")
	b.waitText("main", "not saved", `"abc" is not a number`)
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
	for _, page := range []struct{ name, path, status string }{
		{"classes", "/", ""},
		{"class", "/classes/1", ""},
		{"student", "/students/1", ""},
		{"students", "/students", ""},
		{"import", "/import", ""},
		{"status", "/status", ""},
		{"logs", "/logs", ""},
		{"404", "/students/999", "404"},
		{"away", "/students/1", "503"},
		{"status-away", "/status", ""},
	} {
		if page.name == "away" {
			s.kill(gradingService)
			s.waitState(patience, gradingService, "down")
		}
		b.open(s.url(portalService) + page.path)
		b.seeAtAllSizes(page.name)
		for _, c := range b.complaints() {
			if page.status == "" || !strings.Contains(c.Message, page.status) { // Chromium notes the status of a page
				t.Errorf("%s: console: %s %s", page.path, c.Level, c.Message)
			}
		}
	}
}

// measure finds how wide the page is, and what is cut off where nobody can
// scroll to it. What only screen readers read (sr) and titles that end in an
// ellipsis (clamp) are so by intent.
const measure = `
const cut = [...document.querySelectorAll("body *")].filter(e =>
	/hidden|clip/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1 &&
	e.clientWidth > 0 && !e.closest("svg, .sr, .clamp"));
return {
	Scroll: document.documentElement.scrollWidth,
	Inner: window.innerWidth,
	Cut: cut.map(e => e.cloneNode().outerHTML),
}`

// seeAtAllSizes checks that nothing of the page is out of reach and that it
// needs no scrolling sideways, on screens from small to wide. It keeps a
// screenshot of each.
func (b *browser) seeAtAllSizes(name string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int{320, 375, 1280} {
			b.look(width, scheme)
			var fits struct {
				Scroll, Inner int
				Cut           []string
			}
			b.eval(measure, &fits)
			if fits.Inner != width || fits.Scroll > fits.Inner {
				b.t.Errorf("%s at %d px is %d px wide in a window of %d", name, width, fits.Scroll, fits.Inner)
			}
			for _, cut := range fits.Cut {
				b.t.Errorf("%s at %d px cuts off what is in %s", name, width, cut)
			}
			b.screenshot(fmt.Sprintf("%s-%d-%s", name, width, scheme))
		}
	}
}
