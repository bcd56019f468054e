package registry

import (
	"path/filepath"
	"time"
)

const (
	membershipFile    = "membership.json"
	membershipVersion = 1
	saveEvery         = time.Second // at most
)

// save writes the membership until it is what the table holds, at most once a
// second, and ends.
func (s *Server) save() {
	for {
		s.mu.Lock()
		if !s.unsaved || s.ctx.Err() != nil {
			s.saving = false
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		s.saveNow()
		sleep(s.ctx, saveEvery)
	}
}

// saveNow returns when what the table held at the call is written, or cannot be.
func (s *Server) saveNow() {
	s.file.Lock()
	defer s.file.Unlock()
	s.mu.Lock()
	if !s.unsaved {
		s.mu.Unlock()
		return
	}
	s.unsaved = false
	saved := s.table.saved()
	s.mu.Unlock()
	err := writeMembership(s.env.DataDir, saved)
	if err == nil {
		s.complaint = ""
		return
	}
	s.mu.Lock()
	s.unsaved = true
	s.mu.Unlock()
	if err.Error() != s.complaint { // once, though it is tried every second
		s.complaint = err.Error()
		s.env.Logger.Warn("the known services are not saved; after a restart they register again", "error", err)
	}
}

func readMembership(dir string) (membership, error) {
	var m membership
	if err := readFile(filepath.Join(dir, membershipFile), membershipVersion, &m); err != nil {
		return membership{}, err
	}
	return m, nil
}

func writeMembership(dir string, m membership) error {
	return replaceFile(filepath.Join(dir, membershipFile), m)
}
