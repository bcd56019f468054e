package grades

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"gradebook/service/web"
)

// headSize is how much of a file a format sees to recognize it.
const headSize = 64 << 10

// unreadable is what a file that cannot be read is refused with, when it is not
// the lines.
func unreadable(format string, args ...any) error {
	return web.NewProblem(http.StatusUnprocessableEntity, format, args...)
}

// recognize returns the name of the one format that recognizes a file.
func (s *Server) recognize(file io.ReaderAt, size int64) (string, error) {
	head := make([]byte, min(size, headSize))
	if _, err := io.ReadFull(io.NewSectionReader(file, 0, size), head); err != nil {
		return "", err
	}
	names := slices.Sorted(maps.Keys(s.formats))
	for _, name := range names {
		if s.formats[name].Recognizes(head) {
			return name, nil
		}
	}
	return "", invalid("format", "is not given, and the file is of none that is recognized; give one of %s", strings.Join(names, ", "))
}

// readFile reads the file of a proposal, whose turn it is. An error that is about
// the file is a *SheetError, an *InvalidError or a *web.Problem.
func (s *Server) readFile(p *proposal, asked *ImportOptions) (file *File, format string, err error) {
	f, size, err := p.spool.open(p.fileName())
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	own, err := s.ownIDs()
	if err != nil {
		return nil, "", err
	}
	on := &spooled{ReaderAt: f, stopping: s.imports.ctx.Done()}
	format = asked.Format
	if format == FormatAuto {
		if format, err = s.recognize(on, size); err != nil {
			return nil, "", err
		}
	}
	file, err = s.formats[format].Read(on, size, ReadOptions{Columns: asked.Columns, Dates: asked.Dates, Progress: p.bytes.Store, ClassOf: s.classOf(own)})
	if on.err != nil {
		return nil, "", on.err
	} else if err != nil {
		if _, lines := errors.AsType[*SheetError](err); !lines {
			err = unreadable("the file cannot be read: %v", err)
		}
		return nil, format, err
	}
	p.bytes.Store(size)
	rows := 0
	for _, sheet := range file.Sheets {
		rows += sheet.Len()
	}
	p.rows.Store(int64(rows))
	if asked.Format == FormatAuto {
		file.Guesses = append([]Guess{recognized(format)}, file.Guesses...)
	}
	for i := range file.Questions {
		file.Questions[i].ask()
	}
	return file, format, nil
}

// recognized says of which format a file was found to be.
func recognized(format string) Guess {
	return Guess{What: "format", Value: format, Detail: "recognized as " + format}
}

// ask says what answers a question, if its format has not.
func (q *Question) ask() {
	switch {
	case q.Option != "":
	case q.Column != "":
		q.Option = "columns"
	default:
		q.Option = "dates"
	}
}

// propose reads the file of a proposal and compares it with the book. It returns
// an error only when it is to be done again.
func (s *Server) propose(p *proposal) {
	p.mu.Lock()
	facts, done := p.proposalFacts, p.done
	p.mu.Unlock()
	release, err := s.imports.turn(s.imports.ctx, p)
	if err != nil {
		return
	}
	defer release()
	report, m := s.compare(p, &facts.Asked)
	if report == nil {
		return // the service is stopping
	}
	head, err := p.writeReport(p.reportName(facts.Reading), report, m)
	if err != nil {
		report.State, report.Errors = ImportRefused, []LineError{{Line: 1, Detail: fmt.Sprintf("what the file would do cannot be kept: %v", err)}}
		head = &proposalHead{Report: *report}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Reading != facts.Reading {
		return // it was asked otherwise meanwhile
	}
	p.head = head
	close(done)
	s.imports.unlessAdded(p) // it may have been removed meanwhile
}

// compare returns what a file would do, and with what was decided if it can be.
func (s *Server) compare(p *proposal, asked *ImportOptions) (*ImportReport, *importing) {
	file, format, err := s.readFile(p, asked)
	if s.imports.ctx.Err() != nil {
		return nil, nil
	}
	r := &ImportReport{Format: format}
	if err != nil {
		r.conclude(err)
		return r, nil
	}
	r.Guesses, r.Doubts, r.Questions = file.Guesses, file.Doubts, file.Questions
	if len(r.Questions) > 0 {
		r.State = ImportAsks
		return r, nil
	}
	var m *importing
	own, err := s.ownIDs()
	if err != nil {
		r.conclude(err)
		return r, nil
	}
	err = s.view(func(b *Book, _ time.Time) error {
		r.Revision = b.revision
		m, err = b.importFile(importCommand{id: p.id, format: format, file: file, o: *asked, own: own})
		return err
	})
	if err != nil {
		r.conclude(err)
		return r, nil
	}
	return m.report(false), m
}

// questions are what an import needs to know of the class.
func (e *InvalidError) questions() []Question {
	var list []Question
	for _, f := range e.Faults {
		list = append(list, Question{Option: f.Field, Detail: f.Field + " " + f.Detail})
	}
	return list
}

// conclude says why a file cannot be applied, or what it asks.
func (r *ImportReport) conclude(err error) {
	r.State = ImportRefused
	if which, ok := errors.AsType[*ambiguousClassError](err); ok {
		r.State, r.Questions = ImportAsks, []Question{which.question()}
	} else if wrong, ok := errors.AsType[*InvalidError](err); ok {
		r.State, r.Questions = ImportAsks, wrong.questions()
	} else if lines, ok := errors.AsType[*SheetError](err); ok {
		r.Errors = lines.first(maxLineErrors)
	} else if p, ok := errors.AsType[*web.Problem](err); ok {
		r.Errors = []LineError{{Line: 1, Detail: p.Detail}}
	} else {
		r.Errors = []LineError{{Line: 1, Detail: err.Error()}}
	}
}
