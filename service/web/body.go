package web

import (
	"io"
	"net/http"
)

// defaultBody is the limit of a request's body unless its route says otherwise.
const defaultBody = 1 << 20

// body is a request's body under a limit that a route can still change.
type body struct {
	io.ReadCloser
	raw io.ReadCloser
}

// BodyLimit sets how many bytes of its body this request may have; reading
// beyond them fails and becomes a 413. Call it before reading.
func BodyLimit(w http.ResponseWriter, r *http.Request, n int64) {
	raw := r.Body
	if b, ok := raw.(*body); ok {
		raw = b.raw
	}
	r.Body = &body{ReadCloser: http.MaxBytesReader(w, raw, n), raw: raw}
}

// LimitBodies is the middleware that gives every request the default limit of
// 1 MiB.
func LimitBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength < 0 || r.ContentLength > defaultBody { // net/http reads no more than was announced
			BodyLimit(w, r, defaultBody)
		}
		next.ServeHTTP(w, r)
	})
}
