package grades

import (
	"context"
	"fmt"
)

// ClassStatistics says how the students of a class did.
func (c *Client) ClassStatistics(ctx context.Context, class int) (*ClassStatistics, error) {
	return get[*ClassStatistics](ctx, c, fmt.Sprintf("/classes/%d/statistics", class), nil)
}

// Statistics says how everybody did in all classes.
func (c *Client) Statistics(ctx context.Context) (*Statistics, error) {
	return get[*Statistics](ctx, c, "/statistics", nil)
}
