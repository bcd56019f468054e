package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	membershipFile    = "membership.json"
	membershipVersion = 1
	saveEvery         = time.Second // at most
)

// membership is the file that lets a restarted registry probe and tell at once
// those it knew. It is soft: without it, the services register again.
type membership struct {
	Version  int            `json:"version"`
	Services []savedService `json:"services"`
}

type savedService struct {
	Registration
	Registered time.Time  `json:"registered"`
	Base       []Provider `json:"base"`           // what it acknowledged last
	Down       string     `json:"down,omitempty"` // why
	Since      time.Time  `json:"since,omitzero"`
}

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
		s.unsaved = false
		saved := s.table.saved()
		s.mu.Unlock()
		if err := writeMembership(s.env.DataDir, saved); err != nil {
			s.env.Logger.Warn("the known services are not saved; after a restart they register again", "error", err)
		}
		sleep(s.ctx, saveEvery)
	}
}

func readMembership(dir string) ([]savedService, error) {
	data, err := os.ReadFile(filepath.Join(dir, membershipFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var m membership
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read %s: %w", membershipFile, err)
	}
	if m.Version != membershipVersion {
		return nil, fmt.Errorf("%s is of version %d; this program knows %d", membershipFile, m.Version, membershipVersion)
	}
	return m.Services, nil
}

// writeMembership replaces the file as a whole, so that a crash leaves the old
// one or the new one.
func writeMembership(dir string, services []savedService) error {
	data, err := json.Marshal(membership{Version: membershipVersion, Services: services})
	if err != nil {
		return err
	}
	path := filepath.Join(dir, membershipFile)
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
