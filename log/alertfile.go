package log

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gradebook/log/commitlog"
)

const (
	alertFileName    = "alerts.json"
	alertFileVersion = 1
)

// alertFile keeps the rules, their states and histories over restarts.
type alertFile struct {
	fs  commitlog.FS
	dir string
}

// savedAlerts is the content of the file.
type savedAlerts struct {
	Version int          `json:"version"`
	Alerts  []savedAlert `json:"alerts"`
}

type savedAlert struct {
	Name    string       `json:"name"`
	Rule    string       `json:"rule"`
	Firing  bool         `json:"firing"`
	Since   time.Time    `json:"since,omitzero"`
	History []Transition `json:"history"`
}

// load returns the alerts of the file, none if there is no file.
func (f alertFile) load() (*alertEngine, error) {
	e := new(alertEngine)
	data, err := f.read()
	if errors.Is(err, fs.ErrNotExist) {
		return e, nil
	}
	var saved savedAlerts
	if err == nil {
		err = json.Unmarshal(data, &saved)
	}
	if err == nil && saved.Version != alertFileVersion {
		err = fmt.Errorf("it is of version %d, this program knows %d", saved.Version, alertFileVersion)
	}
	for _, s := range saved.Alerts {
		r, wrong := parseRule(s.Rule)
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("rule %s: %w", s.Name, wrong))
			continue
		}
		e.put(s.Name, r)
		a := e.get(s.Name)
		a.firing, a.since, a.history = s.Firing, s.Since, s.History
	}
	if err != nil {
		return nil, fmt.Errorf("the alerts in %s: %w; mend it, or remove it to start without alerts", filepath.Join(f.dir, alertFileName), err)
	}
	return e, nil
}

func (f alertFile) read() ([]byte, error) {
	file, err := f.fs.OpenFile(filepath.Join(f.dir, alertFileName), 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	size, err := file.Size()
	if err != nil {
		return nil, err
	}
	data := make([]byte, size)
	_, err = file.ReadAt(data, 0)
	return data, err
}

// save puts a new file in the place of the old one: whenever the power fails, one of them is there
// whole. When it returns nil, it is the new one.
func (f alertFile) save(alerts []savedAlert) error {
	data, err := json.MarshalIndent(savedAlerts{alertFileVersion, alerts}, "", "\t")
	if err != nil {
		return err
	}
	path := filepath.Join(f.dir, alertFileName)
	file, err := f.fs.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = file.WriteAt(append(data, '\n'), 0)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := f.fs.Rename(path+".new", path); err != nil {
		return err
	}
	return f.fs.SyncDir(f.dir)
}

// saved returns what of the alerts is kept over a restart.
func (e *alertEngine) saved() []savedAlert {
	saved := make([]savedAlert, len(e.alerts))
	for i, a := range e.alerts {
		saved[i] = savedAlert{a.name, a.rule.String(), a.firing, a.since, append([]Transition{}, a.history...)}
	}
	return saved
}
