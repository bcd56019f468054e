package grades

import "time"

// The states of an import.
const (
	ImportReading  = "reading"  // the file is being read, or waits to be
	ImportAsks     = "asks"     // there are Questions to answer first
	ImportProposed = "proposed" // it can be applied
	ImportApplied  = "applied"
	ImportRefused  = "refused" // there are Errors
)

// What an import does with a line of a file, a class or an assignment.
const (
	LineCreated   = "created"   // a student that was not in the book
	LineChanged   = "changed"   // at least one grade, or who the student is
	LineUnchanged = "unchanged" // nothing
	LineRemoved   = "removed"   // the file says to take the student out
	LineRefused   = "refused"
)

// What an import does with a cell.
const (
	CellNew     = "new"
	CellChanged = "changed"
	CellCleared = "cleared"
	CellKept    = "kept" // it is blank in the file and stays as it is
)

// ImportReport is an import: what it would do, or has done.
type ImportReport struct {
	ID        string          `json:"id"`
	State     string          `json:"state"`
	Asked     ImportOptions   `json:"asked"`
	Format    string          `json:"format"`         // of the file, once it is known
	File      string          `json:"file,omitempty"` // its name, for people
	Revision  uint64          `json:"revision"`       // of the book that the file was compared with; of one that was applied, of the change, 0 when nothing changed
	Created   time.Time       `json:"created"`
	Expires   time.Time       `json:"expires"`
	Progress  *ImportProgress `json:"progress,omitempty"` // while it is being read
	Guesses   []Guess         `json:"guesses"`
	Doubts    []Doubt         `json:"doubts"`
	Questions []Question      `json:"questions"`
	Errors    []LineError     `json:"errors"`
	Classes   []ImportClass   `json:"classes"`
	Rows      []ImportRow     `json:"rows"`           // some of them
	Next      string          `json:"next,omitempty"` // the cursor of the next rows; "" after the last
}

// ImportProgress is how far a file was read.
type ImportProgress struct {
	Bytes int64 `json:"bytes"`
	Of    int64 `json:"of"`
	Rows  int   `json:"rows"`            // that were compared
	Waits bool  `json:"waits,omitempty"` // for another file, for one is read at a time
}

// ImportClass is what an import does with a class.
type ImportClass struct {
	ID          int            `json:"id"` // 0 in a proposal that would create it
	Title       string         `json:"title"`
	Outcome     string         `json:"outcome"`
	Details     []string       `json:"details,omitempty"`
	Students    ImportCounts   `json:"students"`
	Assignments ImportCounts   `json:"assignments"`
	Cells       CellCounts     `json:"cells"`
	Columns     []ImportColumn `json:"columns"`
}

// ImportCounts counts things by what an import does with them.
type ImportCounts struct {
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`
}

func (c *ImportCounts) count(outcome string) {
	switch outcome {
	case LineCreated:
		c.Created++
	case LineChanged:
		c.Changed++
	case LineRemoved:
		c.Removed++
	default:
		c.Unchanged++
	}
}

// CellCounts counts the cells of which a file says something.
type CellCounts struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Cleared   int `json:"cleared"`
	Kept      int `json:"kept"`
	Unchanged int `json:"unchanged"`
}

// ImportColumn is what an import does with an assignment.
type ImportColumn struct {
	Column     int      `json:"column,omitempty"`
	Assignment int      `json:"assignment"` // 0 in a proposal that would create it
	Title      string   `json:"title"`
	Matched    string   `json:"matched,omitempty"` // "id" or "title", by which it was found; "" for a new one
	Outcome    string   `json:"outcome"`
	Details    []string `json:"details,omitempty"`
}

// ImportRow is what an import does with a student of a file.
type ImportRow struct {
	Row     int          `json:"row"` // from 1, in the order of the file
	File    string       `json:"file,omitempty"`
	Line    int          `json:"line"`
	Class   int          `json:"class"`
	Student int          `json:"student"` // 0 in a proposal that would create the student
	Name    string       `json:"name"`
	Outcome string       `json:"outcome"`
	Detail  string       `json:"detail,omitempty"`
	Cells   []ImportCell `json:"cells,omitempty"` // without those that stay as they are in the file and in the book
}

// ImportCell is what an import does with a cell; null is an empty one.
type ImportCell struct {
	Assignment int        `json:"assignment"` // 0 in a proposal that would create it
	Title      string     `json:"title"`
	What       string     `json:"what"`
	From       *CellValue `json:"from"`
	To         *CellValue `json:"to"`
}
