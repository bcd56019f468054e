package cmd_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// browser is one session of a headless Chromium, driven through chromedriver
// after the W3C's WebDriver.
type browser struct {
	t       *testing.T
	session string // its address
	client  *http.Client
	shots   string // where screenshots go
}

// openBrowser starts a browser that ends with the test.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	chromium := tool(t, "chromium")
	driver := run(t, tool(t, "chromedriver"), "--port=0")
	listens := regexp.MustCompile(`started successfully on port (\d+)`)
	var port []string
	eventually(t, "chromedriver listens", func() error {
		if port = listens.FindStringSubmatch(driver.out.String()); port == nil {
			return errors.New("not yet")
		}
		return nil
	})
	b := &browser{t: t, client: newClient(), shots: t.ArtifactDir()}
	b.client.Timeout = 2 * patience
	b.session = "http://localhost:" + port[1] + "/session"
	var session struct{ SessionID string }
	b.call(http.MethodPost, "", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"browserName": "chrome",
		"timeouts":    map[string]int{"implicit": 2000, "pageLoad": 15000, "script": 15000},
		"goog:chromeOptions": map[string]any{"binary": chromium, "args": []string{
			"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
			"--window-size=1280,900", "--no-first-run", "--disable-background-networking",
			"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
		}},
		"goog:loggingPrefs": map[string]string{"browser": "ALL"},
	}}}, &session)
	b.session += "/" + session.SessionID
	t.Cleanup(func() { b.do(context.Background(), http.MethodDelete, "", nil, nil) }) // the driver is killed in any case
	return b
}

// call sends a command and reads the value of its answer into value.
func (b *browser) call(method, path string, body, value any) {
	b.t.Helper()
	if err := b.do(b.t.Context(), method, path, body, value); err != nil {
		b.t.Fatalf("browser: %s %s: %v", method, path, err)
	}
}

func (b *browser) do(ctx context.Context, method, path string, body, value any) error {
	var sent io.Reader
	if method == http.MethodPost {
		if body == nil {
			body = struct{}{}
		}
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, b.session+path, sent)
	if err != nil {
		return err
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer := struct{ Value json.RawMessage }{}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%d %.600s", resp.StatusCode, answer.Value)
	}
	if value == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, value)
}

func (b *browser) open(url string) {
	b.t.Helper()
	b.call(http.MethodPost, "/url", map[string]string{"url": url}, nil)
}

// find returns the first element that a CSS selector or, after "link:", the
// text of a link finds.
func (b *browser) find(selector string) (string, error) {
	using := "css selector"
	if text, ok := strings.CutPrefix(selector, "link:"); ok {
		using, selector = "link text", text
	}
	found := map[string]string{}
	err := b.do(b.t.Context(), http.MethodPost, "/element", map[string]string{"using": using, "value": selector}, &found)
	for _, id := range found {
		return "/element/" + id, nil
	}
	return "", cmp.Or(err, fmt.Errorf("no %q", selector))
}

// element is find for an element that has to be there.
func (b *browser) element(selector string) string {
	b.t.Helper()
	path, err := b.find(selector)
	if err != nil {
		b.t.Fatalf("browser: %v", err)
	}
	return path
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.call(http.MethodPost, b.element(selector)+"/click", nil, nil)
}

func (b *browser) fill(selector, text string) {
	b.t.Helper()
	b.call(http.MethodPost, b.element(selector)+"/value", map[string]string{"text": text}, nil)
}

// paste sets the text of an element at once, tabs included, which typing would
// make jumps to the next.
func (b *browser) paste(selector, text string) {
	b.t.Helper()
	b.call(http.MethodPost, "/execute/sync", map[string]any{
		"script": "document.querySelector(arguments[0]).value = arguments[1]", "args": []any{selector, text},
	}, nil)
}

func (b *browser) text(selector string) string {
	b.t.Helper()
	var text string
	b.call(http.MethodGet, b.element(selector)+"/text", nil, &text)
	return text
}

// waitText waits until the text of an element has all of these in it. A click
// may return while the page it leads to is still under way.
func (b *browser) waitText(selector string, wants ...string) {
	b.t.Helper()
	eventually(b.t, "the page shows what it should", func() error {
		path, err := b.find(selector)
		if err != nil {
			return err
		}
		var text string
		if err := b.do(b.t.Context(), http.MethodGet, path+"/text", nil, &text); err != nil {
			return err
		}
		for _, want := range wants {
			if !strings.Contains(squeeze(text), want) {
				return fmt.Errorf("no %q in %q", want, squeeze(text))
			}
		}
		return nil
	})
}

// eval runs JavaScript and reads what it returns into value.
func (b *browser) eval(script string, value any) {
	b.t.Helper()
	b.call(http.MethodPost, "/execute/sync", map[string]any{"script": script, "args": []any{}}, value)
}

// devtools sends a command of the Chrome DevTools protocol.
func (b *browser) devtools(command string, params map[string]any) {
	b.t.Helper()
	b.call(http.MethodPost, "/goog/cdp/execute", map[string]any{"cmd": command, "params": params}, nil)
}

// look sets the width of the window and the colour scheme, without motion, which
// a screenshot would catch half way.
func (b *browser) look(width int, scheme string) {
	b.t.Helper()
	b.devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
	b.devtools("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{
		{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"},
	}})
}

// complaint is a line of the console.
type complaint struct{ Level, Message string }

// complaints returns what the console got since the last call.
func (b *browser) complaints() []complaint {
	b.t.Helper()
	var lines []complaint
	b.call(http.MethodPost, "/se/log", map[string]string{"type": "browser"}, &lines)
	return lines
}

// screenshot keeps what the window shows.
func (b *browser) screenshot(name string) {
	b.t.Helper()
	var encoded string
	b.call(http.MethodGet, "/screenshot", nil, &encoded)
	png, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.shots, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
