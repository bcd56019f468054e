package portal

import (
	"fmt"

	"gradebook/service/web"
)

// paging is where a page stands in a long list whose length is known.
type paging struct {
	Text           string // "501 to 1,000 of 1,204"; "" when one page holds all
	Previous, Next string // addresses; "" at the ends
	from, to       int    // the items on this page
}

// newPaging cuts n items into pages of size; a number beyond the last is the last.
func newPaging(number, n, size int, address string) paging {
	last := max(1, (n+size-1)/size)
	number = min(number, last)
	p := paging{from: (number - 1) * size, to: min(number*size, n)}
	if last == 1 {
		return p
	}
	p.Text = fmt.Sprintf("%s to %s of %s", web.Thousands(p.from+1), web.Thousands(p.to), web.Thousands(n))
	if number > 1 {
		p.Previous = fmt.Sprintf("%s?page=%d", address, number-1)
	}
	if number < last {
		p.Next = fmt.Sprintf("%s?page=%d", address, number+1)
	}
	return p
}
