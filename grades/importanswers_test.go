package grades

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Who prefers not to wait is told at once where the answer will be, and a file
// that is too large is refused before it is sent.
func TestImportAnswersAtOnce(t *testing.T) {
	s := openSchool(t)
	p, err := s.Import(t.Context(), ImportRequest{ImportOptions: ImportOptions{Format: "plain"}, DryRun: true}, strings.NewReader(algebra))
	if err != nil {
		t.Fatal(err)
	}
	resp, body := s.request(t, "PATCH /imports/"+p.ID, `{"title":"Other"}`, "Prefer: respond-async")
	if resp.StatusCode != http.StatusAccepted || resp.Header.Get("Location") != "/imports/"+p.ID {
		t.Errorf("%s, %s", resp.Status, body)
	}

	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/imports?format=plain", http.NoBody)
	r.ContentLength = maxFile + 1
	w := httptest.NewRecorder()
	api.Record(s.server.Routes(), s.server).ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "import it in parts") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
