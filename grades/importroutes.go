package grades

import (
	"math"

	"gradebook/service/web"
)

// importRoutes are the part of the API that takes files in.
func (s *Server) importRoutes(handle func(pattern string, h web.HandlerFunc, summary string, about ...web.About)) {
	const pattern = "POST /imports"
	async := web.Header(web.Text("Prefer", "respond-async: answers before the file was read"))
	handle(pattern, s.postImport, "Takes a file of at most 128 MiB and with dryRun says what it would do, cell by cell; without, imports it at once, all or nothing.",
		web.Header(writeHeaders(pattern)...), async, web.Query(s.importParams()...), web.Takes(nil, "*/*"),
		web.Sends(web.Text("Location", "of the import")),
		web.Gives(200, ImportReport{}), web.Gives(201, ImportReport{}), web.Gives(202, ImportReport{}), web.Fails(404, 409, 413, 422))
	handle("GET /imports", s.getImports, "The imports of the last day, the newest first, without their rows.", web.Gives(200, []ImportReport{}))
	handle("GET /imports/{import}", s.getImport, "What an import would do or has done, and while its file is read how far that is.",
		web.Query(web.Whole("cursor", "where the page of rows before ended", 0, math.MaxInt), web.Whole("limit", "at most so many rows", 1, maxImportRows)),
		web.Gives(200, ImportReport{}), web.Fails(404, 422))
	handle("PATCH /imports/{import}", s.patchImport, "Answers what an import asks, or has its file read in another way.",
		async, web.Takes(ImportChange{}), web.Sends(web.Text("Location", "of the import")),
		web.Gives(200, ImportReport{}), web.Gives(202, ImportReport{}), web.Fails(404, 409, 422))
	const apply = "POST /imports/{import}/apply"
	handle(apply, s.postApply, "Applies an import, or those of its rows that are chosen, as one change that an undo takes back. It does what the import showed, or nothing when the book has moved meanwhile.",
		web.Header(writeHeaders(apply)...), web.Takes(applyBody{}), web.Gives(200, ImportReport{}), web.Fails(404, 409, 422))
	handle("DELETE /imports/{import}", s.deleteImport, "Forgets an import. What it has changed stays.", web.Gives(204, nil), web.Fails(404))
}

// importParams are what a request may say of a file.
func (s *Server) importParams() []web.Param {
	return []web.Param{
		web.OneOf("format", "of the file; auto without it, which finds out", s.formatNames(FormatAuto)...),
		web.Text("name", "of the file, for people"),
		web.Whole("class", "to import into", 1, math.MaxInt),
		web.Text("title", "of the class, if the file does not say"),
		web.OneOf("blanks", "what a blank does to a score: keep, or clear", BlanksKeep, BlanksClear),
		web.Text("columns", `what columns are, by title or number, as JSON such as {"Nr": "id", "#3": "ignore"}; {"#0": "name"} calls students by their lines`),
		web.OneOf("dates", "the order of dates in the file", "dmy", "mdy"),
		web.Flag("dryRun", "true: says what would be done and changes nothing"),
	}
}
