package grades

import (
	"net/http"
	"time"

	"gradebook/service/web"
)

func (s *Server) getClasses(w http.ResponseWriter, r *http.Request) error {
	var list []ClassSummary
	removed := web.Bool(r, "removed")
	collect := func(b *Book, p *parts) error {
		list = make([]ClassSummary, 0, len(b.classes))
		for _, class := range b.classes {
			if class.removed != nil && !removed || p.leave(class.ID, class.summarized(p.now)) {
				continue
			}
			list = append(list, class.summarize(p.now))
		}
		return nil
	}
	err := inTurns(s.view, collect, func(b *Book, id int, now time.Time) {
		b.classes[id-1].summarize(now)
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, list)
}

// answerClass answers what of makes of the class that the path names.
func answerClass[T any](s *Server, w http.ResponseWriter, r *http.Request, of func(class *classState, now time.Time) T) error {
	out, err := viewClass(s, r, of)
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

func viewClass[T any](s *Server, r *http.Request, of func(class *classState, now time.Time) T) (out T, err error) {
	id, err := web.PathID(r, "class")
	if err != nil {
		return out, err
	}
	err = s.viewAt(r, id, func(b *Book, now time.Time) error {
		class, err := b.class(id)
		if err == nil {
			out = of(class, now)
		}
		return err
	})
	return out, err
}

func (s *Server) getClass(w http.ResponseWriter, r *http.Request) error {
	return answerClass(s, w, r, (*classState).summarize)
}

func (s *Server) getAssignments(w http.ResponseWriter, r *http.Request) error {
	return answerList(s, w, r, (*Book).listed)
}

func (s *Server) getRoster(w http.ResponseWriter, r *http.Request) error {
	return answerList(s, w, r, func(_ *Book, class *classState, removed bool) []ListedStudent { return class.listed(removed) })
}

// answerList answers a list of the class that the path names, with what was
// removed if the query asks for it.
func answerList[T any](s *Server, w http.ResponseWriter, r *http.Request, of func(b *Book, class *classState, removed bool) []T) error {
	id, err := web.PathID(r, "class")
	if err != nil {
		return err
	}
	var list []T
	err = s.view(func(b *Book, _ time.Time) error {
		class, err := b.class(id)
		if err == nil {
			list = of(b, class, web.Bool(r, "removed"))
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, list)
}

func (s *Server) getGradebook(w http.ResponseWriter, r *http.Request) error {
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	body, err := viewClass(s, r, func(class *classState, now time.Time) []byte { return class.appendGradebook((*buffer)[:0], now) })
	if err != nil {
		return err
	}
	*buffer = append(body, '\n')
	return web.WriteRawJSON(w, http.StatusOK, *buffer)
}

func (s *Server) postClass(r *http.Request) (decideFunc, error) {
	in, err := decodeClass(r)
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.createClass(in) }, err
}

func (s *Server) patchClass(r *http.Request) (decideFunc, error) {
	id, err := web.PathID(r, "class")
	if err != nil {
		return nil, err
	}
	in, err := decodeClass(r)
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.changeClass(id, in) }, err
}

func (s *Server) deleteClass(r *http.Request) (decideFunc, error) {
	id, err := web.PathID(r, "class")
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.removeClass(id) }, err
}

func (s *Server) postAssignment(r *http.Request) (decideFunc, error) {
	class, err := web.PathID(r, "class")
	if err != nil {
		return nil, err
	}
	in, err := decodeAssignment(r)
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.createAssignment(class, in) }, err
}

func (s *Server) patchAssignment(r *http.Request) (decideFunc, error) {
	class, id, err := pathIDs(r, "class", "assignment")
	if err != nil {
		return nil, err
	}
	in, err := decodeAssignment(r)
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.changeAssignment(class, id, in) }, err
}

func (s *Server) deleteAssignment(r *http.Request) (decideFunc, error) {
	class, id, err := pathIDs(r, "class", "assignment")
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.removeAssignment(class, id) }, err
}

// enrollmentBody says who comes into a class.
type enrollmentBody struct {
	Student int `json:"student" api:"needed"`
}

func (s *Server) postEnrollment(r *http.Request) (decideFunc, error) {
	class, err := web.PathID(r, "class")
	if err != nil {
		return nil, err
	}
	var in enrollmentBody
	err = web.Decode(r, &in)
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.enroll(class, in.Student) }, err
}

func (s *Server) deleteEnrollment(r *http.Request) (decideFunc, error) {
	class, student, err := pathIDs(r, "class", "student")
	return func(b *Book, _ string, _ time.Time) (decision, error) { return b.unenroll(class, student) }, err
}

func pathIDs(r *http.Request, first, second string) (int, int, error) {
	a, err := web.PathID(r, first)
	if err != nil {
		return 0, 0, err
	}
	b, err := web.PathID(r, second)
	return a, b, err
}
