package grades

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// proposal is a file that was sent in, and what it would do. On disk it is
//
//	ID.file      what was sent
//	ID.json      its proposalFacts; without it there is no proposal
//	ID.N.report  what the Nth reading of the file came to; without it, it is to be read
//	ID.applied   what was done
//
// A report is a proposalHead in a line, and then a line for each row; see rowLine.
type proposal struct {
	spool *spool
	id    string

	bytes atomic.Int64 // read so far
	rows  atomic.Int64
	waits atomic.Bool

	mu sync.Mutex // guards what follows
	proposalFacts
	head *proposalHead // nil while the file is being read
	done chan struct{} // closed once it was
}

// proposalFacts is what is known of a proposal before its file was read.
type proposalFacts struct {
	Name    string        `json:"name,omitempty"` // of the file, for people
	Asked   ImportOptions `json:"asked"`
	Size    int64         `json:"size"`
	Created time.Time     `json:"created"`
	Reading int           `json:"reading"` // from 1; with other options the file is read again
}

// proposalHead begins a report.
type proposalHead struct {
	Report  ImportReport `json:"report"`  // without rows
	Classes []uint64     `json:"classes"` // the digests of what it shows
	rowsAt  int64
	size    int64 // of the report, in bytes
}

func (p *proposal) fileName() string { return p.id + ".file" }

func (p *proposal) factsName() string { return p.id + ".json" }

func (p *proposal) appliedName() string { return p.id + ".applied" }

func (p *proposal) reportName(reading int) string { return fmt.Sprintf("%s.%d.report", p.id, reading) }

// writeFacts keeps the facts.
func (p *proposal) writeFacts(facts proposalFacts) error {
	return p.spool.write(p.factsName(), func(w io.Writer) error { return json.NewEncoder(w).Encode(facts) })
}

// writeReport keeps what an import came to; m has the rows and is nil without.
func (p *proposal) writeReport(name string, r *ImportReport, m *importing) (head *proposalHead, err error) {
	head = &proposalHead{Report: *r}
	applied := r.State == ImportApplied
	if m != nil {
		for _, s := range m.sheets {
			head.Classes = append(head.Classes, s.digest)
		}
	}
	write := p.spool.write
	if applied {
		write = p.spool.prepare // it is done, whether this stays or not
	}
	err = write(name, func(w io.Writer) error {
		line, err := json.Marshal(head)
		if err != nil {
			return err
		}
		head.rowsAt = int64(len(line)) + 1
		head.size = head.rowsAt
		if _, err := w.Write(append(line, '\n')); err != nil || m == nil {
			return err
		}
		for row, digest := range m.reportRows(applied) {
			if line, err = rowLine(line[:0], row, digest); err != nil {
				return err
			}
			if _, err = w.Write(line); err != nil {
				return err
			}
			head.size += int64(len(line))
		}
		return nil
	})
	return head, err
}

// rowLine adds a row as a report has it: the digest of what it shows, the
// student, a tab and the row as JSON.
func rowLine(b []byte, row *ImportRow, digest uint64) ([]byte, error) {
	text, err := json.Marshal(row)
	if err != nil {
		return nil, err
	}
	b = fmt.Appendf(b, "%016x %d\t", digest, row.Student)
	return append(append(b, text...), '\n'), nil
}

// readHead reads the beginning of a report.
func (p *proposal) readHead(name string) (*proposalHead, error) {
	f, size, err := p.spool.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	line, err := bufio.NewReader(io.NewSectionReader(f, 0, size)).ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	head := &proposalHead{rowsAt: int64(len(line)), size: size}
	return head, json.Unmarshal(line, head)
}

const (
	maxImportRows = 1000      // on a page
	maxImportPage = 512 << 10 // bytes; one row may have more
)

// rowPage is how much of a report an answer has.
type rowPage struct{ limit, bytes, rows, size int }

// takes reports whether there is room for a row of so many bytes.
func (p *rowPage) takes(line int) bool {
	if p.rows > 0 && (p.rows == p.limit || p.size+line > p.bytes) {
		return false
	}
	p.rows++
	p.size += line
	return true
}

// next is the cursor of the row after those that were taken.
func (p *rowPage) next() string { return strconv.Itoa(p.size) }

// page returns the rows of a report from a cursor on.
func (p *proposal) page(name string, head *proposalHead, cursor int64, limit int) (list []ImportRow, next string, err error) {
	list = []ImportRow{}
	f, size, err := p.spool.open(name)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	if cursor < 0 || cursor > size-head.rowsAt {
		return nil, "", invalid("cursor", "is not one that a page gave")
	}
	at := head.rowsAt + cursor
	if before := make([]byte, 1); cursor > 0 {
		if _, err := f.ReadAt(before, at-1); err != nil || before[0] != '\n' {
			return nil, "", invalid("cursor", "is not one that a page gave")
		}
	}
	lines := bufio.NewReaderSize(io.NewSectionReader(f, at, size-at), 64<<10)
	page := rowPage{limit: limit, bytes: maxImportPage, size: 0}
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return list, "", nil
		} else if err != nil {
			return nil, "", err
		}
		if !page.takes(len(line)) {
			return list, strconv.FormatInt(cursor+int64(page.size), 10), nil
		}
		_, text, _ := bytes.Cut(line, []byte("\t"))
		var row ImportRow
		if err := json.Unmarshal(text, &row); err != nil {
			return nil, "", err
		}
		list = append(list, row)
	}
}

// readShown reads what a report has shown.
func (p *proposal) readShown(name string, head *proposalHead) (*shown, error) {
	f, size, err := p.spool.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := &shown{revision: head.Report.Revision, classes: head.Classes}
	lines := bufio.NewReaderSize(io.NewSectionReader(f, head.rowsAt, size-head.rowsAt), 64<<10)
	for {
		start, err := lines.ReadSlice('\t')
		if err == io.EOF {
			return out, nil
		}
		digest, student, _ := strings.Cut(strings.TrimSuffix(string(start), "\t"), " ")
		d, wrong1 := strconv.ParseUint(digest, 16, 64)
		id, wrong2 := strconv.ParseInt(student, 10, 32)
		if err := errors.Join(err, wrong1, wrong2); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		out.rows = append(out.rows, shownRow{d, int32(id)})
		for full := true; full; {
			_, err = lines.ReadSlice('\n')
			if full = errors.Is(err, bufio.ErrBufferFull); !full && err != nil {
				return nil, fmt.Errorf("read %s: %w", name, err)
			}
		}
	}
}
