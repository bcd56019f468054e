package grades

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"gradebook/service/web"
)

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

// asked reads from the query what a file is.
func (s *Server) asked(r *http.Request) (ImportOptions, error) {
	o := ImportOptions{
		Format: web.Value(r, "format"), Class: web.Int(r, "class", 0), Title: web.Value(r, "title"),
		Blanks: web.Value(r, "blanks"), Dates: web.Value(r, "dates"),
	}
	if o.Format == "" {
		o.Format = FormatAuto
	}
	if columns := web.Value(r, "columns"); columns != "" {
		if err := json.Unmarshal([]byte(columns), &o.Columns); err != nil {
			return o, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "columns", Detail: `must be JSON such as {"Nr": "id", "Notes": "ignore"}`})
		}
	}
	return o, s.check(&o)
}

// check refuses options that fit no file.
func (s *Server) check(o *ImportOptions) error {
	var f faults
	if _, ok := s.formats[o.Format]; !ok && o.Format != FormatAuto {
		f.add("format", "is %.40q; give one of %s", o.Format, strings.Join(s.formatNames(FormatAuto), ", "))
	}
	if !slices.Contains([]string{"", BlanksKeep, BlanksClear}, o.Blanks) {
		f.add("blanks", "is %.40q; give %s or %s", o.Blanks, BlanksKeep, BlanksClear)
	}
	if !slices.Contains([]string{"", "dmy", "mdy"}, o.Dates) {
		f.add("dates", "is %.40q; give dmy or mdy", o.Dates)
	}
	for column, meaning := range o.Columns {
		if !slices.Contains(columnMeanings(), meaning) {
			f.add("columns", "says that %.40q is %.40q; give one of %s", column, meaning, strings.Join(columnMeanings(), ", "))
		}
	}
	return f.err()
}

// checkClass refuses a class that cannot be imported into, before a large file is
// read.
func (s *Server) checkClass(o *ImportOptions) error {
	if o.Class == 0 {
		return nil
	}
	return s.view(func(b *Book, _ time.Time) error {
		_, err := b.writable(o.Class)
		return err
	})
}

// columnMeanings are what a column may be said to be.
func columnMeanings() []string {
	return []string{"id", "sis", "login", "firstName", "lastName", "name", "email", "section", "ignore", "assignment"}
}

// apply changes the options that are given.
func (c *ImportChange) apply(o *ImportOptions) {
	set(&o.Format, c.Format)
	set(&o.Class, c.Class)
	set(&o.Title, c.Title)
	set(&o.Blanks, c.Blanks)
	set(&o.Dates, c.Dates)
	if c.Columns != nil {
		o.Columns = c.Columns
	}
}
