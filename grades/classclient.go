package grades

import (
	"context"
	"fmt"
	"net/http"
)

// Classes returns all classes, archived ones too.
func (c *Client) Classes(ctx context.Context) ([]ClassSummary, error) {
	return get[[]ClassSummary](ctx, c, "/classes", nil)
}

// AllClasses returns all classes and those that were removed.
func (c *Client) AllClasses(ctx context.Context) ([]ClassSummary, error) {
	return get[[]ClassSummary](ctx, c, "/classes", withRemoved())
}

// Class returns a class as it is on the list of classes.
func (c *Client) Class(ctx context.Context, class int) (ClassSummary, error) {
	return get[ClassSummary](ctx, c, fmt.Sprint("/classes/", class), c.then())
}

// CreateClass creates a class.
func (c *Client) CreateClass(ctx context.Context, in ClassInput, key string) (Class, error) {
	return change[Class](ctx, c, http.MethodPost, "/classes", key, in)
}

// ChangeClass changes the fields of a class that in gives.
func (c *Client) ChangeClass(ctx context.Context, class int, in ClassInput) (Class, error) {
	return change[Class](ctx, c, http.MethodPatch, fmt.Sprint("/classes/", class), "", in)
}

// RemoveClass removes a class with all that is in it.
func (c *Client) RemoveClass(ctx context.Context, class int) error {
	return c.remove(ctx, "/classes/%d", class)
}

// Gradebook returns the whole grid of a class.
func (c *Client) Gradebook(ctx context.Context, class int) (*Gradebook, error) {
	return get[*Gradebook](ctx, c, fmt.Sprintf("/classes/%d/gradebook", class), c.then())
}

// Assignments returns the assignments of a class in the order they were made.
func (c *Client) Assignments(ctx context.Context, class int) ([]Assignment, error) {
	return get[[]Assignment](ctx, c, fmt.Sprintf("/classes/%d/assignments", class), nil)
}

// AllAssignments returns the assignments of a class and those that were removed.
func (c *Client) AllAssignments(ctx context.Context, class int) ([]ListedAssignment, error) {
	return get[[]ListedAssignment](ctx, c, fmt.Sprintf("/classes/%d/assignments", class), withRemoved())
}

// CreateAssignment adds an assignment to a class.
func (c *Client) CreateAssignment(ctx context.Context, class int, in AssignmentInput, key string) (Assignment, error) {
	return change[Assignment](ctx, c, http.MethodPost, fmt.Sprintf("/classes/%d/assignments", class), key, in)
}

// ChangeAssignment changes the fields of an assignment that in gives.
func (c *Client) ChangeAssignment(ctx context.Context, class, assignment int, in AssignmentInput) (Assignment, error) {
	return change[Assignment](ctx, c, http.MethodPatch, fmt.Sprintf("/classes/%d/assignments/%d", class, assignment), "", in)
}

// RemoveAssignment removes an assignment with its grades.
func (c *Client) RemoveAssignment(ctx context.Context, class, assignment int) error {
	return c.remove(ctx, "/classes/%d/assignments/%d", class, assignment)
}

// Roster returns the students of a class by last name, first name, id.
func (c *Client) Roster(ctx context.Context, class int) ([]Student, error) {
	return get[[]Student](ctx, c, fmt.Sprintf("/classes/%d/students", class), nil)
}

// EverEnrolled returns the students of a class and those who were taken out of
// it or removed.
func (c *Client) EverEnrolled(ctx context.Context, class int) ([]ListedStudent, error) {
	return get[[]ListedStudent](ctx, c, fmt.Sprintf("/classes/%d/students", class), withRemoved())
}

// Enroll takes a student into a class, or back, with the grades had there.
func (c *Client) Enroll(ctx context.Context, class, student int) (Student, error) {
	return change[Student](ctx, c, http.MethodPost, fmt.Sprintf("/classes/%d/students", class), "", map[string]int{"student": student})
}

// Unenroll takes a student out of a class.
func (c *Client) Unenroll(ctx context.Context, class, student int) error {
	return c.remove(ctx, "/classes/%d/students/%d", class, student)
}
