// Package log is central logging: a service that keeps the entries of all services in one commit
// log and answers questions about them, and the client through which they log.
//
//	slog ─▶ Handler ─▶ queue ─────▶ POST /log ─▶ producers ─▶ journal ─▶ commitlog
//	           │         └─▶ spool ────▲        (repeats, limits)           │ raw, then packed
//	           ▼        (while it is away)                                  ▼
//	        terminal                      GET /log, /log/count, /traces ◀─ scan ─▶ tail, alerts
//
// # The service
//
// [Open] returns a [Server]. An entry that was acknowledged is on disk, once, and keeps its offset
// for ever: offsets are consecutive integers from 1. Whoever was answered can read its entry at
// once. Nothing that is sent can end a line, move a cursor or forge an entry where people read
// text: what does not print is shown as an escape.
//
// Nothing is kept in memory for each entry. Once a segment of the log is full it is packed into
// blocks of columns, with a summary that says which services, levels and times are in a block, and
// a filter that tells which parts of words; a scan goes from block to block, newest first, and
// reads of those that may match only the columns it needs. What is not packed yet is read as it is.
//
// A tail reads the log itself, at the pace of its reader, and so do the rules of alerts, whose
// windows are read back from it after a restart. A trace is the entries that carry its id: spans,
// which the services send as entries of their own kind, and lines. Why one is missing the registry
// is asked.
//
// # Files
//
//	parsing     parse object lexer attributes · receive producer limit meter
//	keeping     record encoder journal load · pack block summary grams (and package column)
//	asking      query scan rows search digest · answer line text shown · read tail count tally
//	traces      trace traces tracelist tracequery tracetext · hole graph
//	alerts      rule ruleparser window presence alert alertengine · alerts alertfollow alertfile
//	pages       page pagelines pagechart pagealerts pagetrace pagetraces
//	client      handler step queue shipper spool loss · client
//
// # The client
//
// A [Handler] prints each entry and ships it. It never makes a caller wait for the network or the
// disk; what cannot be sent is spooled and sent in order later, also by the next process. Each
// process has an instance and numbers its entries, so that sending them again does no harm and a
// gap is seen. What had to be dropped is counted, and told in the log.
//
//	h := log.NewHandler(log.HandlerOptions{
//		Service: "GradingService", Instance: instance, Stderr: os.Stderr,
//		SpoolDir: "data/spool", Send: log.SendTo(client),
//	})
//	defer h.Close(ctx)
//	logger := slog.New(h)
//
// # What it refuses to do
//
// It changes no entry, and removes only the oldest, by the limits it is given. It orders entries by
// arrival, not by the time they claim. It guesses nothing: a parameter it does not know is an
// error, and text is never parsed beyond the "[Service] - " that older clients send.
package log
