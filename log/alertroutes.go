package log

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"gradebook/service/web"
)

const (
	maxAlertName = 64
	readBackWait = time.Second // for the window of a new rule to be read from the log
)

// listAlerts answers GET /alerts, or with Accept: text/event-stream what they say from now on, or
// since Last-Event-ID.
func (s *Server) listAlerts(w http.ResponseWriter, r *http.Request) error {
	if web.Accepts(r, "text/event-stream") {
		everything := newFilter()
		return s.tail(w, r, &everything, showAlert)
	}
	alerts := s.alerts.views()
	switch formOf(r) {
	case "text":
		return write(w, "text/plain; charset=utf-8", appendAlerts(nil, alerts))
	case "page":
		return s.showAlerts(w, r.Host, alerts)
	}
	return web.WriteJSON(w, http.StatusOK, alerts)
}

// showAlert shows what alerts say, and nothing else.
func showAlert(offset uint64, r *record) ([]byte, error) {
	if r.kind != kindAlert {
		return nil, nil
	}
	return showJSON(offset, r)
}

// getAlert answers GET /alerts/{name}.
func (s *Server) getAlert(w http.ResponseWriter, r *http.Request) error {
	alert, ok := s.alerts.view(r.PathValue("name"))
	if !ok {
		return noAlert(r)
	}
	return web.WriteJSON(w, http.StatusOK, alert)
}

// putAlert answers PUT /alerts/{name}: {"rule":"…"}, or the rule as text. The answer says how the
// alert stands, if that is known soon.
func (s *Server) putAlert(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	if !isAlertName(name) {
		return web.NewProblem(http.StatusBadRequest, "%q is no name of an alert: use up to %d letters, digits, - _ and .", cut(name, 40), maxAlertName)
	}
	text, err := readRule(r)
	if err != nil {
		return err
	}
	parsed, err := parseRule(text)
	if err != nil {
		return web.Invalid(http.StatusBadRequest, web.FieldError{Field: "rule", Detail: err.Error()})
	}
	status := http.StatusOK
	err = s.alerts.change(func(e *alertEngine) error {
		if e.get(name) == nil {
			status = http.StatusCreated
			if len(e.alerts) == maxAlerts {
				return web.NewProblem(http.StatusConflict, "there are %d alerts, which is the limit: remove one first", maxAlerts)
			}
		}
		e.put(name, parsed)
		return nil
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), readBackWait)
	defer cancel()
	s.alerts.await(ctx, name)
	alert, _ := s.alerts.view(name) // empty if it was removed meanwhile
	return web.WriteJSON(w, status, alert)
}

// deleteAlert answers DELETE /alerts/{name}.
func (s *Server) deleteAlert(w http.ResponseWriter, r *http.Request) error {
	err := s.alerts.change(func(e *alertEngine) error {
		name := r.PathValue("name")
		if e.get(name) == nil {
			return noAlert(r)
		}
		e.remove(name)
		return nil
	})
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

func noAlert(r *http.Request) error {
	return web.NewProblem(http.StatusNotFound, "there is no alert %q; GET /alerts lists all", cut(r.PathValue("name"), maxAlertName))
}

// isAlertName reports whether name can stand in a path and in a text as it is.
func isAlertName(name string) bool {
	return name != "" && len(name) <= maxAlertName && name != "." && name != ".." &&
		!strings.ContainsFunc(name, func(c rune) bool {
			return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.", c)
		})
}

// ruleInput is a rule in JSON.
type ruleInput struct {
	Rule string `json:"rule" api:"needed"`
}

// readRule reads the body of a PUT. No rule begins like JSON.
func readRule(r *http.Request) (string, error) {
	body, err := web.ReadBody(r)
	if err != nil {
		return "", err
	}
	if bodyForm(r.Header.Get("Content-Type")) == formText && !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return string(body), nil
	}
	var in ruleInput
	r.Body = io.NopCloser(bytes.NewReader(body))
	err = web.Decode(r, &in)
	return in.Rule, err
}
