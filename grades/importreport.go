package grades

// What an import did with a line.
const (
	LineCreated   = "created"   // a student that was not in the class
	LineChanged   = "changed"   // at least one grade
	LineUnchanged = "unchanged" // nothing
	LineRefused   = "refused"
)

// ImportRequest says what a file is. Class 0 is the class of that title, made
// when there is none; Title "" is the title in the file.
type ImportRequest struct {
	Format string
	Title  string
	Class  int
	DryRun bool // report what would be done and change nothing
}

// ImportReport says what an import did, or with DryRun would do.
type ImportReport struct {
	Class       ImportClass  `json:"class"`
	DryRun      bool         `json:"dryRun"`
	Revision    uint64       `json:"revision"` // of the change; 0 when nothing changed
	Students    ImportCounts `json:"students"`
	Assignments ImportCounts `json:"assignments"`
	Grades      ImportCounts `json:"grades"`
	Lines       []LineReport `json:"lines"`
	Notes       []string     `json:"notes"`
}

// ImportClass is the class imported into. Its ID is 0 in a dry run that would
// create it.
type ImportClass struct {
	ID      int    `json:"id"`
	Title   string `json:"title"`
	Created bool   `json:"created"`
}

// ImportCounts counts things by what an import did with them.
type ImportCounts struct {
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
}

// LineReport is what an import did with one line of the file.
type LineReport struct {
	Line    int    `json:"line"`
	Student string `json:"student"`
	Outcome string `json:"outcome"`
	Detail  string `json:"detail,omitempty"`
}
