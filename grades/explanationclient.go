package grades

import (
	"context"
	"fmt"
)

// Explanation says where a student's totals in a class come from. A class or a
// student that is not there is a *NotFoundError.
func (c *Client) Explanation(ctx context.Context, class, student int) (*Explanation, error) {
	return get[*Explanation](ctx, c, fmt.Sprintf("/classes/%d/students/%d/explanation", class, student), nil)
}
