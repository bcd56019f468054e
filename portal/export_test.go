package portal

import (
	"net/http"
	"strings"
	"testing"
)

func TestExport(t *testing.T) {
	f := open(t, sampleSchool())
	for _, kind := range exportKinds() {
		status, header, text := f.get(t, "/classes/1/export?format="+kind.Format)
		if status != http.StatusOK || !strings.HasSuffix(text, kind.Format) {
			t.Errorf("%s: got %d %q", kind.Format, status, text)
		}
		if got, want := header.Get("Content-Disposition"), `attachment; filename="gradebook-class-1-`+kind.Format+"."+kind.extension+`"`; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for path, want := range map[string]int{"/classes/x/export": 404, "/classes/1/export?format=xlsx": 400, "/classes/99/export": 404} {
		if status, _, _ := f.get(t, path); status != want {
			t.Errorf("%s: got %d, want %d", path, status, want)
		}
	}
}

func TestAskExport(t *testing.T) {
	f := open(t, sampleSchool())
	status, _, text := f.get(t, "/classes/1/export")
	readHTML(t, text)
	if status != http.StatusOK || !strings.Contains(text, "Sample class") {
		t.Fatalf("got %d %s", status, text)
	}
	for _, kind := range exportKinds() {
		if !strings.Contains(text, `href="/classes/1/export?format=`+kind.Format+`"`) || !strings.Contains(text, "Not in it: "+kind.Lacks) {
			t.Errorf("%s is not offered with what it lacks", kind.Name)
		}
	}
}
