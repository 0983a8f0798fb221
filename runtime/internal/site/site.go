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
	"sync"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

const indexPage = "index.html"

// Site is the folder of a built web app. The folder is opened anew for each request, since a build or a deployment replaces it while the
// server runs.
type Site struct {
	dir string // absolute, so that it stays the same path

	mu   sync.Mutex
	tags map[string]tag // by the name of the file
}

// Open checks the folder of a built web app. It returns nil if dir is empty.
func Open(dir string) (*Site, error) {
	if dir == "" {
		return nil, nil
	}
	if _, err := os.Stat(filepath.Join(dir, indexPage)); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("the folder %s has no %s; build the web app and name its output folder with --web", dir, indexPage)
		}
		return nil, fmt.Errorf("the folder %s cannot be read: %w", dir, err)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("the path of the folder %s cannot be found: %w", dir, err)
	}
	return &Site{dir: abs, tags: map[string]tag{}}, nil
}

// Wrap serves a single-page app at all paths below base except those of the backend: its files, and its page for all other paths, which its
// router handles. All paths that are not below base are the backend's, too.
func Wrap(backend, site http.Handler, base string, paths ...string) http.Handler {
	mux := http.NewServeMux()
	for _, own := range paths {
		mux.Handle(base+own, backend)
	}
	mux.Handle(base+"/", http.StripPrefix(base, site))
	if base != "" {
		mux.Handle("/", backend)
	}
	return mux
}

// Handler serves the files of a web app, compressed for browsers that accept that.
func (s *Site) Handler() http.Handler { return compressed(s) }

// Lead sends who opens the path at, which ends in /, to a path below it. All other requests go to the backend.
func Lead(backend http.Handler, at, to string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", backend)
	mux.HandleFunc("GET "+at+"{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store") // the next app at this address may have a page
		redirect(w, strings.TrimPrefix(to, "/"), http.StatusFound)
	})
	return mux
}

// redirect leads to a relative address, since a proxy may serve all this below a path that only it knows.
func redirect(w http.ResponseWriter, to string, status int) {
	w.Header().Set("Location", to)
	w.WriteHeader(status)
}

// textTypes are the media types that become smaller by compression.
var textTypes = []string{
	"text/html", "text/css", "text/javascript", "application/javascript", "application/json", "application/manifest+json", "text/plain",
	"application/xml", "text/xml", "image/svg+xml", "application/wasm",
}

// compressed compresses text for browsers that accept it. It uses the fastest level, because it does so for each answer: that costs about
// 2 ms for 500 kB.
func compressed(h http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes(textTypes), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.EnableZstd(false))
	if err != nil {
		panic(fmt.Sprintf("the options of gzhttp: %v", err)) // cannot happen: they are constants
	}
	return wrap(h)
}

// ServeHTTP is part of http.Handler.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		unavailable(w)
		return
	}
	defer root.Close()
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	w.Header().Set("Cache-Control", "no-cache") // also of what is missing: the next build may have it
	switch f, info := open(root, name); {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Files are only read, with GET.", http.StatusMethodNotAllowed)
	case f != nil && name == indexPage:
		f.Close()
		redirect(w, "./", http.StatusMovedPermanently) // its router does not know this path
	case f != nil:
		s.serve(w, r, name, f, info)
	case path.Ext(name) != "":
		http.NotFound(w, r) // the page instead of a script would be an error that nobody understands
	default:
		if f, info := open(root, indexPage); f != nil {
			s.serve(w, r, indexPage, f, info)
			return
		}
		unavailable(w)
	}
}

// open opens a file; nil if there is none. Only regular files are opened: opening a FIFO would wait for who writes to it.
func open(root *os.Root, name string) (*os.File, fs.FileInfo) {
	if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil, nil
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, nil
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil
	}
	return f, info
}

// serve answers with a file and closes it.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, name string, f *os.File, info fs.FileInfo) {
	defer f.Close()
	h := w.Header()
	if immutable(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if tag := s.tag(name, f, info); tag != "" {
		h.Set("Etag", tag)
	}
	http.ServeContent(w, r, name, info.ModTime(), f)
}

// unavailable answers while a build empties the folder, or a deployment swaps it.
func unavailable(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Retry-After", "1")
	http.Error(w, "The web app is being replaced. Try again in a moment.", http.StatusServiceUnavailable)
}
