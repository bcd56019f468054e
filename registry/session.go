package registry

import (
	"errors"
	"slices"
)

// errForeign refuses what is meant for another process, or comes from another
// registry than the one this process is registered with: it must register again.
var errForeign = errors.New("this process is not registered with that epoch and instance; it registers again")

// keptEpochs is how many epochs a session remembers to have left: more than a
// late answer can be behind.
const keptEpochs = 16

// session is what one process holds of what the registry told it: the pure
// core of an [Agent] and its [View]. It reads no clock and does no I/O, so that
// a simulation can be thousands of processes. It is not safe for concurrent use.
//
// The epoch is adopted only from the answer to the process's own registration,
// and never is one that it left; within an epoch the revision only grows.
type session struct {
	instance string
	required []string // names without which it is blocked
	going    string   // its status once it goes: "draining", "leaving"

	epoch     string
	revision  uint64
	providers roster
	left      []string // the latest epochs before this one
}

// newSession is the session of a process that has just started.
func newSession(r Registration) session {
	return session{instance: r.Instance, required: slices.DeleteFunc(slices.Clone(r.RequiredServices), func(name string) bool {
		return name == RegistryService
	})}
}

// recall takes what this service knew when it ran last, unless the registry has
// told anything since. The first answer replaces it.
func (s *session) recall(given map[string][]Provider) (n news) {
	if s.epoch == "" {
		s.providers, n = s.providers.next(given, false)
	}
	return n
}

// registered takes the answer to a registration of this process. One that is
// older than a push which overtook it changes nothing. It reports false for an
// answer of a registry that was left for a newer one.
func (s *session) registered(answer Registered) (news, bool) {
	switch {
	case slices.Contains(s.left, answer.Epoch):
		return news{}, false
	case answer.Epoch != s.epoch:
		s.adopt(answer.Epoch)
	case answer.Revision < s.revision:
		return news{}, true
	}
	return s.hold(answer.Revision, answer.Providers, answer.Settling), true
}

// pushed takes a view that is pushed, unless what is held is newer, and
// acknowledges what it holds then. errForeign: the push is for another process
// or from another registry, and this one must register again.
func (s *session) pushed(p *push) (ack, news, error) {
	if p.Epoch == "" || p.Epoch != s.epoch || p.Instance != s.instance {
		return ack{}, news{}, errForeign
	}
	var n news
	if p.Revision >= s.revision {
		n = s.hold(p.Revision, p.Providers, p.Settling)
	}
	return ack{Epoch: s.epoch, Revision: s.revision}, n, nil
}

// beat answers a heartbeat that is meant for this instance and registered in
// this epoch. It reports false when that is not so: who asks knows another
// process, or is another registry, and this one must register again.
func (s *session) beat(epoch, instance string) (Beat, bool) {
	b := Beat{Status: "up", Instance: s.instance, Epoch: s.epoch, Revision: s.revision}
	switch {
	case s.going != "":
		b.Status = s.going
	case s.blocked():
		b.Status = "blocked"
	}
	return b, epoch == s.epoch && instance == s.instance
}

// blocked reports whether a required service has no provider.
func (s *session) blocked() bool {
	return slices.ContainsFunc(s.required, func(name string) bool { return len(s.providers[name]) == 0 })
}

func (s *session) adopt(epoch string) {
	if s.epoch != "" {
		s.left = append(s.left, s.epoch)
		s.left = s.left[max(0, len(s.left)-keptEpochs):]
	}
	s.epoch = epoch
}

func (s *session) hold(revision uint64, given map[string][]Provider, settling bool) (n news) {
	s.revision = revision
	s.providers, n = s.providers.next(given, settling)
	return n
}
