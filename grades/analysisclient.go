package grades

import (
	"context"
	"fmt"
	"net/http"
)

// Preview says whose totals or letters other settings of a class would change.
// It changes nothing.
func (c *Client) Preview(ctx context.Context, class int, in PreviewInput) (*Preview, error) {
	return change[*Preview](ctx, c, http.MethodPost, fmt.Sprintf("/classes/%d/preview", class), "", in)
}

// Checks returns what is to be looked at in a class, nothing when all is well.
func (c *Client) Checks(ctx context.Context, class int) ([]Check, error) {
	return get[[]Check](ctx, c, fmt.Sprintf("/classes/%d/checks", class), c.then())
}

// ClassStatistics says how the students of a class did.
func (c *Client) ClassStatistics(ctx context.Context, class int) (*ClassStatistics, error) {
	return get[*ClassStatistics](ctx, c, fmt.Sprintf("/classes/%d/statistics", class), c.then())
}

// Statistics says how everybody did in all classes.
func (c *Client) Statistics(ctx context.Context) (*Statistics, error) {
	return get[*Statistics](ctx, c, "/statistics", nil)
}
