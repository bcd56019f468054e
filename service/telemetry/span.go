package telemetry

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
)

// TraceID names one request across all services.
type TraceID [16]byte

// SpanID names one step of it.
type SpanID [8]byte

func (id TraceID) String() string { return hex.EncodeToString(id[:]) }
func (id SpanID) String() string  { return hex.EncodeToString(id[:]) }

// IsZero reports whether the id is absent.
func (id TraceID) IsZero() bool { return id == TraceID{} }

// IsZero reports whether the id is absent.
func (id SpanID) IsZero() bool { return id == SpanID{} }

// Span is one step of a request in one service.
type Span struct {
	Trace   TraceID
	ID      SpanID
	Sampled bool
}

// NewSpan begins a new trace. Ids are random but not secret.
func NewSpan() Span {
	s := Span{Sampled: true}
	binary.BigEndian.PutUint64(s.Trace[:8], rand.Uint64())
	binary.BigEndian.PutUint64(s.Trace[8:], rand.Uint64()|1) // never all zeros
	return s.Child()
}

// Child returns a new step of the same trace.
func (s Span) Child() Span {
	binary.BigEndian.PutUint64(s.ID[:], rand.Uint64()|1)
	return s
}

const (
	traceparentLen = len("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	flagSampled    = 1
)

// Traceparent returns the span in the form of W3C Trace Context, version 00.
func (s Span) Traceparent() string {
	var b [traceparentLen]byte
	copy(b[:], "00-")
	hex.Encode(b[3:35], s.Trace[:])
	b[35] = '-'
	hex.Encode(b[36:52], s.ID[:])
	copy(b[52:], "-00")
	if s.Sampled {
		b[54] = '1'
	}
	return string(b[:])
}

// ParseTraceparent reads a W3C traceparent header. What the standard calls
// invalid is false: a wrong length, version ff, upper case, ids of all zeros.
// Of versions after 00 the part that is known is read.
func ParseTraceparent(header string) (Span, bool) {
	if len(header) < traceparentLen || header[2] != '-' || header[35] != '-' || header[52] != '-' {
		return Span{}, false
	}
	version := header[:2]
	switch {
	case version == "ff",
		version == "00" && len(header) != traceparentLen,
		len(header) > traceparentLen && header[traceparentLen] != '-':
		return Span{}, false
	}
	var s Span
	var flags, versionByte [1]byte
	ok := decodeLower(versionByte[:], version) && decodeLower(s.Trace[:], header[3:35]) &&
		decodeLower(s.ID[:], header[36:52]) && decodeLower(flags[:], header[53:55])
	if !ok || s.Trace.IsZero() || s.ID.IsZero() {
		return Span{}, false
	}
	s.Sampled = flags[0]&flagSampled != 0
	return s, true
}

// decodeLower decodes lower-case hexadecimal, the only kind the standard takes.
func decodeLower(dst []byte, text string) bool {
	for _, c := range []byte(text) {
		if 'A' <= c && c <= 'F' {
			return false
		}
	}
	_, err := hex.Decode(dst, []byte(text))
	return err == nil
}

type spanKey struct{}

// WithSpan returns a context in which work belongs to s, which is recorded
// nowhere.
func WithSpan(ctx context.Context, s Span) context.Context {
	return &Active{Context: ctx, Step: Step{Span: s}}
}

// SpanFrom returns the span that ctx belongs to; false when there is none.
func SpanFrom(ctx context.Context) (Span, bool) {
	if a, ok := ctx.Value(spanKey{}).(*Active); ok {
		return a.Span, true
	}
	return Span{}, false
}
