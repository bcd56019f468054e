package grades

import (
	"math"
	"net/http"
	"slices"
	"strings"

	"gradebook/service/web"
)

// routes is the API.
func (s *Server) routes() {
	handle := func(pattern string, h web.HandlerFunc, summary string, about ...web.About) {
		s.mux.Handle(pattern, h, append(about, web.Does(summary), pathIDParams())...)
	}
	change := func(pattern string, prepare func(*http.Request) (decideFunc, error), summary string, about ...web.About) {
		handle(pattern, s.write(prepare), summary, append(about, web.Header(writeHeaders(pattern)...))...)
	}
	at := web.Text("at", "the book as it was then: the revision of a change, or a time such as 2026-11-20T15:04:05Z")
	removed := web.Query(web.Flag("removed", "also what was removed, by whom and when"))
	made := web.Sends(web.Text("Location", "of what was made"))
	older := web.Sends(web.Text("Link", `where the next page is, as rel="next"`))

	handle("GET /classes", s.getClasses, "The classes.", removed, web.Gives(200, []ClassSummary{}))
	change("POST /classes", s.postClass, "Makes a class.",
		web.Takes(classBody{}), made, web.Gives(201, Class{}), web.Fails(422))
	handle("GET /classes/{class}", s.getClass, "One class and its rules.", web.Query(at), web.Gives(200, ClassSummary{}), web.Fails(404, 422))
	change("PATCH /classes/{class}", s.patchClass, "Changes the settings of a class that are given.",
		web.Takes(classBody{}), web.Gives(200, Class{}), web.Fails(404, 422))
	change("DELETE /classes/{class}", s.deleteClass, "Removes a class, which an undo brings back.", web.Gives(204, nil), web.Fails(404))

	handle("GET /classes/{class}/assignments", s.getAssignments, "The assignments of a class.",
		removed, web.Gives(200, []ListedAssignment{}), web.Fails(404))
	change("POST /classes/{class}/assignments", s.postAssignment, "Makes an assignment.",
		web.Takes(assignmentBody{}), made, web.Gives(201, Assignment{}), web.Fails(404, 409, 422))
	change("PATCH /classes/{class}/assignments/{assignment}", s.patchAssignment, "Changes what is given of an assignment.",
		web.Takes(assignmentBody{}), web.Gives(200, Assignment{}), web.Fails(404, 409, 422))
	change("DELETE /classes/{class}/assignments/{assignment}", s.deleteAssignment, "Removes an assignment and hides its grades; an undo brings them back.",
		web.Gives(204, nil), web.Fails(404, 409))

	handle("GET /classes/{class}/students", s.getRoster, "The students of a class.",
		removed, web.Gives(200, []ListedStudent{}), web.Fails(404))
	change("POST /classes/{class}/students", s.postEnrollment, "Enrolls a student in a class.",
		web.Takes(enrollmentBody{}), made, web.Gives(201, Student{}), web.Gives(200, Student{}), web.Fails(404, 409, 422))
	change("DELETE /classes/{class}/students/{student}", s.deleteEnrollment, "Takes a student out of a class and hides the grades; enrolling again brings them back.",
		web.Gives(204, nil), web.Fails(404, 409))

	handle("GET /students", s.getStudents, "Students with their grades and totals, by id.",
		web.Query(studentParams()...), removed, older, web.Gives(200, []StudentView{}), web.Fails(404))
	change("POST /students", s.postStudent, "Makes a student.",
		web.Takes(StudentInput{}), made, web.Gives(201, Student{}), web.Fails(409, 422))
	handle("GET /students/{student}", s.getStudent, "One student with grades and totals.", web.Gives(200, StudentView{}), web.Fails(404))
	change("PATCH /students/{student}", s.patchStudent, "Changes what is given of a student.",
		web.Takes(StudentInput{}), web.Gives(200, Student{}), web.Fails(404, 409, 422))
	change("DELETE /students/{student}", s.deleteStudent, "Removes a student, whom an undo brings back.", web.Gives(204, nil), web.Fails(404))
	change("POST /students/{student}/grades", s.postGrade, "Gives a grade by the title of its assignment, which is made if there is none.",
		web.Takes(gradeBody{}), made, web.Gives(201, StudentGrade{}), web.Fails(404, 409, 422))

	handle("GET /classes/{class}/gradebook", s.getGradebook, "The whole grid of a class, with totals.",
		web.Query(at), web.Gives(200, Gradebook{}), web.Fails(404, 422))
	handle("GET /classes/{class}/grades/{student}/{assignment}", s.getCell, "One grade.",
		web.Sends(etagHeader()), web.Gives(200, Grade{}), web.Fails(404))
	change("PUT /classes/{class}/grades/{student}/{assignment}", s.putCell, "Writes one grade over the one that was read; without a score, a status, a comment and a time of submission it is emptied.",
		web.Header(
			web.Text("If-Match", `what is there now: the ETag that was read, such as "r7"; * is any grade`),
			web.Text("If-None-Match", "* when nothing is there now")),
		web.Takes(cellBody{}), made, web.Sends(etagHeader()), web.Gives(201, Grade{}), web.Gives(200, Grade{}), web.Gives(204, nil), web.Fails(404, 409, 412, 422, 428))
	change("POST /classes/{class}/grades", s.postCells, "Writes many grades as one change: all or none, or with atomic false each that can be.",
		web.Takes(batchBody{}), web.Gives(200, BatchReport{}), web.Fails(404, 409, 422))

	handle("GET /classes/{class}/students/{student}/explanation", s.getExplanation, "Where a student's totals come from, and what is still within reach.",
		web.Query(at), web.Gives(200, Explanation{}), web.Fails(404, 422))
	handle("POST /classes/{class}/preview", s.postPreview, "Whose totals other settings would change; it changes nothing.",
		web.Takes(previewBody{}), web.Gives(200, Preview{}), web.Fails(404, 422))
	handle("GET /classes/{class}/checks", s.getChecks, "What the teacher of a class should look at.",
		web.Query(at), web.Gives(200, []Check{}), web.Fails(404, 422))
	handle("GET /classes/{class}/statistics", s.getClassStatistics, "How a class did, by assignment and in total.",
		web.Query(at), web.Gives(200, ClassStatistics{}), web.Fails(404, 422))
	handle("GET /statistics", s.getStatistics, "How all classes did.", web.Gives(200, Statistics{}))

	handle("GET /classes/{class}/history", s.getClassHistory, "Who changed what in a class, newest first.",
		web.Query(web.Whole("student", "only changes of this student", 1, math.MaxInt)), web.Query(historyParams()...), older, web.Gives(200, []Commit{}), web.Fails(404))
	handle("GET /students/{student}/history", s.getStudentHistory, "Who changed what of a student, newest first.",
		web.Query(historyParams()...), older, web.Gives(200, []Commit{}), web.Fails(404))
	change("POST /classes/{class}/undo", s.postClassUndo, "Takes back one change of a class, whole, unless something it touched was changed since.",
		web.Takes(UndoInput{}), web.Gives(200, UndoReport{}), web.Fails(404, 409, 422))
	change("POST /students/{student}/undo", s.postStudentUndo, "Takes back one change of a student, as of a class.",
		web.Takes(UndoInput{}), web.Gives(200, UndoReport{}), web.Fails(404, 409, 422))

	handle("GET /changes", s.getChanges, "Every change, in order and without gaps; as a stream without an end with Accept: text/event-stream, in events whose id is the revision.",
		web.Query(changesParams()...), web.Header(web.Text("Last-Event-ID", "goes before after in a stream: the last event that was read")),
		web.Gives(200, ChangesPage{}), web.Gives(200, Commit{}, "text/event-stream"), web.Fails(409, 422))

	handle("GET /archive", s.getArchive, "The whole book with its history as one ZIP, as it is when the request comes: every change in records/, tables of the classes for people, and a manifest with the checksum of each file.",
		web.Sends(web.Text("Content-Disposition", "a name for the file")), web.Gives(200, nil, "application/zip"))
	handle("POST /restore", s.postRestore, "Gives back the book that is in an archive of at most 4 GiB, whole or not at all, to a service that has nothing but the sample class.",
		web.Takes(nil, "*/*"), web.Gives(200, RestoreReport{}), web.Fails(409, 422))

	handle("GET /changes/{revision}", s.getChange, "What one change did, in parts where it is very much: an import changes a million grades at once.",
		web.Query(windowParams()...), older, web.Gives(200, Commit{}), web.Fails(404))

	handle("GET /classes/{class}/difference", s.getDifference, "What differs in a class between two times.",
		web.Query(web.Needed(web.Text("from", "the earlier time, as the revision of a change or as a time")), web.Text("to", "the later one, likewise; now without it")),
		web.Query(windowParams()...), older, web.Gives(200, Difference{}), web.Fails(404, 422))

	s.importRoutes(handle)
	format := web.Needed(web.OneOf("format", "of the file", s.formatNames()...))
	handle("GET /export", s.getSchoolExport, "All classes with their students as one file, or with since what has changed since then.",
		web.Query(web.Needed(web.OneOf("format", "of the file", s.schoolFormats()...)), web.Text("since", "a moment before, as the revision of a change or as a time")),
		web.Sends(web.Text("Content-Disposition", "a name for the file"), web.Text("Gradebook-Revision", "of the book that the file shows: the next since")),
		web.Gives(200, nil, s.mediaTypes(s.schoolFormats())...), web.Fails(422))
	handle("GET /classes/{class}/export", s.getExport, "The gradebook of a class as a file.",
		web.Query(format, at), web.Sends(web.Text("Content-Disposition", "a name for the file")), web.Gives(200, nil, s.mediaTypes(s.formatNames())...), web.Fails(404, 422))
}

