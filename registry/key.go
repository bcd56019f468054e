package registry

import (
	"context"
	"hash/fnv"
)

type callKey struct{}

// WithKey has every call made with the context it returns go to the same
// provider for the same key, such as a class, from every process that knows
// the same providers. When a provider comes or goes, only the keys move that
// are its own. While it fails, the next in the key's own order takes its place.
func WithKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, callKey{}, key)
}

// keyOf returns the key of ctx, "" without one.
func keyOf(ctx context.Context) string {
	key, _ := ctx.Value(callKey{}).(string)
	return key
}

// rank orders the providers of a key: the greatest is the first (rendezvous
// hashing: Thaler and Ravishankar, 1998). The bits of FNV alone are too alike
// for names that differ in the last digit, so they are mixed as in MurmurHash3.
func rank(key, url string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key))
	h.Write([]byte{0})
	h.Write([]byte(url))
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
