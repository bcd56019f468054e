package grades

import (
	"log/slog"
	"os"
	"testing"

	"gradebook/service/store"
	"gradebook/service/telemetry"
	"gradebook/service/web"
	"gradebook/service/web/webtest"
)

// api is what the tests see of the service's routes.
var api webtest.API

func TestMain(m *testing.M) { os.Exit(api.Main(m)) }

func TestRefusals(t *testing.T) {
	env := web.Env{DataDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), Flag: func(string) string { return "true" }}
	s, err := openServer(map[string]Format{"plain": plainFormat{}}, env, telemetry.NewMetrics(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	webtest.Refuses(t, s.Routes(), api.Record(s.Routes(), s))
}

// What the other tests do not ask for.
func TestAnswers(t *testing.T) {
	s := openSchool(t)
	const future = "at=3026-01-01T00:00:00Z"
	for _, c := range []struct {
		request, body string
		status        int
	}{
		{"GET /classes/1", "", 200},
		{"GET /classes/1?at=1", "", 200},
		{"GET /classes/1/students/1/explanation?at=1", "", 200},
		{"GET /classes/1/export?format=plain&at=1", "", 200},
		{"GET /students/6/history?before=4&limit=1", "", 200},
		{"GET /classes/1?" + future, "", 422},
		{"GET /classes/1/gradebook?" + future, "", 422},
		{"GET /classes/1/checks?" + future, "", 422},
		{"GET /classes/1/statistics?" + future, "", 422},
		{"GET /classes/1/students/1/explanation?" + future, "", 422},
		{"GET /classes/1/export?format=plain&" + future, "", 422},
		{"GET /students/6/history?assignment=1", "", 200},
		{"POST /imports?format=plain&class=1&blanks=clear&dates=dmy&dryRun=true", "assignments A\n", 201},
		{"PATCH /imports/none", `{"dates":"mdy"}`, 404},
		{"POST /imports/none/apply", "", 404},
		{"GET /imports/none", "", 404},
		{"DELETE /imports/none", "", 404},
		{"PATCH /students/6", `{"email":"ann@example.com"}`, 200},
		{"POST /students/6/undo", `{}`, 422},
		{"POST /students/6/undo", `{"revision":7}`, 200},
		{"POST /students/6/undo", `{"revision":7}`, 409},
	} {
		if resp, body := s.request(t, c.request, c.body); resp.StatusCode != c.status {
			t.Errorf("%s %s: %s %s, want %d", c.request, c.body, resp.Status, body, c.status)
		}
	}
}
