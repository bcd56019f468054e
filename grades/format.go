package grades

import "io"

// Format reads and writes one kind of gradebook file. Implementations are safe
// for concurrent use.
type Format interface {
	// Read reads a file of size bytes. It is on disk and never whole in memory,
	// and may be read in any order and more than once. What cannot be accepted
	// is a *SheetError that names every bad line, the first of very many.
	Read(file io.ReaderAt, size int64, o ReadOptions) (*File, error)
	// Write writes gradebooks as a file. Most formats hold one class and are
	// given one.
	Write(w io.Writer, books []*Gradebook) error
	// ContentType is the media type of what Write writes.
	ContentType() string
	// Extension is what the name of such a file ends in: "csv", "zip", "tsv".
	Extension() string
	// Recognizes reports whether a file that begins with head, its first 64 KiB
	// or all of a smaller one, is surely of this kind. No two formats recognize
	// the same file.
	Recognizes(head []byte) bool
}

// ReadOptions is what is known of a file that the file does not say, such as the
// answers to a Question. The zero value is nothing.
type ReadOptions struct {
	// Columns says what a column is, by its title or as "#3" by its number from
	// 1: one of id, sis, login, firstName, lastName, name, email, section,
	// ignore and assignment. "#0", the number of the line, may be the name.
	Columns map[string]string
	// Dates is the order of dates such as 3/4/2026: "dmy", "mdy", or "" to find
	// out.
	Dates string
	// Progress, if there is one, is told now and then how many bytes of the file
	// were read.
	Progress func(bytes int64)
	// ClassOf, if there is one, looks in the book for the assignment that has an id
	// in another system, and returns that of its class there: a file that holds only
	// changes may not say. Not ok is an assignment that the book does not have.
	ClassOf func(assignment string) (class string, ok bool)
}

// File is the content of a gradebook file, before it is matched with what is in
// the book.
type File struct {
	Sheets    []*Sheet // one for each class, at least one
	Guesses   []Guess
	Doubts    []Doubt
	Questions []Question
}

// Guess is what a reader took for granted.
type Guess struct {
	What   string `json:"what"`             // format, encoding, separator, decimal, dates, column and the like
	Value  string `json:"value,omitempty"`  // such as "semicolon"
	Detail string `json:"detail,omitempty"` // a sentence for people
}

// Doubt is something in a file that may not be meant as it is understood, and
// what would happen.
type Doubt struct {
	File   string `json:"file,omitempty"` // in a file of several
	Line   int    `json:"line,omitempty"` // from 1; 0 for the whole file
	Column string `json:"column,omitempty"`
	Detail string `json:"detail"`
}

// Question is what must be said before a file can be applied.
type Question struct {
	Option  string   `json:"option"`           // what answers it: columns, dates, title or class; a Format may leave it out
	Column  string   `json:"column,omitempty"` // by its title, or "#3", if columns answers it
	Detail  string   `json:"detail"`
	Choices []string `json:"choices,omitempty"` // of answers; without them any is one
}
