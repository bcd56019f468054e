// Package portal is the teachers' web application: pages rendered on the
// server from what the grading, log and registry services answer, and a gateway
// through which a browser reaches their APIs.
//
// A request becomes one or two calls to a client, a view model without any
// HTTP in it, and one template rendered into a buffer, so that a page is either
// whole or an error page:
//
//	request ── handler ──> client ──> GradingService, LogService
//	              │
//	              └──> view model ──> template ──> page
//
// It promises that a page works without scripts, that no text a person typed
// can become markup (html/template escapes it and a strict Content-Security-Policy
// forbids anything inline), that a form which could not be saved comes back with
// everything in it, and that a service which is away is named in words.
//
// It refuses to compute: totals, letters and medians are shown as the grading
// service gives them. It keeps nothing but the last sight of the registry's
// graph, at most two seconds old, for the status line in each page's head.
package portal
