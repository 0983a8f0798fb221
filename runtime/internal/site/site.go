// Package site serves the files of a built web app next to its backend.
package site

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Open opens the folder of a built web app; nil if dir is empty.
func Open(dir string) (fs.FS, error) {
	if dir == "" {
		return nil, nil
	}
	if _, err := os.Stat(filepath.Join(dir, indexPage)); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("the folder %s has no %s; build the web app and name its output folder with --web", dir, indexPage)
		}
		return nil, fmt.Errorf("the folder %s cannot be read: %w", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder %s cannot be read: %w", dir, err)
	}
	return root.FS(), nil
}

const indexPage = "index.html"

// Wrap serves a single-page app at all paths except those of the backend: its files, and its page for all other paths, which its router
// handles.
func Wrap(backend http.Handler, site fs.FS, paths ...string) http.Handler {
	files := http.FileServerFS(site)
	mux := http.NewServeMux()
	for _, own := range paths {
		mux.Handle(own, backend)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if info, err := fs.Stat(site, name); name != "" && err == nil && !info.IsDir() {
			files.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead || path.Ext(name) != "" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, site, indexPage)
	})
	return mux
}
