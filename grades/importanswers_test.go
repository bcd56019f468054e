package grades

import (
	"io"
	"net/http"
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

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/imports?format=plain", io.LimitReader(zeros{}, maxFile+1))
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = maxFile + 1
	req.Header.Set("Expect", "100-continue") // the body is only sent when it is wanted
	if resp, err = http.DefaultTransport.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), "import it in parts") {
		t.Errorf("%s %s, %v", resp.Status, text, err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
