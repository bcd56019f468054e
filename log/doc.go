// Package log is central logging: a service that keeps the entries of all services in one commit
// log and answers questions about them, and the client through which they log.
//
//	slog ─▶ Handler ─▶ queue ──────────▶ POST /log ─▶ journal ─▶ commitlog
//	           │         └─▶ spool ─────────▲            │
//	           ▼        (while it is away)               ▼
//	        terminal                           index: 16 bytes an entry ─▶ GET /log
//
// # The service
//
// [Open] returns a [Server]. An entry that was acknowledged is on disk, once, and keeps its offset
// for ever: offsets are consecutive integers from 1. Whoever was answered can read its entry at
// once. A query looks at marks in memory, newest first, and reads only entries that may match; a
// tail reads the log itself, at the pace of its reader. Nothing that is sent can end a line, move
// a cursor or forge an entry where people read text: what does not print is shown as an escape.
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
// It changes no entry and removes none. It orders entries by arrival, not by the time they claim.
// It guesses nothing: a parameter it does not know is an error, and text is never parsed beyond
// the "[Service] - " that older clients send.
package log
