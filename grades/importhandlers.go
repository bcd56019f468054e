package grades

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
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

// asked reads from the query what a file is.
func (s *Server) asked(r *http.Request) (ImportOptions, error) {
	o := ImportOptions{
		Format: web.Value(r, "format"), Class: web.Int(r, "class", 0), Title: web.Value(r, "title"),
		Blanks: web.Value(r, "blanks"), Dates: web.Value(r, "dates"),
	}
	if o.Format == "" {
		o.Format = FormatAuto
	}
	if columns := web.Value(r, "columns"); columns != "" {
		if err := json.Unmarshal([]byte(columns), &o.Columns); err != nil {
			return o, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "columns", Detail: `must be JSON such as {"Nr": "id", "Notes": "ignore"}`})
		}
	}
	return o, s.check(&o)
}

// check refuses options that fit no file.
func (s *Server) check(o *ImportOptions) error {
	var f faults
	if _, ok := s.formats[o.Format]; !ok && o.Format != FormatAuto {
		f.add("format", "is %.40q; give one of %s", o.Format, strings.Join(s.formatNames(FormatAuto), ", "))
	}
	if !slices.Contains([]string{"", BlanksKeep, BlanksClear}, o.Blanks) {
		f.add("blanks", "is %.40q; give %s or %s", o.Blanks, BlanksKeep, BlanksClear)
	}
	if !slices.Contains([]string{"", "dmy", "mdy"}, o.Dates) {
		f.add("dates", "is %.40q; give dmy or mdy", o.Dates)
	}
	for column, meaning := range o.Columns {
		if !slices.Contains(columnMeanings(), meaning) {
			f.add("columns", "says that %.40q is %.40q; give one of %s", column, meaning, strings.Join(columnMeanings(), ", "))
		}
	}
	return f.err()
}

// checkClass refuses a class that cannot be imported into, before a large file is
// read.
func (s *Server) checkClass(o *ImportOptions) error {
	if o.Class == 0 {
		return nil
	}
	return s.view(func(b *Book, _ time.Time) error {
		_, err := b.writable(o.Class)
		return err
	})
}

// columnMeanings are what a column may be said to be.
func columnMeanings() []string {
	return []string{"id", "sis", "login", "firstName", "lastName", "name", "email", "section", "ignore", "assignment"}
}

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

// apply changes the options that are given.
func (c *ImportChange) apply(o *ImportOptions) {
	set(&o.Format, c.Format)
	set(&o.Class, c.Class)
	set(&o.Title, c.Title)
	set(&o.Blanks, c.Blanks)
	set(&o.Dates, c.Dates)
	if c.Columns != nil {
		o.Columns = c.Columns
	}
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
