package cmd_test

import (
	"encoding/json"
	"testing"

	"gradebook/service/web/webtest"
)

// TestOpenAPI: each service describes itself, by the rules, with what the chassis
// answers for it.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	s := started(t)
	own := map[string][]string{
		registryService: {"/services", "/graph"},
		logService:      {"/log", "/alerts/{name}"},
		gradingService:  {"/students", "/classes/{class}/gradebook"},
		portalService:   {"/classes/{class}", "/api/grading/{path}"},
	}
	for service, paths := range own {
		a := s.get(service, "/openapi.json")
		var document map[string]any
		if err := json.Unmarshal([]byte(a.body), &document); err != nil {
			t.Fatalf("%s: %v", service, err)
		}
		for _, fault := range webtest.CheckDocument(document) {
			t.Errorf("%s: %s", service, fault)
		}
		if info := document["info"].(map[string]any); info["title"] != names()[service] {
			t.Errorf("%s calls itself %v", service, info["title"])
		}
		documented := document["paths"].(map[string]any)
		for _, path := range append(paths, "/ready", "/heartbeat", "/metrics", "/drain", "/openapi.json") {
			if documented[path] == nil {
				t.Errorf("%s does not say what %s is", service, path)
			}
		}
		if pushed := documented["/services/update"] != nil; pushed == (service == registryService) {
			t.Errorf("%s takes pushes: %t", service, pushed)
		}
	}
}
