package grades

import (
	"context"
	"flag"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"gradebook/service/store"
	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// Server is the grading service.
type Server struct {
	store    *shelf
	dataDir  string
	logger   *slog.Logger
	formats  map[string]Format
	changes  *telemetry.CounterVec
	imports  *imports
	draining <-chan struct{} // closed when the service begins to stop
	mux      *web.Mux
	surveys  chan struct{} // holds one while statistics of all classes are made
	archives chan struct{} // holds one while an archive is made
	buffers  sync.Pool     // *[]byte for large answers: fresh pages for each would take a fifth of a grid's time
}

// bookDir is where the book is in the directory of the data.
const bookDir = "book"

// Flags declares the flags of the service.
func Flags(fs *flag.FlagSet) {
	fs.Bool("sample", true, "put the sample class into an empty data directory")
	fs.String("restore", "", "restore the book in this archive, a `FILE` of GET /archive, into an empty data directory, and stop")
}

// Open returns the function that opens the service, with the kinds of files it
// reads and writes by name.
func Open(formats map[string]Format) func(web.Env, *telemetry.Metrics) (web.App, error) {
	return func(env web.Env, metrics *telemetry.Metrics) (web.App, error) {
		s, err := openServer(formats, env, metrics, store.Options{})
		if err != nil {
			return nil, err
		}
		return s, nil
	}
}

// openServer opens the service on a book with these options.
func openServer(formats map[string]Format, env web.Env, metrics *telemetry.Metrics, o store.Options) (*Server, error) {
	s := &Server{
		dataDir:  env.DataDir,
		logger:   env.Logger,
		formats:  formats,
		changes:  metrics.Counter("gradebook_changes_total", "Changes of the book that were made.", "action"),
		mux:      web.NewMux(web.Problems(problems)),
		draining: env.Draining,
		surveys:  make(chan struct{}, 1),
		archives: make(chan struct{}, 1),
		buffers:  sync.Pool{New: func() any { return new([]byte) }},
	}
	if o.FS == nil {
		o.FS = store.OS()
	}
	o.Logger, o.Fatal = env.Logger, env.Fatal
	if err := sweepRestores(env.DataDir); err != nil {
		return nil, err
	}
	var err error
	if s.store, err = openShelf(filepath.Join(env.DataDir, bookDir), o); err != nil {
		return nil, err
	}
	metrics.GaugeFunc("gradebook_revision", "Revision of the book.", func() float64 { return float64(s.store.Revision()) })
	if err := s.addSample(env.Flag("sample") == "true"); err != nil {
		s.store.Close()
		return nil, err
	}
	s.imports = newImports(&spool{fs: o.FS, dir: filepath.Join(env.DataDir, "imports")}, time.Now)
	s.imports.start(env.Draining, s.propose)
	s.routes()
	return s, nil
}

// addSample puts the sample class into a book that was never written to.
func (s *Server) addSample(wanted bool) error {
	_, err := s.store.Do(context.Background(), func(b *Book, _ time.Time) (Record, bool, error) {
		return sampleRecord(), wanted && b.revision == 0, nil
	})
	return err
}

// Close closes the book; no request may be under way.
func (s *Server) Close() error {
	s.imports.close()
	return s.store.Close()
}

// format returns the format that the query names.
func (s *Server) format(r *http.Request) (Format, error) {
	name := web.Value(r, "format")
	if f, ok := s.formats[name]; ok {
		return f, nil
	}
	return nil, web.Invalid(http.StatusBadRequest, web.FieldError{
		Field: "format", Detail: "must be one of " + strings.Join(s.formatNames(), ", "),
	})
}

// formatNames are the names of the formats, after others.
func (s *Server) formatNames(others ...string) []string {
	return append(others, slices.Sorted(maps.Keys(s.formats))...)
}
