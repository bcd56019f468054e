package portal

import (
	"embed"
	"io/fs"

	"gradebook/service/web"
)

//go:embed templates static
var files embed.FS

// newAssets returns the files that pages refer to.
func newAssets() (*web.Assets, error) {
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, err
	}
	return web.NewAssets(static, "/static/")
}
