package grades

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"gradebook/grades/archive"
	"gradebook/service/web"
)

// getArchive answers the whole book with its history, as it is when the request
// comes, in one ZIP.
func (s *Server) getArchive(w http.ResponseWriter, r *http.Request) error {
	select {
	case s.archives <- struct{}{}:
		defer func() { <-s.archives }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	a := &schoolArchive{book: s.store.present(), table: s.formats["plain"], now: time.Now().UTC()}
	if err := a.begin(); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gradebook-%s-r%d.zip"`, a.now.Format(time.DateOnly), a.revision))
	if r.Method == http.MethodHead {
		return nil
	}
	if err := a.write(r.Context(), web.Transfer(w)); err != nil {
		web.Report(w, err)
		panic(http.ErrAbortHandler) // an end in order would say that this was all
	}
	return nil
}

// schoolArchive is an archive of a book that goes on.
type schoolArchive struct {
	book     *keptBook
	table    Format // of the files for people; nil: none
	now      time.Time
	revision uint64 // the newest in it
	counts   archive.Counts
}

// begin takes note of the book as it is.
func (a *schoolArchive) begin() error {
	return a.book.View(func(b *Book) { a.revision, a.counts = b.revision, b.counts() })
}

func (b *Book) counts() archive.Counts {
	return archive.Counts{Classes: len(b.classes), Students: len(b.students), Assignments: len(b.assignments), Enrollments: len(b.enrollments)}
}

func (a *schoolArchive) write(ctx context.Context, w io.Writer) error {
	out := archive.NewWriter(w, a.now, unhurried())
	if err := out.File("README.txt", a.readme()); err != nil {
		return err
	}
	for text, err := range a.book.Texts(a.revision) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = out.Record(text)
		}
		if err != nil {
			return err
		}
	}
	if err := a.tables(ctx, out); err != nil {
		return err
	}
	return out.Close(a.counts)
}

//go:embed archive.txt
var archiveReadme string

// readme says to people what the archive is.
func (a *schoolArchive) readme() []byte {
	return []byte(strings.NewReplacer(
		"{revision}", fmt.Sprint(a.revision), "{when}", a.now.Format("2 January 2006 15:04 MST"), "{counts}", a.counts.String(),
	).Replace(archiveReadme))
}

// mostRest is how long the longest rest is: a reader that is slow gives rest
// enough.
const mostRest = 20 * time.Millisecond

// unhurried returns a function that rests twice as long as was worked since it
// was last called, so that others find a processor free.
func unhurried() (rest func()) {
	last := time.Now()
	return func() {
		time.Sleep(min(2*time.Since(last), mostRest))
		last = time.Now()
	}
}
