package log

import (
	"net/http"

	"gradebook/service/web"
)

// formOf is the form in which a client reads an answer: "json", "text", or whatever its URL says,
// and else what it accepts. That may also be "page", which has no name in a URL.
func formOf(r *http.Request) string {
	switch format := web.Value(r, "format"); {
	case format != "":
		return format
	case web.Accepts(r, "text/html"):
		return "page"
	case web.Accepts(r, "text/plain"):
		return "text"
	}
	return "json"
}
