package cmd_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// trace is the answer of GET /traces/{id}, as far as the tests need it.
type trace struct {
	Services []string
	Spans    []span
	Holes    []struct{ Service, Why string }
}

type span struct {
	Name, Kind, Service string
	Status              int
	Entries             []struct{ Message string }
	Children            []span
}

// outline writes a tree of spans, one a line.
func outline(spans []span, indent string) string {
	var b strings.Builder
	for _, s := range spans {
		fmt.Fprintf(&b, "%s%s %s: %s\n%s", indent, s.Service, s.Kind, s.Name, outline(s.Children, indent+"  "))
	}
	return b.String()
}

// postThroughPortal adds a grade as a script in a browser does, to whom the portal is everything.
func (s *system) postThroughPortal(title string) (answer, error) {
	s.t.Helper()
	body := fmt.Sprintf(`{"Title":%q,"Type":"Test","Score":91.5}`, title)
	return s.ask(http.MethodPost, portalService, "/api/grading/students/1/grades", body,
		"Origin", s.url(portalService), "Sec-Fetch-Site", "same-origin")
}

// waitTrace waits until a trace is as it should be.
func (s *system) waitTrace(path string, check func(trace) error) {
	s.t.Helper()
	eventually(s.t, path+" is complete", func() error {
		a, err := s.ask(http.MethodGet, logService, path, "")
		if err != nil {
			return err
		}
		found, err := decode[trace](a)
		if err == nil {
			err = check(found)
		}
		return err
	})
}

// TestTrace follows a grade from the browser to the disk.
func TestTrace(t *testing.T) {
	t.Parallel()
	s := started(t)
	if a, err := s.postThroughPortal("Traced"); err != nil || a.status != http.StatusCreated {
		t.Fatalf("got %v, %v", a, err)
	}
	var path string
	eventually(t, "the request is in the list", func() error {
		a := s.get(logService, "/traces?service=GradingService&error=false")
		list, err := decode[[]struct {
			Trace, Name, Service string
			Spans                int
		}](a)
		if err != nil {
			return err
		}
		for _, l := range list {
			if l.Name == "POST /api/grading/students/1/grades" && l.Service == "TeacherPortal" && l.Spans == 4 {
				path = "/traces/" + l.Trace
				return nil
			}
		}
		return fmt.Errorf("got %v", a)
	})
	want := `TeacherPortal server: POST /api/grading/students/1/grades
  TeacherPortal client: POST GradingService /students/1/grades
    GradingService server: POST /students/{student}/grades
      GradingService internal: commit
`
	s.waitTrace(path, func(found trace) error {
		if got := outline(found.Spans, ""); got != want || len(found.Holes) > 0 {
			return fmt.Errorf("got\n%s%v, want\n%s", got, found.Holes, want)
		}
		first := found.Spans[0]
		if server := first.Children[0].Children[0]; len(first.Entries) != 1 || len(server.Entries) != 1 {
			return errors.New("the line of a service is not with its step")
		}
		return nil
	})
	text := s.get(logService, path, "Accept", "text/plain").body
	if !strings.Contains(text, "\n      commit ") || !strings.Contains(text, "█") {
		t.Errorf("as text it is\n%s", text)
	}
}

// TestHole kills the service that a request needs: the request's id leads to who is to blame, though
// requests that go well are not recorded here.
func TestHole(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(registryService, logService, gradingService)
	s.startWith(portalService, "-trace-rate", "0")
	s.waitReady()
	s.kill(gradingService)
	a, err := s.postThroughPortal("Lost")
	if err != nil {
		t.Fatal(err)
	}
	var problem struct{ Instance string }
	json.Unmarshal([]byte(a.body), &problem)
	path := problem.Instance
	if a.status != http.StatusServiceUnavailable || !strings.HasPrefix(path, "/traces/") {
		t.Fatalf("got %v", a)
	}
	s.waitTrace(path, func(found trace) error {
		if len(found.Holes) != 1 || found.Holes[0].Service != "GradingService" || !strings.Contains(found.Holes[0].Why, "GradingService was down from ") {
			return fmt.Errorf("got %+v", found.Holes)
		}
		return nil
	})
	page := s.get(portalService, "/students/1").body
	id := regexp.MustCompile(`[0-9a-f]{32}`).FindString(page)
	s.waitTrace("/traces/"+id, func(found trace) error {
		if len(found.Spans) != 1 || found.Spans[0].Name != "GET /students/{student}" || len(found.Spans[0].Entries) != 1 {
			return fmt.Errorf("request %q of a page: got %+v", id, found)
		}
		return nil
	})
	s.kill(registryService)
	s.waitTrace(path, func(found trace) error {
		if len(found.Holes) != 1 || !strings.Contains(found.Holes[0].Why, "the registry cannot say") {
			return fmt.Errorf("without a registry: got %+v", found.Holes)
		}
		return nil
	})
}
