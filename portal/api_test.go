package portal

import (
	"os"
	"testing"

	"gradebook/service/web/webtest"
)

// api is what the tests see of the portal's routes.
var api webtest.API

func TestMain(m *testing.M) { os.Exit(api.Main(m)) }

func TestRefusals(t *testing.T) {
	f := open(t, sampleSchool())
	webtest.Refuses(t, f.routes, f.front)
}
