package grades

// What to do with a cell that is blank in a file and has a score in the book.
const (
	BlanksKeep  = "keep"  // keep the score, and say so
	BlanksClear = "clear" // take the score away, and list it
)

// FormatAuto has the service find out of which format a file is.
const FormatAuto = "auto"

// ImportOptions says what a file is and what to do with it. The zero value
// leaves all of it to the file.
type ImportOptions struct {
	Format  string            `json:"format"`           // by its name, or FormatAuto
	Class   int               `json:"class,omitempty"`  // to import into; 0 is the class that the file means, made when there is none
	Title   string            `json:"title,omitempty"`  // of the class, for a file that does not say
	Blanks  string            `json:"blanks,omitempty"` // BlanksKeep or BlanksClear
	Columns map[string]string `json:"columns,omitempty"`
	Dates   string            `json:"dates,omitempty"` // see ReadOptions, as of Columns
}

// ImportRequest is an import to make.
type ImportRequest struct {
	ImportOptions
	Name   string // of the file, for people
	DryRun bool   // say what would be done and change nothing
	Async  bool   // with DryRun: do not wait until the file was read
}

// ImportChange changes the options of an import that are given, and has its file
// read again.
type ImportChange struct {
	Format  *string           `json:"format,omitempty"`
	Class   *int              `json:"class,omitempty"`
	Title   *string           `json:"title,omitempty"`
	Blanks  *string           `json:"blanks,omitempty"`
	Columns map[string]string `json:"columns,omitempty"`
	Dates   *string           `json:"dates,omitempty"`
}
