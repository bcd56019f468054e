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
