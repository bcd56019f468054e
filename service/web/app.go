package web

import (
	"log/slog"
	"net/http"
)

// App is a service as the chassis sees it: a handler that owns something.
// Close is called once, after the HTTP server has finished its last request.
type App interface {
	http.Handler
	// Routes returns what the service's document says of the handler: the routes
	// of its Mux.
	Routes() []Route
	Close() error
}

// Env is what the chassis gives a service when it opens. All of it may be
// used by several goroutines at once.
type Env struct {
	Name     string // as registered, such as "GradingService"
	Instance string // random, new for every process
	DataDir  string // absolute; exists; belongs to this service alone
	Logger   *slog.Logger
	// Client calls other services by name, as in http://GradingService/students.
	// It sets no time limit: give each request a context that has a deadline.
	Client *http.Client
	// Flag returns the value of a flag that the service declared.
	Flag func(name string) string
	// Draining is closed when the service begins to stop: streams end then.
	Draining <-chan struct{}
	// Fatal ends the process with an error once it has stopped in order. It is
	// for a storage that can no longer promise anything.
	Fatal func(error)
}
