package portal

import (
	"embed"
	"io/fs"

	"gradebook/service/web"
)

//go:embed templates static
var files embed.FS

// newPages returns the pages and the files that they refer to.
func newPages() (*web.Assets, web.Pages, error) {
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, web.Pages{}, err
	}
	templates, err := fs.Sub(files, "templates")
	if err != nil {
		return nil, web.Pages{}, err
	}
	assets, err := web.NewAssets(static, "/static/")
	if err != nil {
		return nil, web.Pages{}, err
	}
	pages, err := web.NewPages(templates)
	return assets, pages, err
}
