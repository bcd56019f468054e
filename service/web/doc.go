// Package web is how our services speak HTTP: handlers that return errors,
// problem documents (RFC 9457), JSON that is decoded strictly and encoded
// before the header is written, server-sent events, the looks that all pages
// share, and the few middlewares that guard a loopback service.
//
// A handler decodes, makes one call to its domain and encodes:
//
//	func (s *Server) getStudent(w http.ResponseWriter, r *http.Request) error {
//		id, err := web.PathID(r, "id")
//		if err != nil {
//			return err
//		}
//		student, err := s.book.Student(id)
//		if err != nil {
//			return err // a fact of the domain; one table turns it into a problem
//		}
//		return web.WriteJSON(w, http.StatusOK, student)
//	}
//
// A route is declared in one place, with all that a client has to know of it:
//
//	m.Handle("GET /students", s.getStudents, web.Does("The students, by id."),
//		web.Query(web.Whole("limit", "at most so many", 1, 1000)),
//		web.Gives(200, []Student{}), web.Fails(404))
//
// The Mux lets only such queries through to the handler, and [Document] makes
// OpenAPI of it; package webtest compares both with what tests see.
//
// The package knows nothing of registration, storage or grades, and keeps no
// state of its own.
package web
