package registry

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A provider that is killed under load costs no request that may be sent again
// while there is another, also when nobody tells of it: the registry is away.
func TestKilledProviderLosesNothing(t *testing.T) {
	t.Parallel()
	const width, rate = 50, 2000 // at a time, a second
	one, two := listen(t, "127.0.0.1:0", echo(0)), listen(t, "127.0.0.1:0", echo(0))
	defer two.kill()
	v := NewView()
	v.replace(map[string][]Provider{"G": {{URL: one.URL}, {URL: two.URL}}}, false)
	tr := NewTransport(TransportOptions{View: v})
	defer tr.CloseIdleConnections()
	c := &http.Client{Transport: tr}

	var sent atomic.Int64
	var work sync.WaitGroup
	stop := make(chan struct{})
	for i := range width {
		work.Go(func() {
			tick := time.NewTicker(time.Second * width / rate)
			defer tick.Stop()
			for {
				select {
				case <-tick.C:
				case <-stop:
					return
				}
				sent.Add(1)
				req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://G/", nil)
				if i%2 == 0 {
					req, _ = http.NewRequestWithContext(t.Context(), "POST", "http://G/", strings.NewReader("x"))
					req.Header.Set("Idempotency-Key", rand.Text())
				}
				resp, err := c.Do(req)
				if err != nil {
					t.Errorf("%s: %v", req.Method, err)
					continue
				}
				resp.Body.Close()
			}
		})
	}
	eventually(t, "the load is up", func() bool { return sent.Load() > rate/2 })
	one.kill()
	killed := sent.Load()
	eventually(t, "the load goes on", func() bool { return sent.Load() > killed+rate/2 })
	close(stop)
	work.Wait()
}
