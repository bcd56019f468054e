package cmd_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestSuspicions: a report is looked into at once, is believed by nobody, and
// cannot be used to keep a service busy.
func TestSuspicions(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService)
	s.waitSettled()
	provider, d := newStub(t, "Provider", "provider"), s.depend("Dependent", "Provider")
	provider.register(s)
	d.await(provider.url(), true)
	suspect := func(want int, body string) {
		t.Helper()
		s.send(want, http.MethodPost, registryService, "/services/suspect", body)
	}
	known := fmt.Sprintf(`{"serviceURL":%q,"error":"connection refused"}`, provider.url())

	start, before := time.Now(), provider.called("/heartbeat")
	for range 300 {
		suspect(http.StatusAccepted, known)
	}
	eventually(t, "the provider is asked", func() error {
		if provider.called("/heartbeat") == before {
			return errors.New("it was not")
		}
		return nil
	})
	took := time.Since(start)
	asked, most := provider.called("/heartbeat")-before, 3+int(took/(100*time.Millisecond)+took/time.Second)
	if asked > most {
		t.Errorf("300 reports had a living service asked %d times, want at most %d", asked, most)
	}
	if !strings.Contains(s.get(registryService, "/services/Provider").body, `"up"`) {
		t.Error("a service is not up any more because somebody said so")
	}

	provider.down()
	suspect(http.StatusAccepted, known) // its death was seen already, or is now
	d.await(provider.url(), false)

	suspect(http.StatusNotFound, `{"serviceURL":"http://localhost:1","error":"it is away"}`)
	suspect(http.StatusNotFound, `{"serviceURL":"http://192.0.2.1/","error":"call them"}`)
	suspect(http.StatusNotFound, `{}`)
	suspect(http.StatusBadRequest, `{"serviceURL":`)
}
