// Package telemetry counts and times what a service does and says which
// request a thing was done for.
//
// Metrics keeps counters, gauges and histograms and answers them in
// Prometheus's text format. A Span names one step of a request; it travels
// between services in the W3C traceparent header and inside one in a context.
// A Tracer decides which requests are recorded step by step:
//
//	request ─▶ Tracer.Receive ─▶ Active ─▶ Start … End ─▶ End ─▶ sink
//	                                    └▶ Start … Call … End
//
// Nothing here does I/O of its own. Everything is safe for concurrent use.
package telemetry
