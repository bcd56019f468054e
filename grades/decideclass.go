package grades

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

const (
	maxCategories = 100
	maxCutoffs    = 100
	maxCutoff     = Percent(1000_00)
)

// ClassInput creates a class or, as a patch, changes the fields that are given.
// A new class without them has points weighting, one category "Assignments",
// the default scale, blanks left out, and nothing left of a missing item.
type ClassInput struct {
	Title            *string     `json:"title,omitempty"`
	Term             *string     `json:"term,omitempty"`
	Weighting        *string     `json:"weighting,omitempty"`
	Categories       []Category  `json:"categories,omitzero"`
	Scale            []Cutoff    `json:"scale,omitzero"`
	BlankPolicy      *string     `json:"blankPolicy,omitempty"`
	MissingDeduction *Score      `json:"missingDeduction,omitempty"`
	LatePolicy       *LatePolicy `json:"latePolicy,omitempty"`
	AllowNegative    *bool       `json:"allowNegative,omitempty"`
	Archived         *bool       `json:"archived,omitempty"`
	ExternalID       *string     `json:"externalID,omitempty"`
}

func newClass(id int) Class {
	return Class{
		ID:               id,
		Weighting:        ByPoints,
		Categories:       []Category{{Name: "Assignments", Weight: Points(100)}},
		Scale:            DefaultScale(),
		BlankPolicy:      Ignore,
		MissingDeduction: Points(100),
	}
}

func (b *Book) createClass(in ClassInput) (decision, error) {
	class := newClass(len(b.classes) + 1)
	in.apply(&class)
	if err := class.check(); err != nil {
		return decision{}, err
	}
	answer := class
	answer.Revision = b.revision + 1
	return decision{
		action:   "create class",
		changes:  Changes{Classes: []Change[Class]{{New: &class}}},
		answer:   answer,
		location: fmt.Sprint("/classes/", class.ID),
	}, nil
}

func (b *Book) changeClass(id int, in ClassInput) (decision, error) {
	state, err := b.class(id)
	if err != nil {
		return decision{}, err
	}
	old, class := state.Class, state.Class
	in.apply(&class)
	if err := class.check(); err != nil {
		return decision{}, err
	}
	if err := class.covers(state.assignments); err != nil {
		return decision{}, err
	}
	d := decision{action: "change class", answer: class}
	if !reflect.DeepEqual(old, class) {
		d.changes.Classes = []Change[Class]{{Old: &old, New: &class}}
		class.Revision = b.revision + 1
		d.answer = class
	}
	return d, nil
}

// writable returns the class with an id, in which something is to change, or a
// *NotFoundError, or a *ConflictError when it is archived.
func (b *Book) writable(id int) (*classState, error) {
	state, err := b.class(id)
	if err != nil {
		return nil, err
	}
	return state, state.writable()
}

// writable is a *ConflictError for an archived class: all in it stays as it is,
// until it is taken back into use.
func (c *classState) writable() error {
	if !c.Archived {
		return nil
	}
	return &ConflictError{
		Detail:  fmt.Sprintf("class %d, %s, is archived, and nothing in it changes; PATCH /classes/%[1]d with {\"archived\": false} first", c.ID, c.Title),
		Current: c.Class,
	}
}

func (b *Book) removeClass(id int) (decision, error) {
	state, err := b.class(id)
	if err != nil {
		return decision{}, err
	}
	old := state.Class
	return decision{action: "remove class", changes: Changes{Classes: []Change[Class]{{Old: &old}}}}, nil
}

// covers refuses a class that has not the category of each assignment.
func (c *Class) covers(assignments []*Assignment) error {
	for _, a := range assignments {
		if !c.has(a.Category) {
			return invalid("categories", "leaves out %q, which has the assignment %q; keep it, or move its assignments first", a.Category, a.Title)
		}
	}
	return nil
}

func (c *Class) has(category string) bool {
	return slices.ContainsFunc(c.Categories, func(have Category) bool { return have.Name == category })
}

// categoryNames is the class's categories in words, for messages.
func (c *Class) categoryNames() string {
	names := make([]string, len(c.Categories))
	for i := range c.Categories {
		names[i] = c.Categories[i].Name
	}
	return strings.Join(names, ", ")
}

