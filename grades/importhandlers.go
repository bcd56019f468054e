package grades

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"gradebook/service/web"
)

const (
	maxFile     = 128 << 20       // bytes of a file to import
	importLimit = 5 * time.Minute // for a file that has arrived to be read and applied
)

// postImport takes a file and says what it would do, or with dryRun false does it
// at once.
func (s *Server) postImport(w http.ResponseWriter, r *http.Request) error {
	if web.BodyLimit(w, r, maxFile); r.ContentLength > maxFile {
		return web.NewProblem(http.StatusRequestEntityTooLarge, "the file has %d bytes, over %d; import it in parts", r.ContentLength, maxFile)
	}
	if web.Bool(r, "dryRun") {
		return s.postProposal(w, r)
	}
	release := func() {}
	defer func() { release() }()
	return s.write(func(r *http.Request) (decideFunc, error) {
		asked, err := s.asked(r)
		if err != nil {
			return nil, err
		}
		p, err := s.receive(w, r, asked)
		if err != nil {
			return nil, err
		}
		ended, err := s.imports.turn(r.Context(), p)
		release = func() {
			ended()
			s.imports.unlessAdded(p)
		}
		if err != nil {
			return nil, err
		}
		return s.atOnce(p)
	})(w, r)
}

// patient lets a request take importLimit, where the server would end it.
func patient(w http.ResponseWriter) error {
	if err := web.Wait(w, importLimit); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// receive spools the body of a request.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, asked ImportOptions) (*proposal, error) {
	p, err := s.imports.receive(web.Value(r, "name"), asked, func(to io.Writer) (int64, error) { return web.CopyBody(w, r, to) })
	if err != nil {
		return nil, err
	}
	return p, patient(w)
}

// postProposal keeps a file and says what it would do, or with Prefer:
// respond-async where that will be.
func (s *Server) postProposal(w http.ResponseWriter, r *http.Request) error {
	asked, err := s.asked(r)
	if err == nil {
		err = s.checkClass(&asked)
	}
	if err != nil {
		return err
	}
	p, err := s.receive(w, r, asked)
	if err != nil {
		return err
	}
	if err := s.imports.add(p); err != nil {
		return err
	}
	return s.read(w, r, p, http.StatusCreated)
}

// read has the file of a proposal read and answers with what it would do.
func (s *Server) read(w http.ResponseWriter, r *http.Request, p *proposal, status int) error {
	p.mu.Lock()
	done := p.done
	p.mu.Unlock()
	s.imports.wg.Go(func() { s.propose(p) })
	w.Header().Set("Location", "/imports/"+p.id)
	if prefersAsync(r) {
		w.Header().Set("Preference-Applied", "respond-async")
		status = http.StatusAccepted
	} else {
		select {
		case <-done:
		case <-s.imports.ctx.Done():
			return errImportsStop
		case <-r.Context().Done():
			return r.Context().Err()
		}
	}
	report, err := s.report(p, 0, maxImportRows)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, status, report)
}

func prefersAsync(r *http.Request) bool {
	for _, header := range r.Header["Prefer"] {
		for preference := range strings.SplitSeq(header, ",") {
			if strings.TrimSpace(preference) == "respond-async" {
				return true
			}
		}
	}
	return false
}

func (s *Server) getImports(w http.ResponseWriter, r *http.Request) error {
	list := []*ImportReport{}
	for _, p := range s.imports.list() {
		report, err := s.report(p, 0, 0)
		if err != nil {
			return err
		}
		list = append(list, report)
	}
	return web.WriteJSON(w, http.StatusOK, list)
}

func (s *Server) getImport(w http.ResponseWriter, r *http.Request) error {
	p, err := s.imports.get(r.PathValue("import"))
	if err != nil {
		return err
	}
	report, err := s.report(p, int64(web.Int(r, "cursor", 0)), web.Int(r, "limit", maxImportRows))
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, report)
}

func (s *Server) deleteImport(w http.ResponseWriter, r *http.Request) error {
	p, err := s.imports.get(r.PathValue("import"))
	if err != nil {
		return err
	}
	s.imports.remove(p)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// patchImport has a file read again with other options.
func (s *Server) patchImport(w http.ResponseWriter, r *http.Request) error {
	if err := patient(w); err != nil {
		return err
	}
	var change ImportChange
	if err := web.Decode(r, &change); err != nil {
		return err
	}
	p, err := s.imports.get(r.PathValue("import"))
	if err != nil {
		return err
	}
	if err := s.readable(p); err != nil {
		return err
	}
	p.mu.Lock()
	facts := p.proposalFacts
	p.mu.Unlock()
	change.apply(&facts.Asked)
	if err := s.check(&facts.Asked); err != nil {
		return err
	}
	if err := s.checkClass(&facts.Asked); err != nil {
		return err
	}
	if err := p.ask(facts); err != nil {
		return err
	}
	return s.read(w, r, p, http.StatusOK)
}

// ask keeps other options, with which the file is to be read. Until it was, the
// proposal has no report.
func (p *proposal) ask(facts proposalFacts) error {
	p.mu.Lock()
	before, head := p.proposalFacts, p.head
	if head == nil || before.Reading != facts.Reading {
		p.mu.Unlock()
		return &ConflictError{Detail: fmt.Sprintf("import %s is being read; wait until it was, and then change it", p.id)}
	}
	facts.Reading++
	p.proposalFacts, p.head, p.done = facts, nil, make(chan struct{})
	p.mu.Unlock()
	p.bytes.Store(0)
	p.rows.Store(0)
	err := p.writeFacts(facts)
	if err == nil {
		p.spool.remove(p.reportName(before.Reading))
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.done)
	p.proposalFacts, p.head = before, head
	return err
}
