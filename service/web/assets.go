package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
)

// Assets are the files that pages refer to: stylesheets, scripts, icons. The
// path of each holds a hash of its content, so a browser may keep it for ever
// and a new version has a new path. They are safe for concurrent use.
type Assets struct {
	paths  map[string]string // by file name
	hashed map[string]asset  // by the last element of the path
}

type asset struct {
	mediaType string
	body      []byte
}

// mediaType is of a file we may have: what a system's own table says of them
// differs. It is "" for others.
func mediaType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return ""
}

// NewAssets returns the files of files' top directory, and base.css and
// favicon.svg, the looks that all our pages share. Serve answers them under
// prefix, which ends in a slash. A file of a kind that is not known here is an
// error.
func NewAssets(files fs.FS, prefix string) (*Assets, error) {
	shared, err := fs.Sub(looks, "look/static")
	if err != nil {
		return nil, err
	}
	a := &Assets{paths: map[string]string{}, hashed: map[string]asset{}}
	for _, dir := range []fs.FS{shared, files} {
		if err := a.add(dir, prefix); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// add takes in the files of dir's top directory.
func (a *Assets) add(dir fs.FS, prefix string) error {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		body, err := fs.ReadFile(dir, e.Name())
		if err != nil {
			return err
		}
		ext := path.Ext(e.Name())
		media := mediaType(ext)
		if media == "" {
			return fmt.Errorf("asset %q: no media type is known for %q", e.Name(), ext)
		}
		sum := sha256.Sum256(body)
		hashed := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.paths[e.Name()] = prefix + hashed
		a.hashed[hashed] = asset{media, body}
	}
	return nil
}

// Path returns where a file is served, or an error that stops a template when
// there is none of that name.
func (a *Assets) Path(name string) (string, error) {
	p, ok := a.paths[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return p, nil
}

// HandleAssets adds the routes of a's files, which are served under /static/: all
// of them, and the icon that browsers ask for beside an answer that names none.
func (m *Mux) HandleAssets(a *Assets) {
	media := map[string]bool{}
	for _, file := range a.hashed {
		kind, _, _ := strings.Cut(file.mediaType, ";")
		media[kind] = true
	}
	m.Handle("GET /static/{name}", a.Serve,
		Does("A file that pages refer to. Its name holds a hash of its content, so it may be kept for ever."),
		Gives(http.StatusOK, nil, slices.Sorted(maps.Keys(media))...), Fails(http.StatusNotFound))
	m.Handle("GET /favicon.ico", a.ServeAs("favicon.svg"), Does("The icon."),
		Gives(http.StatusOK, nil, "image/svg+xml"))
}

// Serve answers the file whose path ends in the wildcard {name}.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request) error {
	return a.write(w, r, r.PathValue("name"), "public, max-age=31536000, immutable")
}

// ServeAs returns a handler that answers one file at a path of its own.
func (a *Assets) ServeAs(name string) HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		return a.write(w, r, path.Base(a.paths[name]), "public, max-age=86400")
	}
}

func (a *Assets) write(w http.ResponseWriter, r *http.Request, hashed, cache string) error {
	found, ok := a.hashed[hashed]
	if !ok {
		return NewProblem(http.StatusNotFound, "there is nothing at %s", r.URL.Path)
	}
	w.Header().Set("Content-Type", found.mediaType)
	w.Header().Set("Cache-Control", cache)
	_, err := w.Write(found.body)
	return err
}
