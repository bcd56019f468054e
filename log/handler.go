package log

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"gradebook/service/telemetry"
)

// HandlerOptions of a [Handler].
type HandlerOptions struct {
	Service, Instance string       // names of this service and of this process: a random one, new at each start
	Level             slog.Leveler // entries below it are not made; nil is info
	Stderr            io.Writer    // for people
	SpoolDir          string       // keeps what cannot be sent; made when needed; empty: memory only
	// Send stores entries, one JSON object a line, and returns nil when they are safe. It should
	// heed ctx, but nothing hangs if it does not.
	Send func(ctx context.Context, ndjson []byte) error
}

// Handler is the slog.Handler that a service logs with. It prints each entry as a line to Stderr
// and hands it over to be shipped to the log service in batches; it waits for neither the network
// nor the spool. What cannot be sent is kept in a file in SpoolDir and sent in order when the log
// service is back, also after a restart of this process. Only when memory (8 MiB) and spool (64
// MiB) are full are entries dropped; how many, and which, is then told in the log itself.
//
// What is in the spool is on disk, but the newest entries are in memory: the end of the process by
// kill -9 takes those of the last moment, some 0.2 s.
type Handler struct {
	options *HandlerOptions
	console *console
	shipper *shipper
	scopes  []scope // from WithAttrs and WithGroup, outermost first
}

// A scope is either a group or attributes.
type scope struct {
	group string
	attrs []slog.Attr
}

// NewHandler starts a handler; Close stops it. A spool that an earlier process left in SpoolDir is
// sent first.
func NewHandler(o HandlerOptions) *Handler {
	if o.Level == nil {
		o.Level = slog.LevelInfo
	}
	c := &console{w: o.Stderr}
	return &Handler{options: &o, console: c, shipper: startShipper(&o, c)}
}

// Enabled reports whether entries of this level are made.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.options.Level.Level()
}

// Handle prints a record and queues it. It never fails and never waits for the log service.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	attributes := h.attributes(r)
	at := r.Time
	if at.IsZero() {
		at = time.Now()
	}
	h.console.print(at, r.Level, r.Message, attributes)
	e := Entry{
		Time: r.Time, Level: levelName(r.Level), Service: h.options.Service, Instance: h.options.Instance,
		Message: r.Message, Attributes: attributes,
	}
	if span, ok := telemetry.SpanFrom(ctx); ok {
		e.Trace, e.Span = span.Trace.String(), span.ID.String()
	}
	h.shipper.queue.push(encodeEntry(e))
	return nil
}

// WithAttrs returns a handler whose entries have attrs too.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	return h.with(scope{attrs: slices.Clone(attrs)})
}

// WithGroup returns a handler whose later attributes are in a group.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.with(scope{group: name})
}

func (h *Handler) with(s scope) *Handler {
	inner := *h
	inner.scopes = append(slices.Clip(h.scopes), s)
	return &inner
}

// Kick makes the handler try now, for a caller who has learnt that a log service is there.
func (h *Handler) Kick() {
	select {
	case h.shipper.kick <- struct{}{}:
	default: // one is waiting already
	}
}

// Close sends what is queued for as long as ctx lasts; the rest stays in the spool for the next
// process. The error says what is in neither. Entries made after Close are only printed.
func (h *Handler) Close(ctx context.Context) error { return h.shipper.close(ctx) }

// attributes makes JSON values of the attributes of r and of the scopes around it.
func (h *Handler) attributes(r slog.Record) map[string]any {
	all := map[string]any{}
	r.Attrs(func(a slog.Attr) bool {
		addAttr(all, a)
		return true
	})
	for _, s := range slices.Backward(h.scopes) {
		if s.group == "" {
			outer := map[string]any{}
			for _, a := range s.attrs {
				addAttr(outer, a)
			}
			for key, value := range all {
				outer[key] = value
			}
			all = outer
		} else if len(all) > 0 {
			all = map[string]any{s.group: all}
		}
	}
	return all
}

// addAttr follows the rules of slog.Handler: empty attributes and groups are left out, a group
// without a name is opened up.
func addAttr(to map[string]any, a slog.Attr) {
	v := a.Value.Resolve()
	switch {
	case a.Equal(slog.Attr{}):
	case v.Kind() != slog.KindGroup:
		to[a.Key] = attrValue(v)
	case a.Key == "":
		for _, inner := range v.Group() {
			addAttr(to, inner)
		}
	default:
		group := map[string]any{}
		for _, inner := range v.Group() {
			addAttr(group, inner)
		}
		if len(group) > 0 {
			to[a.Key] = group
		}
	}
}

// console prints lines for people, each whole.
type console struct {
	mu sync.Mutex // guards w
	w  io.Writer
}

func (c *console) print(at time.Time, level slog.Level, message string, attributes map[string]any) {
	line := appendLine(nil, at, level, message, attributes)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.w.Write(line) // nobody could be told
}
