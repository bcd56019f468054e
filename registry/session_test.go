package registry

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// given is a view from "A=1,2 B=": ports of localhost by name.
func given(text string) map[string][]Provider {
	m := make(map[string][]Provider)
	for part := range strings.FieldsSeq(text) {
		name, ports, _ := strings.Cut(part, "=")
		m[name] = []Provider{}
		for port := range strings.FieldsFuncSeq(ports, func(c rune) bool { return c == ',' }) {
			m[name] = append(m[name], Provider{URL: "http://localhost:" + port})
		}
	}
	return m
}

func TestSession(t *testing.T) {
	answer := func(epoch string, revision uint64, view string) func(*session) string {
		return func(s *session) string {
			if _, ok := s.registered(Registered{Epoch: epoch, Revision: revision, Providers: given(view)}); !ok {
				return "refused"
			}
			return ""
		}
	}
	told := func(epoch, instance string, revision uint64, view string, settling bool) func(*session) string {
		return func(s *session) string {
			a, _, err := s.pushed(&push{Epoch: epoch, Instance: instance, Revision: revision, Providers: given(view), Settling: settling})
			if errors.Is(err, errForeign) {
				return "foreign"
			}
			return fmt.Sprintf("ack %s.%d", a.Epoch, a.Revision)
		}
	}
	beat := func(epoch, instance string) func(*session) string {
		return func(s *session) string {
			b, known := s.beat(epoch, instance)
			return fmt.Sprintf("%s %t", b.Status, known)
		}
	}
	s := newSession(Registration{Instance: "i", RequiredServices: []string{RegistryService, "A"}})
	for _, tt := range []struct {
		what  string
		do    func(*session) string
		says  string
		holds string
	}{
		{"a push before any answer", told("e", "i", 1, "A=1", false), "foreign", ".0 "},
		{"a heartbeat before any answer", beat("e", "i"), "blocked false", ".0 "},
		{"the answer", answer("e", 3, "A="), "", "e.3 A="},
		{"blocked until A is found", beat("e", "i"), "blocked true", "e.3 A="},
		{"a push", told("e", "i", 5, "A=1,2", false), "ack e.5", "e.5 A=1,2"},
		{"no longer blocked", beat("e", "i"), "up true", "e.5 A=1,2"},
		{"the same push again", told("e", "i", 5, "A=1,2", false), "ack e.5", "e.5 A=1,2"},
		{"an older push", told("e", "i", 4, "A=1", false), "ack e.5", "e.5 A=1,2"},
		{"an older answer", answer("e", 4, "A=1"), "", "e.5 A=1,2"},
		{"a push of another epoch", told("f", "i", 9, "A=", false), "foreign", "e.5 A=1,2"},
		{"a push without epoch", told("", "i", 9, "A=", false), "foreign", "e.5 A=1,2"},
		{"a push for another process", told("e", "h", 9, "A=", false), "foreign", "e.5 A=1,2"},
		{"a heartbeat of another epoch", beat("f", "i"), "up false", "e.5 A=1,2"},
		{"a heartbeat for another process", beat("e", "h"), "up false", "e.5 A=1,2"},
		{"a settling registry takes nobody away", told("e", "i", 6, "A=3", true), "ack e.6", "e.6 A=1,2,3"},
		{"a settled one does", told("e", "i", 7, "A=3", false), "ack e.7", "e.7 A=3"},
		{"a new epoch counts anew", answer("f", 1, "A=1"), "", "f.1 A=1"},
		{"never back to one that was left", answer("e", 8, "A="), "refused", "f.1 A=1"},
		{"nor by a push", told("e", "i", 8, "A=", false), "foreign", "f.1 A=1"},
	} {
		if got := tt.do(&s); got != tt.says {
			t.Errorf("%s: says %q, want %q", tt.what, got, tt.says)
		}
		var ports []string
		for _, url := range s.providers["A"] {
			ports = append(ports, strings.TrimPrefix(url, "http://localhost:"))
		}
		holds := fmt.Sprintf("%s.%d ", s.epoch, s.revision)
		if s.epoch != "" {
			holds += "A=" + strings.Join(ports, ",")
		}
		if holds != tt.holds {
			t.Errorf("%s: holds %q, want %q", tt.what, holds, tt.holds)
		}
	}
	if b, _ := s.beat("f", "i"); b != (Beat{"up", "i", "f", 1}) {
		t.Errorf("the heartbeat answers %v", b)
	}
}

func TestRosterTellsWhatChanged(t *testing.T) {
	for _, tt := range []struct {
		before, given string
		settling      bool
		found, gone   string
	}{
		{"", "B=2 A=1", false, "A1 B2", ""},
		{"A=1 B=2", "A=1 B=2", false, "", ""},
		{"A=1 B=2", "A=3", false, "A3", "A1 B2"},
		{"A=1 B=2", "A=3", true, "A3", ""},
		{"A=1,2", "A=", false, "", "A1 A2"},
	} {
		r, _ := roster(nil).next(given(tt.before), false)
		_, n := r.next(given(tt.given), tt.settling)
		text := func(list []Provider) string {
			var words []string
			for _, p := range list {
				words = append(words, p.Name+strings.TrimPrefix(p.URL, "http://localhost:"))
			}
			return strings.Join(words, " ")
		}
		if got, want := []string{text(n.found), text(n.gone)}, []string{tt.found, tt.gone}; !slices.Equal(got, want) {
			t.Errorf("%q, then %q (settling %t): found and gone %q, want %q", tt.before, tt.given, tt.settling, got, want)
		}
	}
}
