package grades

import (
	"time"
)

// report is the import with at most so many rows from a cursor on.
func (s *Server) report(p *proposal, cursor int64, limit int) (*ImportReport, error) {
	var revision uint64
	err := s.view(func(b *Book, now time.Time) error {
		revision = b.keys.find(importKey(p.id), now)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	head, name := p.head, p.reportName(p.Reading)
	p.mu.Unlock()
	r := &ImportReport{State: ImportReading, Progress: &ImportProgress{Bytes: p.bytes.Load(), Of: p.Size, Rows: int(p.rows.Load()), Waits: p.waits.Load()}}
	if head != nil {
		copied := head.Report
		r = &copied
		if r.State == ImportApplied {
			name = p.appliedName()
		}
		if limit > 0 {
			if r.Rows, r.Next, err = p.page(name, head, cursor, limit); err != nil {
				return nil, err
			}
		}
	}
	if revision != 0 {
		r.State, r.Revision = ImportApplied, revision
	}
	p.describe(r)
	return r, nil
}

// describe adds what is known of a proposal beside its report.
func (p *proposal) describe(r *ImportReport) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r.ID, r.Asked, r.File, r.Created, r.Expires = p.id, p.Asked, p.Name, p.Created, p.Created.Add(importLife)
	if r.Guesses == nil {
		r.Guesses = []Guess{}
	}
	if r.Doubts == nil {
		r.Doubts = []Doubt{}
	}
	if r.Questions == nil {
		r.Questions = []Question{}
	}
	if r.Errors == nil {
		r.Errors = []LineError{}
	}
	if r.Classes == nil {
		r.Classes = []ImportClass{}
	}
	if r.Rows == nil {
		r.Rows = []ImportRow{}
	}
}
