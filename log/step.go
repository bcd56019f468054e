package log

import (
	"gradebook/service/telemetry"
)

// HandleStep ships a step of a request as an entry of kind "span"; it is not printed. Like Handle
// it waits for nothing. It is the sink of a [telemetry.Tracer].
func (h *Handler) HandleStep(s *telemetry.Step) { h.shipper.queue.push(encodeEntry(h.stepEntry(s))) }

// stepEntry is the form of a span on the wire, which newSpan reads.
func (h *Handler) stepEntry(s *telemetry.Step) Entry {
	attributes := map[string]any{"kind": s.Kind, "duration": s.Duration.String()}
	if !s.Parent.IsZero() {
		attributes["parent"] = s.Parent.String()
	}
	if s.Status != 0 {
		attributes["status"] = s.Status
	}
	for name, value := range map[string]string{"peer": s.Peer, "url": s.URL, "error": s.Error} {
		if value != "" {
			attributes[name] = value
		}
	}
	return Entry{
		Time: s.Start, Level: levelName(levelTrace), Kind: kindSpan.String(),
		Service: h.options.Service, Instance: h.options.Instance,
		Trace: s.Trace.String(), Span: s.ID.String(), Message: s.Name, Attributes: attributes,
	}
}
