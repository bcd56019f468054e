package grades

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gradebook/grades/archive"
	"gradebook/grades/zipfile"
	"gradebook/service/store"
	"gradebook/service/web"
)

// maxArchive is the largest archive that is taken, in bytes.
const maxArchive = 4 << 30

// RestoreReport says what an archive has brought back.
type RestoreReport struct {
	Revision    uint64    `json:"revision"` // of its newest change, and now of the book
	Created     time.Time `json:"created"`  // when the archive was made
	Classes     int       `json:"classes"`  // ever made, as of the others
	Students    int       `json:"students"`
	Assignments int       `json:"assignments"`
}

// ArchiveError says why an archive is refused.
type ArchiveError struct {
	Part   string // the file in it, "" for the whole
	Line   int    // in that file, 0 for none in particular
	Detail string // what is wrong, and what to do
}

func (e *ArchiveError) Error() string {
	switch {
	case e.Part == "":
		return "the archive " + e.Detail
	case e.Line == 0:
		return fmt.Sprintf("%s in the archive %s", e.Part, e.Detail)
	}
	return fmt.Sprintf("%s in the archive, line %d: %s", e.Part, e.Line, e.Detail)
}

func archiveProblem(e *ArchiveError) *web.Problem {
	p := web.NewProblem(http.StatusUnprocessableEntity, "nothing was restored: %v", e)
	p.Type = archiveRefused
	where := e.Part
	if e.Line > 0 {
		where = fmt.Sprintf("%s, line %d", e.Part, e.Line)
	}
	p.Errors = []web.FieldError{{Field: where, Detail: e.Detail}}
	return p
}

func archiveErrorOf(p *web.Problem) error {
	if len(p.Errors) != 1 {
		return p
	}
	e := &ArchiveError{Part: p.Errors[0].Field, Detail: p.Errors[0].Detail}
	if part, line, found := strings.Cut(e.Part, ", line "); found {
		n, err := strconv.Atoi(line)
		if err != nil {
			return p
		}
		e.Part, e.Line = part, n
	}
	return e
}

// postRestore puts the book in an archive in the place of an empty one.
func (s *Server) postRestore(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.untouched(); err != nil { // before all of it is sent
		return err
	}
	web.BodyLimit(w, r, maxArchive)
	file, err := os.CreateTemp(s.dataDir, restoreFiles)
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	size, err := web.CopyBody(w, r, file)
	if err != nil {
		return err
	}
	if err := web.Wait(w, restoreTime); err != nil {
		return err
	}
	out, err := s.store.restore(file, size)
	if err != nil {
		return err
	}
	s.logger.Info("restored an archive", "revision", out.Revision, "created", out.Created)
	return web.WriteJSON(w, http.StatusOK, out)
}

// Instead restores the archive that the flag restore names into the directory of
// the data, without a server; see service.Spec. The error is as of Client.Restore,
// or says that a service has the directory in use.
func Instead(dataDir string, flag func(name string) string, out io.Writer) (done bool, err error) {
	path := flag("restore")
	if path == "" {
		return false, nil
	}
	report, err := restoreFile(dataDir, path, store.Options{})
	if err != nil {
		return true, fmt.Errorf("restore %s: %w", path, err)
	}
	_, err = fmt.Fprintf(out, "restored %s into %s, as it was archived at %s: changes 1 to %d; start the service without -restore to use it\n",
		path, dataDir, report.Created.Format(time.RFC3339), report.Revision)
	return true, err
}

func restoreFile(dataDir, path string, o store.Options) (report RestoreReport, err error) {
	file, err := os.Open(path)
	if err != nil {
		return report, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return report, err
	}
	s, err := openShelf(filepath.Join(dataDir, bookDir), o)
	if err != nil {
		return report, err
	}
	report, err = s.restore(file, info.Size())
	return report, errors.Join(err, s.Close())
}

const (
	restoreFiles = "restore-*.zip"  // in the directory of the data, as they arrive
	restoreTime  = 30 * time.Minute // for the largest of archives
)

// sweepRestores removes archives whose restore a crash has ended.
func sweepRestores(dataDir string) error {
	left, err := filepath.Glob(filepath.Join(dataDir, restoreFiles))
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// restore puts the book in an archive of that size in the place of an untouched
// one: whole, or not at all. The error is an *ArchiveError for an archive that is
// refused and a *ConflictError for a book that is in use; any other is the disk's.
// Nothing was restored then, unless it wraps store.ErrStopped.
func (s *shelf) restore(file io.ReaderAt, size int64) (RestoreReport, error) {
	if !s.restoring.TryLock() {
		return RestoreReport{}, &ConflictError{Detail: "another archive is being restored; wait until that is done"}
	}
	defer s.restoring.Unlock()
	if err := s.untouched(); err != nil {
		return RestoreReport{}, err
	}
	from, err := archive.Open(file, size, store.MaxRecord)
	if err != nil {
		return RestoreReport{}, archiveError(from, err)
	}
	if from.Revision == 0 {
		return RestoreReport{}, &ArchiveError{Detail: "is of a book in which nothing was ever done: there is nothing to restore"}
	}
	book := new(Book)
	made, err := store.Replace(s.dir, book, s.o, from.Texts(), (*Book).follows)
	if err != nil {
		return RestoreReport{}, archiveError(from, err)
	}
	if have := book.counts(); have != from.Counts {
		return RestoreReport{}, errors.Join(&ArchiveError{Detail: fmt.Sprintf("says that it has %v, and has %v; fetch it again", from.Counts, have)}, made.Discard())
	}
	out := RestoreReport{from.Revision, from.Created, from.Counts.Classes, from.Counts.Students, from.Counts.Assignments}
	return out, s.swap(made)
}

// swap opens a replacement in the place of the book, unless that was written to
// meanwhile.
func (s *shelf) swap(made *store.Replacement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.book.untouched(); err != nil {
		return errors.Join(err, made.Discard())
	}
	switch err := made.Commit(); {
	case errors.Is(err, store.ErrStopped):
		s.book.Close() // nothing is to be written to it: the next start may find the other
		s.o.Fatal(err)
		return err
	case err != nil:
		return errors.Join(err, made.Discard())
	}
	s.book.Close() // what it could not save is not wanted any more
	if err := s.open(); err != nil {
		err = fmt.Errorf("%w: the archive is restored, and cannot be opened: %w", store.ErrStopped, err)
		s.o.Fatal(err)
		return err
	}
	return nil
}

// untouched returns a *ConflictError for a book that holds more than the sample.
func (s *shelf) untouched() error { return s.present().untouched() }

func (b *keptBook) untouched() error {
	revision := b.Revision()
	if revision == 1 {
		first, err := b.Record(1)
		if err != nil {
			return err
		}
		if sample := sampleRecord(); first.Record.Action == sample.Action {
			return nil
		}
	}
	if revision == 0 {
		return nil
	}
	return &ConflictError{Detail: fmt.Sprintf("the book is in use: it has %d %s, and a restore would lose them; restore into a service with an empty data directory, which -data names", revision, plural(int(revision), "change"))}
}

// archiveError is an *ArchiveError if err is about the archive, and err otherwise.
func archiveError(from *archive.Reader, err error) error {
	if e, ok := errors.AsType[*zipfile.Error](err); ok {
		return &ArchiveError{Part: e.Name, Detail: e.Detail}
	}
	if e, ok := errors.AsType[*store.RecordError](err); ok {
		part, line := from.Where()
		return &ArchiveError{Part: part, Line: line, Detail: e.Err.Error()}
	}
	return err
}