// pathIDParams are the ids in paths.
func pathIDParams() web.About {
	return web.Path(
		web.Whole("class", "its id", 1, math.MaxInt),
		web.Whole("student", "the student's id", 1, math.MaxInt),
		web.Whole("assignment", "the assignment's id", 1, math.MaxInt),
		web.Whole("revision", "of the change", 1, math.MaxInt),
		web.Text("import", "its id"))
}

// writeHeaders are what a request that changes something may say of itself.
func writeHeaders(pattern string) []web.Param {
	list := []web.Param{web.Text("Gradebook-Actor", "who makes the change; api without it")}
	if strings.HasPrefix(pattern, http.MethodPost+" ") {
		list = append(list, web.Text("Idempotency-Key", "makes a repeat within 7 days harmless: it gets the same answer"))
	}
	return list
}

func etagHeader() web.Param {
	return web.Text("ETag", "names the revision of the grade, for If-Match")
}

func studentParams() []web.Param {
	return []web.Param{
		web.Whole("class", "only those enrolled in it", 1, math.MaxInt),
		web.Text("q", "in the name, email or external id, in any letter case"),
		web.Whole("limit", "at most so many", 1, maxPage),
		web.Whole("cursor", "where the page before ended", 0, math.MaxInt),
	}
}

func historyParams() []web.Param {
	return []web.Param{
		web.Whole("assignment", "only changes of this assignment", 1, math.MaxInt),
		web.Text("by", "only changes that this person made"),
		web.Whole("before", "only changes of a lower revision", 1, math.MaxInt),
		web.Whole("limit", "at most so many", 1, maxHistory),
	}
}

func changesParams() []web.Param {
	return []web.Param{
		web.Whole("after", "the changes after this revision; 0 without it: all", 0, math.MaxInt),
		web.Whole("limit", "at most so many; 100 without it", 1, maxChanges),
		web.Span("wait", "for a change, if there is none", maxWait),
	}
}

// mediaTypes are those of the files that the service writes in these formats.
func (s *Server) mediaTypes(names []string) []string {
	var list []string
	for _, name := range names {
		media, _, _ := strings.Cut(s.formats[name].ContentType(), ";")
		list = append(list, media)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Routes returns what the service says of its routes.
func (s *Server) Routes() []web.Route { return s.mux.Routes() }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }
