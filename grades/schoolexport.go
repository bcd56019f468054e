package grades

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gradebook/service/web"
)

// SchoolFormat is a Format whose files hold any number of classes, and can hold
// just what has changed.
type SchoolFormat interface {
	Format
	// WriteDelta writes what makes after of before. at is when the last of it
	// changed.
	WriteDelta(w io.Writer, before, after []*Gradebook, at time.Time) error
}

// schoolFormats are the names of the formats that hold a school.
func (s *Server) schoolFormats() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.formats)), func(name string) bool {
		_, ok := s.formats[name].(SchoolFormat)
		return !ok
	})
}

func (s *Server) schoolFormat(r *http.Request) (SchoolFormat, error) {
	if f, ok := s.formats[web.Value(r, "format")].(SchoolFormat); ok {
		return f, nil
	}
	return nil, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "format", Detail: "must be one of " + strings.Join(s.schoolFormats(), ", ")})
}

// getSchoolExport answers with all classes as one file, or with what has changed
// since a moment: all of it as it is at one revision.
func (s *Server) getSchoolExport(w http.ResponseWriter, r *http.Request) error {
	format, err := s.schoolFormat(r)
	if err != nil {
		return err
	}
	since, delta, err := queryInstant(r, "since")
	if err != nil {
		return err
	}
	if err := patient(w); err != nil { // a large school takes longer than other answers
		return err
	}
	now, err := s.newest()
	if err != nil {
		return err
	}
	if since.revision > now.revision {
		return invalid(since.field, "is %d, and the newest change is %d; give that or one before it", since.revision, now.revision)
	}
	after, err := s.school(now, nil)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if !delta {
		err = format.Write(&file, after)
	} else if before, past := s.school(since, after); past != nil {
		return past
	} else {
		err = format.WriteDelta(&file, before, after, now.at)
	}
	if err != nil {
		return fmt.Errorf("export the school: %w", err)
	}
	w.Header().Set("Content-Type", format.ContentType())
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="school-r%d.%s"`, now.revision, format.Extension()))
	w.Header().Set("Content-Length", strconv.Itoa(file.Len()))
	w.Header().Set("Gradebook-Revision", strconv.FormatUint(now.revision, 10))
	_, err = file.WriteTo(w)
	return err
}

// newest is the revision that the book has now.
func (s *Server) newest() (when instant, err error) {
	if err = s.store.View(func(b *Book) { when.revision = b.revision }); err != nil || when.revision == 0 {
		return when, err
	}
	r, err := s.store.Record(when.revision)
	when.at = r.At
	return when, err
}

// school returns the classes that there were at an instant. The book is not held
// while it does: each class is read for itself, and one that has moved on since is
// taken back. Those in known that are still right are not read again.
func (s *Server) school(when instant, known []*Gradebook) ([]*Gradebook, error) {
	classes := 0
	if err := s.store.View(func(b *Book) { classes = len(b.classes) }); err != nil {
		return nil, err
	}
	own, err := s.ownIDs()
	if err != nil {
		return nil, err
	}
	var list []*Gradebook
	for id := 1; id <= classes; id++ {
		if i := slices.IndexFunc(known, func(g *Gradebook) bool { return g.Class.ID == id && g.Revision <= when.revision }); i >= 0 {
			list = append(list, known[i])
			continue
		}
		g, err := s.classAt(id, when)
		if _, none := errors.AsType[*NotFoundError](err); none {
			continue
		}
		if err != nil {
			return nil, err
		}
		own.sign(g)
		list = append(list, g)
	}
	return list, nil
}

// classAt returns a class as it was at an instant, or a *NotFoundError.
func (s *Server) classAt(id int, when instant) (g *Gradebook, err error) {
	now, current := time.Now(), false
	if viewed := s.store.View(func(b *Book) {
		if state := b.classes[id-1]; state.Revision <= when.revision {
			current = true
			if state, err = b.class(id); err == nil {
				g = state.gradebook(now)
			}
		}
	}); viewed != nil || current {
		return g, errors.Join(viewed, err)
	}
	book, then, err := past(s.store, id, when, now)
	if err != nil {
		return nil, err
	}
	state, err := book.class(id)
	if err != nil {
		return nil, err
	}
	return state.gradebook(then.at), nil
}
