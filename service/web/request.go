package web

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// PathID returns the positive whole number in the path wildcard name. Nothing
// else can be the id of anything, so the problem is a 404.
func PathID(r *http.Request, name string) (int, error) {
	text := r.PathValue(name)
	id, err := strconv.Atoi(text)
	if err != nil || id < 1 || text[0] == '+' || text[0] == '0' {
		return 0, NewProblem(http.StatusNotFound, "%q is not the id of any %s; ids are whole numbers from 1", text, name)
	}
	return id, nil
}

// Accepts reports whether the client asks for mediaType by its full name;
// wildcards do not count.
func Accepts(r *http.Request, mediaType string) bool {
	for _, header := range r.Header["Accept"] {
		for part := range strings.SplitSeq(header, ",") {
			media, params, err := mime.ParseMediaType(part)
			if err == nil && media == mediaType && params["q"] != "0" {
				return true
			}
		}
	}
	return false
}

type requestIDKey struct{}

// WithRequestID returns a context in which RequestID answers id. A Stringer is
// taken because most requests never need the text.
func WithRequestID(ctx context.Context, id fmt.Stringer) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id of the request that ctx belongs to, which is its
// trace id in hexadecimal, or "".
func RequestID(ctx context.Context) string {
	if id, ok := ctx.Value(requestIDKey{}).(fmt.Stringer); ok {
		return id.String()
	}
	return ""
}
