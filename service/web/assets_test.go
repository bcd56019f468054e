package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAssets(t *testing.T) {
	a, err := NewAssets(fstest.MapFS{"a.css": {Data: []byte("body{}")}, "b.svg": {Data: []byte("<svg/>")}}, "/static/")
	if err != nil {
		t.Fatal(err)
	}
	mux := NewMux(Problems(nil))
	mux.HandleAssets(a)
	style, err := a.Path("a.css")
	if err != nil {
		t.Fatal(err)
	}
	looks, err := a.Path("base.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, media, cache string
		status             int
	}{
		{style, "text/css; charset=utf-8", "public, max-age=31536000, immutable", http.StatusOK},
		{looks, "text/css; charset=utf-8", "public, max-age=31536000, immutable", http.StatusOK},
		{"/favicon.ico", "image/svg+xml", "public, max-age=86400", http.StatusOK},
		{"/static/a.css", "application/problem+json", "no-store", http.StatusNotFound},
		{"/static/a.000000000000.css", "application/problem+json", "no-store", http.StatusNotFound},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.path, nil))
		if h := w.Header(); w.Code != c.status || h.Get("Content-Type") != c.media || h.Get("Cache-Control") != c.cache {
			t.Errorf("%s: got %d %v, want %d %s %s", c.path, w.Code, h, c.status, c.media, c.cache)
		}
	}
}

func TestAssetsErrors(t *testing.T) {
	if _, err := NewAssets(fstest.MapFS{"a.exe": {}}, "/"); err == nil || !strings.Contains(err.Error(), `"a.exe"`) {
		t.Errorf("a file of an unknown kind: got %v", err)
	}
	a, err := NewAssets(fstest.MapFS{}, "/")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Path("a.css"); err == nil {
		t.Error("a file that is not there has a path")
	}
}