func (in *ClassInput) apply(c *Class) {
	set(&c.Title, in.Title)
	set(&c.Term, in.Term)
	set(&c.Weighting, in.Weighting)
	if in.Categories != nil {
		c.Categories = in.Categories
	}
	if in.Scale != nil {
		c.Scale = in.Scale
	}
	set(&c.BlankPolicy, in.BlankPolicy)
	set(&c.MissingDeduction, in.MissingDeduction)
	set(&c.LatePolicy, in.LatePolicy)
	set(&c.AllowNegative, in.AllowNegative)
	set(&c.Archived, in.Archived)
	set(&c.ExternalID, in.ExternalID)
}

// set is for patches: what is not given stays.
func set[T any](field, given *T) {
	if given != nil {
		*field = *given
	}
}

// check trims the class's texts and refuses rules that make no sense.
func (c *Class) check() error {
	var f faults
	c.Categories, c.Scale = slices.Clone(c.Categories), slices.Clone(c.Scale) // the book may share them
	c.Title = f.required("title", c.Title)
	c.Term = f.line("term", c.Term)
	c.ExternalID = f.line("externalID", c.ExternalID)
	if c.Weighting != Weighted && c.Weighting != ByPoints {
		f.add("weighting", "is %.40q; give %s or %s", c.Weighting, Weighted, ByPoints)
	}
	if c.BlankPolicy != Ignore && c.BlankPolicy != Zero && c.BlankPolicy != ZeroOnceDue {
		f.add("blankPolicy", "is %.40q; give %s, %s or %s", c.BlankPolicy, Ignore, Zero, ZeroOnceDue)
	}
	f.percent("missingDeduction", c.MissingDeduction)
	f.percent("latePolicy.percent", c.LatePolicy.Percent)
	f.percent("latePolicy.floor", c.LatePolicy.Floor)
	if hours := c.LatePolicy.IntervalHours; hours < 0 || hours > 8784 || hours == 0 && c.LatePolicy.Percent > 0 {
		f.add("latePolicy.intervalHours", "is %d; give from 1 to 8784 hours, such as 24", hours)
	}
	f.categories(c.Categories)
	f.scale(c.Scale)
	return f.err()
}

func (f *faults) percent(field string, value Score) {
	if value < 0 || value > hundredPercent {
		f.add(field, "is %s; give from 0 to 100 percent", value)
	}
}

func (f *faults) categories(list []Category) {
	if len(list) == 0 || len(list) > maxCategories {
		f.add("categories", "has %d categories; give from 1 to %d", len(list), maxCategories)
		return
	}
	for i := range list {
		field, c := fmt.Sprintf("categories[%d]", i), &list[i]
		c.Name = f.required(field+".name", c.Name)
		if slices.ContainsFunc(list[:i], func(other Category) bool { return other.Name == c.Name }) {
			f.add(field+".name", "is %q again; give each category a name of its own", c.Name)
		}
		if c.Weight < 0 {
			f.add(field+".weight", "is %s; give 0 or more percent", c.Weight)
		}
		if c.DropLowest < 0 {
			f.add(field+".dropLowest", "is %d; give 0 or more", c.DropLowest)
		}
		if c.DropHighest < 0 {
			f.add(field+".dropHighest", "is %d; give 0 or more", c.DropHighest)
		}
	}
}

func (f *faults) scale(list []Cutoff) {
	if len(list) > maxCutoffs {
		f.add("scale", "has %d cutoffs; give at most %d", len(list), maxCutoffs)
		return
	}
	for i := range list {
		field, c := fmt.Sprintf("scale[%d]", i), &list[i]
		c.Letter = f.required(field+".letter", c.Letter)
		if c.From < 0 || c.From > maxCutoff {
			f.add(field+".from", "is %s; give from 0 to 1000 percent", c.From)
		}
		if i > 0 && c.From >= list[i-1].From {
			f.add(field+".from", "is %s after %s; give the cutoffs from high to low", c.From, list[i-1].From)
		}
	}
}
