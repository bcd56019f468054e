package grades

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// BatchInput writes many cells of a class as one change.
type BatchInput struct {
	Atomic bool        `json:"atomic"` // all or none; otherwise each cell that can be written
	Cells  []CellInput `json:"cells"`
}

// BatchReport says what a batch did.
type BatchReport struct {
	Revision uint64       `json:"revision"` // of the change; 0 when nothing changed
	Cells    []CellReport `json:"cells"`    // in the order of the request
}

// CellReport is what a batch did with one cell.
type CellReport struct {
	Student    int    `json:"student"`
	Assignment int    `json:"assignment"`
	Outcome    string `json:"outcome"` // LineChanged, LineUnchanged or LineRefused
	Detail     string `json:"detail,omitempty"`
	Grade      *Grade `json:"grade"` // what is there now; null for an empty cell
}

// putCell writes one cell; with force whatever it holds now, as long as it is
// not empty.
func (b *Book) putCell(class int, in CellInput, force bool, actor string, at time.Time) (decision, error) {
	state, err := b.writable(class)
	if err != nil {
		return decision{}, err
	}
	change, old, err := b.decideCell(state, &in, force)
	if err != nil {
		return decision{}, err
	}
	d := decision{action: "change grade"}
	g := old
	if !sameValue(change.Old, change.New) {
		d.changes.Cells.Add(&change)
		g = newGrade(in.Student, in.Assignment, change.New, b.revision+1, actor, at)
		if old.empty() {
			d.location = cellPath(class, in.Student, in.Assignment)
		}
	}
	if !g.empty() {
		d.answer = *g
	}
	return d, nil
}

// decideCell checks one cell against what is there. Its error is a
// *NotFoundError, *InvalidError or *StaleError.
func (b *Book) decideCell(class *classState, in *CellInput, force bool) (change CellChange, old *Grade, err error) {
	e, err := b.enrolled(class, in.Student)
	if err != nil {
		return change, nil, err
	}
	if _, err := b.assignment(class, in.Assignment); err != nil {
		return change, nil, err
	}
	old = e.grade(in.Assignment)
	var f faults
	value := class.checkCell(&f, in)
	if err := f.err(); err != nil {
		return change, old, err
	}
	var present uint64
	if !old.empty() {
		present = old.Revision
	}
	if force && present == 0 || !force && present != in.Revision {
		return change, old, &StaleError{old}
	}
	return cellChange(old, in.Student, in.Assignment, value), old, nil
}

// putCells writes many cells as one change.
func (b *Book) putCells(class int, in BatchInput, actor string, at time.Time) (decision, error) {
	state, err := b.writable(class)
	if err != nil {
		return decision{}, err
	}
	if len(in.Cells) == 0 {
		return decision{}, invalid("cells", "is empty; give at least one cell")
	}
	d := decision{action: "change grades"}
	report := BatchReport{Cells: make([]CellReport, len(in.Cells))}
	var f faults
	var stale []Grade
	seen := make(map[[2]int]int)
	for i := range in.Cells {
		cell, out := &in.Cells[i], &report.Cells[i]
		*out = CellReport{Student: cell.Student, Assignment: cell.Assignment, Outcome: LineUnchanged}
		change, old, err := b.decideCell(state, cell, false)
		at0, again := seen[[2]int{cell.Student, cell.Assignment}]
		if again {
			err = invalid("student", "is the cell of cells[%d] again; give each cell once", at0)
		}
		seen[[2]int{cell.Student, cell.Assignment}] = i
		if !old.empty() {
			out.Grade = old
		}
		if err != nil {
			out.Outcome, out.Detail = LineRefused, err.Error()
			stale = f.cell(i, err, stale)
			continue
		}
		if !sameValue(change.Old, change.New) {
			out.Outcome, out.Grade = LineChanged, nil
			if change.New != nil {
				out.Grade = newGrade(cell.Student, cell.Assignment, change.New, b.revision+1, actor, at)
			}
			d.changes.Cells.Add(&change)
		}
	}
	if in.Atomic && len(f) > len(stale) {
		return decision{}, f.err()
	}
	if in.Atomic && len(f) > 0 {
		return decision{}, &ConflictError{Detail: "not all cells are what the batch expects; read them again and decide", Faults: f, Current: stale}
	}
	if !d.changes.empty() {
		report.Revision = b.revision + 1
	}
	d.answer = report
	return d, nil
}

// cell adds what is wrong with cell i of a batch. One that is stale comes with
// what is there.
func (f *faults) cell(i int, err error, stale []Grade) []Grade {
	field := fmt.Sprintf("cells[%d]", i)
	if wrong, ok := errors.AsType[*InvalidError](err); ok {
		f.add(field+"."+wrong.Faults[0].Field, "%s", wrong.Faults[0].Detail)
		return stale
	}
	if old, ok := errors.AsType[*StaleError](err); ok {
		f.add(field+".revision", "%v", err)
		current := Grade{}
		if old.Current != nil {
			current = *old.Current
		}
		return append(stale, current)
	}
	if missing, ok := errors.AsType[*NotFoundError](err); ok {
		thing, _, _ := strings.Cut(missing.What, " ") // student or assignment
		field += "." + thing
	}
	f.add(field, "%v", err)
	return stale
}
