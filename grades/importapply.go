package grades

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"gradebook/service/web"
)

// atOnce reads the file of a proposal and returns the decision to apply it.
func (s *Server) atOnce(p *proposal) (decideFunc, error) {
	file, format, err := s.readFile(p, &p.Asked)
	if err != nil {
		return nil, err
	}
	if len(file.Questions) > 0 {
		return nil, unanswered(file.Questions)
	}
	own, err := s.ownIDs()
	if err != nil {
		return nil, err
	}
	in := importCommand{id: p.id, format: format, file: file, o: p.Asked, own: own}
	return func(b *Book, _ string, _ time.Time) (decision, error) { return s.applyImport(b, in, p) }, nil
}

// applyImport decides to apply an import, and answers with what it did, which is
// kept then.
func (s *Server) applyImport(b *Book, in importCommand, p *proposal) (decision, error) {
	m, err := b.importFile(in)
	if err != nil {
		return decision{}, err
	}
	d := m.decision()
	r := m.report(true)
	if r.Rows, r.Next, err = m.rowsWithin(true, maxImportPage); err != nil {
		return decision{}, err
	}
	p.describe(r)
	d.answer, d.after = r, func() { s.applied(p, m) }
	return d, nil
}

// applied keeps what an import has done. It is done whatever comes of this.
func (s *Server) applied(p *proposal, m *importing) {
	r := m.report(true)
	head, err := p.writeReport(p.appliedName(), r, m)
	if err != nil {
		s.logger.Warn("what an import has done cannot be shown by row; the history has it", "import", p.id, "error", err)
		return
	}
	p.mu.Lock()
	atOnce := p.head == nil
	p.head = head
	p.mu.Unlock()
	if atOnce {
		close(p.done)
		err = s.imports.add(p)
	} else {
		s.imports.unlessAdded(p) // it may have been removed meanwhile
	}
	if err != nil {
		s.logger.Warn("what an import has done cannot be shown by row; the history has it", "import", p.id, "error", err)
	}
}

// unanswered refuses a file whose questions must be answered first.
func unanswered(questions []Question) error {
	var f faults
	for _, q := range questions {
		field, choices := q.Option, ""
		if q.Column != "" {
			field += "." + q.Column
		}
		if q.Choices != nil {
			choices = "; give one of " + strings.Join(q.Choices, ", ")
		}
		f.add(field, "%s%s", q.Detail, choices)
	}
	return f.err()
}

// readable is a *ConflictError for an import that was applied.
func (s *Server) readable(p *proposal) error {
	return s.view(func(b *Book, now time.Time) error { return b.notApplied(p, now) })
}

// notApplied is a *ConflictError for an import that was applied.
func (b *Book) notApplied(p *proposal, now time.Time) error {
	revision := b.keys.find(importKey(p.id), now)
	if revision == 0 && p.state() != ImportApplied {
		return nil
	}
	detail := fmt.Sprintf("import %s was applied before, as change %d", p.id, revision)
	if revision == 0 {
		detail = fmt.Sprintf("import %s was applied before, and there was nothing to change", p.id)
	}
	return &ConflictError{Detail: detail + "; to have it again, send the file again"}
}

// applyBody is what POST /imports/{import}/apply takes.
type applyBody struct {
	Rows []int `json:"rows,omitempty"` // their numbers; absent: all
}

// postApply applies an import, if it comes to just what it showed.
func (s *Server) postApply(w http.ResponseWriter, r *http.Request) error {
	if err := patient(w); err != nil {
		return err
	}
	release := func() {}
	defer func() { release() }()
	return s.write(func(r *http.Request) (decideFunc, error) {
		chosen, err := decodeApply(r)
		if err != nil {
			return nil, err
		}
		p, err := s.imports.get(r.PathValue("import"))
		if err != nil {
			return nil, err
		}
		in, err := s.prepareApply(p, chosen)
		if err != nil {
			return nil, err
		}
		if release, err = s.imports.turn(r.Context(), p); err != nil {
			return nil, err
		}
		return s.applyShown(p, in)
	})(w, r)
}

// prepareApply returns the import of those rows of a proposal that are chosen,
// nil for all, without its file.
func (s *Server) prepareApply(p *proposal, chosen map[int]bool) (in importCommand, err error) {
	p.mu.Lock()
	head, facts := p.head, p.proposalFacts
	p.mu.Unlock()
	in = importCommand{id: p.id, o: facts.Asked, chosen: chosen}
	switch {
	case head == nil:
		return in, &ConflictError{Detail: fmt.Sprintf("import %s is being read; GET /imports/%[1]s until it is proposed", p.id)}
	case head.Report.State == ImportApplied:
		return in, nil
	case head.Report.State == ImportAsks:
		return in, &ConflictError{Detail: fmt.Sprintf("import %s has %d %s to answer; PATCH /imports/%[1]s first", p.id, len(head.Report.Questions), plural(len(head.Report.Questions), "question"))}
	case head.Report.State == ImportRefused:
		return in, &SheetError{Errors: head.Report.Errors}
	}
	in.format = head.Report.Format // as it was recognized
	if in.own, err = s.ownIDs(); err != nil {
		return in, err
	}
	if in.shown, err = p.readShown(p.reportName(facts.Reading), head); err != nil {
		return in, err
	}
	for row := range chosen {
		if row < 1 || row > len(in.shown.rows) {
			return in, invalid("rows", "has %d; give rows from 1 to %d", row, len(in.shown.rows))
		}
	}
	return in, nil
}

// applyShown reads the file again, whose turn it is, and returns the decision to
// do what was shown.
func (s *Server) applyShown(p *proposal, in importCommand) (decide decideFunc, err error) {
	if in.shown != nil { // it was not applied
		asked := in.o
		asked.Format = in.format
		if in.file, _, err = s.readFile(p, &asked); err != nil {
			return nil, err
		}
		if in.o.Format == FormatAuto {
			in.file.Guesses = append([]Guess{recognized(in.format)}, in.file.Guesses...)
		}
	}
	return func(b *Book, _ string, at time.Time) (decision, error) {
		if err := b.notApplied(p, at); err != nil {
			return decision{}, err
		}
		return s.applyImport(b, in, p)
	}, nil
}

// decodeApply returns the rows that are chosen, nil for all.
func decodeApply(r *http.Request) (map[int]bool, error) {
	if r.ContentLength == 0 {
		return nil, nil
	}
	var in applyBody
	if err := web.Decode(r, &in); err != nil || in.Rows == nil {
		return nil, err
	}
	if len(in.Rows) == 0 {
		return nil, invalid("rows", "is empty; give the rows to apply, or leave it out to apply all")
	}
	chosen := make(map[int]bool, len(in.Rows))
	for _, row := range in.Rows {
		chosen[row] = true
	}
	return chosen, nil
}
