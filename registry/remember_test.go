package registry

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// told is a member that keeps its view in dir, and what it logs.
func (f *fleet) told(name, host, dir string, required ...string) (*member, *bytes.Buffer) {
	m := newMember(f.t, describe(name, name+"-"+time.Now().Format("150405"), "http://"+host, required...), "http://"+registryHost, f.plain)
	var text bytes.Buffer
	m.options.DataDir = dir
	m.options.Logger = slog.New(slog.NewTextHandler(&text, nil))
	f.set(host, m, false)
	m.run()
	return m, &text
}

// A service that starts while the registry is away knows whom it knew, and
// learns the truth when the registry is back.
func TestLastViewIsRemembered(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		dir := t.TempDir()
		grading := f.join("Grading", "localhost:6000")
		defer f.join("Log", "localhost:4000").end()
		portal, text := f.told("Portal", "localhost:5000", dir, "Grading", "Log", "Mail")
		time.Sleep(10 * time.Second)
		portal.end()
		if want := "Portal requires Mail"; !strings.Contains(text.String(), want) {
			t.Errorf("no warning with %q in\n%s", want, text)
		}

		f.crash()
		grading.end()
		f.set("localhost:6000", nil, false)
		time.Sleep(time.Hour)
		portal, text = f.told("Portal", "localhost:5000", dir, "Grading", "Log")
		defer portal.end()
		synctest.Wait()
		for name, url := range map[string]string{"Grading": "http://localhost:6000", "Log": "http://localhost:4000"} {
			if got, want := portal.view.Providers(name), []string{url}; !slices.Equal(got, want) {
				t.Errorf("started without the registry: providers of %s %v, want %v", name, got, want)
			}
		}
		if want := "the providers known before are used"; !strings.Contains(text.String(), want) {
			t.Errorf("it does not say that %s:\n%s", want, text)
		}
		f.open(t.TempDir())
		time.Sleep(10 * time.Second)
		if got := portal.view.Providers("Grading"); len(got) != 0 {
			t.Errorf("the registry is back and settled, and grading is still known at %v", got)
		}
		if len(portal.view.Providers("Log")) != 1 {
			t.Error("the registry is back, and the log service is lost")
		}
	})
}

func TestViewIsWrittenOnceASecond(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fleet) {
		dir := t.TempDir()
		portal, _ := f.told("Portal", "localhost:5000", dir, "Grading")
		defer portal.end()
		time.Sleep(5 * time.Second)
		epoch, revision := portal.holds()
		saved := map[time.Time]bool{}
		for i := range 300 { // 10 s of a change every 33 ms
			p := push{Epoch: epoch, Instance: portal.options.Registration.Instance, Revision: revision + uint64(i), Providers: given(fmt.Sprintf("Grading=%d", 6000+i))}
			if _, err := portal.take(&p); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second / 30)
			synctest.Wait()
			m, err := readView(dir, []string{"Grading"})
			if err != nil {
				t.Fatal(err)
			}
			saved[m.Saved] = true
		}
		if got := len(saved); got < 9 || got > 11 {
			t.Errorf("%d times in 10 s, want once a second", got)
		}
	})
}

func TestReadView(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		says, err  string
	}{
		{"none", "", "", ""},
		{"damaged", `{"version":1,`, "", "read providers.json"},
		{"a later version", `{"version":2}`, "", "version 2"},
		{"names that are not needed", `{"version":1,"providers":{"Log":[{"url":"http://localhost:1"}]}}`, "", ""},
		{"addresses elsewhere", `{"version":1,"providers":{"G":[{"url":"http://example.com"},{"url":"http://localhost:1"},{"url":"x"}]}}`, "http://localhost:1", ""},
		{"nobody", `{"version":1,"providers":{"G":[{"url":"http://example.com"}]}}`, "", ""},
	} {
		dir := t.TempDir()
		if tt.file != "" {
			if err := os.WriteFile(filepath.Join(dir, providersFile), []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		m, err := readView(dir, []string{"G"})
		var urls []string
		for _, list := range m.Providers {
			for _, p := range list {
				urls = append(urls, p.URL)
			}
		}
		if got := strings.Join(urls, " "); got != tt.says || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %q %v, want %q %s", tt.name, got, err, tt.says, tt.err)
		}
	}
}
