//go:build unix

package cmd_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// alert is what the log service tells of one.
type alert struct {
	State   string
	Value   int
	History []struct{ State string }
}

// putAlert sets a rule.
func (s *system) putAlert(name, rule string) {
	s.t.Helper()
	s.send(http.StatusCreated, http.MethodPut, logService, "/alerts/"+name, rule)
}

// waitAlert waits until an alert is in a state, after so many transitions.
func (s *system) waitAlert(name, state string, transitions int) {
	s.t.Helper()
	eventually(s.t, "alert "+name+" is "+state, func() error {
		a, err := s.ask(http.MethodGet, logService, "/alerts/"+name, "")
		if err != nil {
			return err
		}
		got, err := decode[alert](a)
		if err == nil && (got.State != state || len(got.History) != transitions) {
			err = fmt.Errorf("got %v", a)
		}
		return err
	})
}

// told returns what alerts have said, newest first.
func (s *system) told() []string {
	s.t.Helper()
	var messages []string
	for _, e := range read[[]struct{ Kind, Message string }](s.t, s.get(logService, "/log?service=LogService&q=alert&limit=1000")) {
		if e.Kind == "alert" {
			messages = append(messages, e.Message)
		}
	}
	return messages
}

// TestAlertOfErrors: requests that fail are what an alert tells about, also when the log service is
// killed in between.
func TestAlertOfErrors(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.putAlert("soon", "count(level>=error, service=TeacherPortal) over 30m > 4")
	s.putAlert("later", "count(level>=error, service=TeacherPortal) over 30m > 7")
	s.kill(gradingService)
	fail := func(times int) {
		for range times {
			s.send(http.StatusServiceUnavailable, http.MethodGet, portalService, "/api/grading/students/1", "")
		}
	}
	fail(5)
	eventually(t, "it is kept that the alert fires", func() error {
		kept, err := os.ReadFile(filepath.Join(s.dataOf(logService), "alerts.json"))
		if err == nil && !strings.Contains(string(kept), `"state": "firing"`) {
			err = fmt.Errorf("the file has %s", kept)
		}
		return err
	})
	s.kill(logService)
	s.start(logService)
	s.waitAlert("soon", "firing", 1)
	s.waitAlert("later", "ok", 0)
	fail(3)
	s.waitAlert("later", "firing", 1)
	eventually(t, "both alerts have told", func() error { // the entry follows the state
		if told := fmt.Sprint(s.told()); told != "[alert later fires: 8 alert soon fires: 5]" {
			return fmt.Errorf("alerts told %s", told)
		}
		return nil
	})
}

// TestAlertOfSilence: a service that hangs is silent, one that was stopped is not.
func TestAlertOfSilence(t *testing.T) {
	t.Parallel()
	s := started(t)
	const window = 5 * time.Second
	s.putAlert("portal", fmt.Sprintf("silence(service=TeacherPortal) over %v", window))
	s.putAlert("grading", fmt.Sprintf("silence(service=GradingService) over %v", window))
	s.waitAlert("portal", "ok", 0)
	s.stop(portalService, os.Interrupt)
	stopped := time.Now()
	s.addGrade(1, "The last words", "40")
	s.freeze(gradingService)
	s.waitAlert("grading", "firing", 1)
	eventually(t, "the window has passed", func() error {
		if time.Since(stopped) < 2*window {
			return errors.New("not yet")
		}
		return nil
	})
	s.waitAlert("portal", "ok", 0)
	s.thaw(gradingService)
	s.addGrade(1, "It is back", "41")
	s.waitAlert("grading", "ok", 2)
}
