package portal

import (
	"math"

	"gradebook/service/web"
)

const mediaPage = "text/html"

// routes are the pages, and below /api/ the other services' own routes.
func (s *Server) routes(gateway *gateway) {
	s.mux = web.NewMux(s.fail, mediaPage)
	page := web.Gives(200, nil, mediaPage)
	ids := web.Path(web.Whole("class", "its id", 1, math.MaxInt), web.Whole("student", "their id", 1, math.MaxInt))
	s.mux.Handle("GET /{$}", s.listClasses, web.Does("The classes."), page)
	s.mux.Handle("GET /classes", s.listClasses, web.Does("The classes."), page)
	s.mux.Handle("GET /classes/{class}", s.showClass,
		web.Does("The gradebook of a class."), ids, web.Query(web.Whole("page", "of its students", 1, 1_000_000)), page, web.Fails(404))
	s.mux.Handle("GET /classes/{class}/export", s.exportClass,
		web.Does("The gradebook as a file, or the page that asks which kind is wanted."), ids, web.Query(web.OneOf("format", "of the file", exportFormats()...)),
		web.Gives(200, nil, exportMedia()...), web.Fails(404))
	s.mux.Handle("GET /classes/{class}/import", s.askImport,
		web.Does("The form that uploads a file into a class."), ids, page, web.Fails(404))
	s.mux.Handle("POST /classes/{class}/import", s.runImport,
		web.Does("Takes a file for a class and leads to what it would do."), ids, web.Takes(fileFields{}, "multipart/form-data"), web.Gives(303, nil), web.Fails(404, 409, 413, 422))
	s.mux.Handle("GET /import", s.askImport,
		web.Does("The form that uploads a file."), page)
	s.mux.Handle("POST /import", s.runImport,
		web.Does("Takes a file and leads to what it would do."), web.Takes(fileFields{}, "multipart/form-data"), web.Gives(303, nil), web.Fails(404, 409, 413, 422))
	s.importRoutes()
	s.mux.Handle("GET /students", s.listStudents,
		web.Does("The students."), web.Query(web.Text("cursor", "where the page before ended")), page)
	s.mux.Handle("GET /students/{student}", s.showStudent,
		web.Does("A student's grades and totals."), ids, web.Query(web.Whole("saved", "the assignment whose grade was just saved", 1, math.MaxInt)), page, web.Fails(404))
	s.mux.Handle("POST /students/{student}/grades", s.addGrade,
		web.Does("Adds a grade and leads back to the student."), ids, web.Takes(gradeFields{}, "application/x-www-form-urlencoded"),
		web.Gives(303, nil), web.Fails(404, 409, 422))
	s.mux.Handle("GET /status", s.showStatus, web.Does("How the services are."), page)
	s.mux.Handle("GET /logs", s.showLogs, web.Does("What the services log."), web.Query(
		web.Text("q", "words in a line"), web.Text("service", "of this service"), web.Text("level", "of this level or above"),
		web.Text("trace", "of this request"), web.Text("before", "older than this line")), page)
	s.mux.HandleAssets(s.pages.Assets)
	passes := web.Gives(web.AnyStatus, nil, "*/*")
	s.mux.Handle("/api/grading/", gateway.handler("/api/grading", gradingService), web.Wire(),
		web.Does("Passes a request on to the grading service; path may have slashes."), passes)
	s.mux.Handle("/api/log/", gateway.handler("/api/log", logService), web.Wire(),
		web.Does("Passes a request on to the log service; path may have slashes."), passes)
}

// gradeFields are those of the form that adds a grade.
type gradeFields struct{ Key, Title, Type, Score, Class string }

// fileFields are those of the form that uploads a file.
type fileFields struct {
	File                 any // its content
	Format, Title, Paste string
}

// importRoutes are the pages of an import.
func (s *Server) importRoutes() {
	const form = "application/x-www-form-urlencoded"
	id := web.Path(web.Text("import", "its id"))
	s.mux.Handle("GET /imports/{import}", s.showProposal, web.Does("What an import would do or has done."), id,
		web.Query(web.Text("cursor", "where the page before ended"), web.Flag("undone", "true: it was just taken back")), web.Gives(200, nil, mediaPage), web.Fails(404, 422))
	act := func(path string, h web.HandlerFunc, summary string, fields any, fails ...int) {
		about := []web.About{web.Does(summary), id, web.Gives(303, nil), web.Fails(fails...)}
		if fields != nil {
			about = append(about, web.Takes(fields, form))
		}
		s.mux.Handle("POST /imports/{import}"+path, h, about...)
	}
	act("", s.changeProposal, "Answers what an import asks and has its file read again.", answerFields{}, 404, 409, 422)
	act("/apply", s.applyProposal, "Applies an import, or the lines of a page that are chosen.", applyFields{}, 404, 409, 422)
	act("/undo", s.undoImport, "Takes back what an import has changed.", nil, 404, 409)
	act("/remove", s.removeProposal, "Forgets an import.", nil, 404)
}

// answerFields are those of the form that answers what an import asks: a Meaning
// for each Column.
type answerFields struct {
	Title, Class, Dates, Blanks, Format string
	Column, Meaning                     []string
}

// applyFields are those of the form that applies an import: What is all or
// chosen.
type applyFields struct {
	What string
	Row  []int
}

// Routes returns what the portal says of its routes.
func (s *Server) Routes() []web.Route { return s.mux.Routes() }
