package grades

import (
	"context"
	"fmt"
	"net/url"
)

// Explanation says where a student's totals in a class come from. A class or a
// student that is not there is a *NotFoundError.
func (c *Client) Explanation(ctx context.Context, class, student int) (*Explanation, error) {
	return get[*Explanation](ctx, c, fmt.Sprintf("/classes/%d/students/%d/explanation", class, student), c.then())
}

// ExplanationAt is Explanation of the class as it was: after the change of a
// revision, such as "12", or at a time in RFC 3339.
func (c *Client) ExplanationAt(ctx context.Context, class, student int, at string) (*Explanation, error) {
	return get[*Explanation](ctx, c, fmt.Sprintf("/classes/%d/students/%d/explanation", class, student), url.Values{"at": {at}})
}
