package portal

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"

	"gradebook/service/web"
)

//go:embed templates static
var files embed.FS

// assets are the files a page refers to. The path of each holds a hash of its
// content, so a browser may keep it for ever and a new version has a new path.
type assets struct {
	Style, Icon string // paths
	byName      map[string]asset
}

type asset struct {
	mediaType string
	body      []byte
}

func newAssets() (assets, error) {
	a := assets{byName: map[string]asset{}}
	var err error
	if a.Style, err = a.add("gradebook.css", "text/css; charset=utf-8"); err != nil {
		return a, err
	}
	a.Icon, err = a.add("favicon.svg", "image/svg+xml")
	return a, err
}

func (a *assets) add(name, mediaType string) (string, error) {
	body, err := files.ReadFile("static/" + name)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	a.byName[hashed] = asset{mediaType, body}
	return "/static/" + hashed, nil
}

func (a *assets) serve(w http.ResponseWriter, r *http.Request) error {
	found, ok := a.byName[r.PathValue("name")]
	if !ok {
		return web.NewProblem(http.StatusNotFound, "there is nothing at %s", r.URL.Path)
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return found.write(w)
}

// serveIcon answers browsers that ask for an icon where no page named one, as
// they do beside a download or a JSON answer.
func (a *assets) serveIcon(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	return a.byName[path.Base(a.Icon)].write(w)
}

func (a asset) write(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", a.mediaType)
	_, err := w.Write(a.body)
	return err
}
