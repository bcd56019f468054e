package grades

import (
	"fmt"
	"time"
)

// AssignmentInput creates an assignment or, as a patch, changes the fields that
// are given. A new one without them is out of 100 points, posted, and in the
// class's category if there is just one.
type AssignmentInput struct {
	Title      *string     `json:"title,omitempty"`
	Category   *string     `json:"category,omitempty"`
	Points     *Score      `json:"points,omitempty"`
	Due        **time.Time `json:"due,omitempty"` // a pointer to nil takes the due date away
	Posted     *bool       `json:"posted,omitempty"`
	NeverDrop  *bool       `json:"neverDrop,omitempty"`
	ExternalID *string     `json:"externalID,omitempty"`
}

func (b *Book) createAssignment(class int, in AssignmentInput) (decision, error) {
	state, err := b.writable(class)
	if err != nil {
		return decision{}, err
	}
	a := Assignment{ID: len(b.assignments) + 1, ClassID: class, Points: Points(100), Posted: true}
	if len(state.Categories) == 1 {
		a.Category = state.Categories[0].Name
	}
	if err := state.editAssignment(&a, in); err != nil {
		return decision{}, err
	}
	return decision{
		action:   "create assignment",
		changes:  Changes{Assignments: []Change[Assignment]{{New: &a}}},
		answer:   a,
		location: fmt.Sprintf("/classes/%d/assignments/%d", class, a.ID),
	}, nil
}

func (b *Book) changeAssignment(class, id int, in AssignmentInput) (decision, error) {
	state, err := b.writable(class)
	if err != nil {
		return decision{}, err
	}
	have, err := b.assignment(state, id)
	if err != nil {
		return decision{}, err
	}
	old, a := *have, *have
	if err := state.editAssignment(&a, in); err != nil {
		return decision{}, err
	}
	d := decision{action: "change assignment", answer: a}
	if !sameAssignment(&old, &a) {
		d.changes.Assignments = []Change[Assignment]{{Old: &old, New: &a}}
	}
	return d, nil
}

func (b *Book) removeAssignment(class, id int) (decision, error) {
	state, err := b.writable(class)
	if err != nil {
		return decision{}, err
	}
	have, err := b.assignment(state, id)
	if err != nil {
		return decision{}, err
	}
	old := *have
	return decision{action: "remove assignment", changes: Changes{Assignments: []Change[Assignment]{{Old: &old}}}}, nil
}

// editAssignment applies in to an assignment and checks the result.
func (c *classState) editAssignment(a *Assignment, in AssignmentInput) error {
	set(&a.Title, in.Title)
	set(&a.Category, in.Category)
	set(&a.Points, in.Points)
	set(&a.Due, in.Due)
	set(&a.Posted, in.Posted)
	set(&a.NeverDrop, in.NeverDrop)
	set(&a.ExternalID, in.ExternalID)
	var f faults
	a.Title = f.required("title", a.Title)
	a.Category = f.line("category", a.Category)
	a.ExternalID = f.line("externalID", a.ExternalID)
	if !c.has(a.Category) {
		f.add("category", "is %.40q; give one of %s, or add it to the class first", a.Category, c.categoryNames())
	}
	if a.Points < 0 {
		f.add("points", "is %s; give 0 or more, 0 for extra credit", a.Points)
	}
	if err := f.err(); err != nil {
		return err
	}
	if other := c.byTitle[a.Title]; other != nil && other.ID != a.ID {
		return &ConflictError{Detail: fmt.Sprintf("assignment %d is called %q already; use it, or another title", other.ID, a.Title), Current: *other}
	}
	return nil
}

func sameAssignment(a, b *Assignment) bool {
	sameDue := a.Due == b.Due || a.Due != nil && b.Due != nil && a.Due.Equal(*b.Due)
	return sameDue && a.Title == b.Title && a.Category == b.Category && a.Points == b.Points &&
		a.Posted == b.Posted && a.NeverDrop == b.NeverDrop && a.ExternalID == b.ExternalID
}
