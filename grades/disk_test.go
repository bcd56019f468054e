package grades

import (
	"log/slog"
	"net/http"
	"net/http/httptest"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// onDisk opens the service on a disk in memory, with a new segment and a
// snapshot after a few records. Its client calls the handler without a network.
func onDisk(disk *disktest.Disk, o store.Options) (*service, error) {
	o.FS, o.SegmentBytes, o.SnapshotEvery = disk, 6000, 5
	server, err := openServer(map[string]Format{"plain": plainFormat{}}, web.Env{
		Name: "GradingService", Logger: slog.New(slog.DiscardHandler), Flag: func(string) string { return "true" },
	}, telemetry.NewMetrics(), o)
	if err != nil {
		return nil, err
	}
	return &service{
		Client: NewClient(&http.Client{Transport: direct{web.LimitBodies(server)}}),
		server: server,
		stop:   func() { server.Close() }, // what it says is shown by the next start
	}, nil
}

// direct answers the requests of a client by calling a handler.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(noDeadlines{w}, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}
