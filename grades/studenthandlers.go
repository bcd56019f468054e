package grades

import (
	"net/http"
	"slices"
	"time"

	"gradebook/service/web"
)

// maxPage is the most students on a page.
const maxPage = 1000

func (s *Server) getStudents(w http.ResponseWriter, r *http.Request) error {
	class, text, removed := web.Int(r, "class", 0), web.Value(r, "q"), web.Bool(r, "removed")
	limit, after := web.Int(r, "limit", maxPage), web.Int(r, "cursor", 0)
	var next int
	var bodies [][]byte
	collect := func(b *Book, p *parts) (err error) {
		var list []*studentState
		if list, next, err = b.page(class, text, removed, after, limit); err != nil {
			return err
		}
		bodies = make([][]byte, len(list))
		for i, student := range list {
			if p.leave(student.ID, student.made(p.now)) {
				continue
			}
			if bodies[i], err = student.json(p.now); err != nil {
				return err
			}
		}
		return nil
	}
	err := inTurns(s.view, collect, func(b *Book, id int, now time.Time) {
		b.students[id-1].json(now) // its error is collect's
	})
	if err != nil {
		return err
	}
	if next != 0 {
		linkNext(w, r, "cursor", uint64(next))
	}
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	*buffer = appendArray((*buffer)[:0], bodies)
	return web.WriteRawJSON(w, http.StatusOK, *buffer)
}

// appendArray appends a line with an array of what is JSON already.
func appendArray(b []byte, parts [][]byte) []byte {
	size := len("[]\n") + len(parts)
	for _, part := range parts {
		size += len(part)
	}
	b = append(slices.Grow(b, size), '[')
	for i, part := range parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, part...)
	}
	return append(b, "]\n"...)
}

func (s *Server) getStudent(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "student")
	if err != nil {
		return err
	}
	var body []byte
	err = s.view(func(b *Book, now time.Time) error {
		student, err := b.student(id)
		if err != nil {
			return err
		}
		body, err = student.json(now)
		return err
	})
	if err != nil {
		return err
	}
	return web.WriteRawJSON(w, http.StatusOK, body)
}

func (s *Server) postStudent(r *http.Request) (decideFunc, error) {
	var in StudentInput
	if err := web.Decode(r, &in); err != nil {
		return nil, err
	}
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.createStudent(in) }, nil
}

func (s *Server) patchStudent(r *http.Request) (decideFunc, error) {
	id, err := web.PathID(r, "student")
	if err != nil {
		return nil, err
	}
	var in StudentInput
	if err := web.Decode(r, &in); err != nil {
		return nil, err
	}
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.changeStudent(id, in) }, nil
}

func (s *Server) deleteStudent(r *http.Request) (decideFunc, error) {
	id, err := web.PathID(r, "student")
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.removeStudent(id) }, err
}

func (s *Server) postGrade(r *http.Request) (decideFunc, error) {
	id, err := web.PathID(r, "student")
	if err != nil {
		return nil, err
	}
	in, err := decodeGrade(r)
	return func(b *Book, actor string, at time.Time) (decision, error) { return b.addGrade(id, in, actor, at) }, err
}

// view has a request answered from the book at one revision. What read returns
// is only right when view returns nil.
func (s *Server) view(read func(b *Book, now time.Time) error) error {
	var err error
	if err := s.store.View(func(b *Book) { err = read(b, time.Now()) }); err != nil {
		return err
	}
	return err
}
