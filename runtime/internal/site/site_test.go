package site

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// build writes the files of a web app into a new folder of a folder.
func build(t *testing.T, dir string, files ...string) string {
	t.Helper()
	out, err := os.MkdirTemp(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(out, files[i])
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

var backend = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "backend "+r.URL.Path) })

// server serves the web app in a folder.
func server(t *testing.T, dir string) http.Handler {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return Wrap(backend, s.Handler(), "", "/_live/", "/healthz")
}

// get sends a request with some headers, each as "name: value".
func get(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPaths(t *testing.T) {
	h := server(t, build(t, t.TempDir(), "index.html", "page", "app.js", "code", "docs/a.txt", "text"))
	for path, want := range map[string]string{
		"/": "page", "/rooms/lobby": "page", "/docs": "page", "/docs/": "page", "/app.js": "code", "/docs/a.txt": "text",
		"/healthz": "backend /healthz", "/_live/ws": "backend /_live/ws",
	} {
		if w := get(h, path); w.Code != http.StatusOK || w.Body.String() != want {
			t.Errorf("%s: %d %q, want %q", path, w.Code, w.Body, want)
		}
	}
	for _, path := range []string{"/missing.js", "/docs/missing.txt", "/app.js/x.js"} {
		if w := get(h, path); w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	if w := get(h, "/index.html"); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "./" {
		t.Errorf("the page by its name: %d %v", w.Code, w.Header())
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/app.js", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

// TestReplaced swaps the folder while it is served, as builds and deployments do.
func TestReplaced(t *testing.T) {
	base := t.TempDir()
	at := filepath.Join(base, "web")
	swap := func(files ...string) {
		t.Helper()
		next := build(t, base, files...)
		if err := os.RemoveAll(at); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(next, at); err != nil {
			t.Fatal(err)
		}
	}
	swap("index.html", "old page", "assets/index-DiwrgTda.js", "old")
	h := server(t, at)
	old := get(h, "/")
	swap("index.html", "new page", "assets/index-BxK3f9Qz.js", "new")
	for path, want := range map[string]string{"/": "200 new page", "/assets/index-BxK3f9Qz.js": "200 new"} {
		if w := get(h, path); w.Result().Status[:4]+w.Body.String() != want {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
	if w := get(h, "/assets/index-DiwrgTda.js"); w.Code != http.StatusNotFound {
		t.Errorf("a file of the old build: %d", w.Code)
	}
	if w := get(h, "/", "If-None-Match: "+old.Header().Get("Etag")); w.Code != http.StatusOK {
		t.Errorf("who has the old page is told %d", w.Code)
	}
	if err := os.RemoveAll(at); err != nil { // a build has just begun
		t.Fatal(err)
	}
	for range 2 {
		if w := get(h, "/"); w.Code != http.StatusServiceUnavailable || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("meanwhile: %d %v", w.Code, w.Header())
		}
		if err := os.MkdirAll(at, 0o777); err != nil { // and has made the folder
			t.Fatal(err)
		}
	}
	swap("index.html", "third page")
	if w := get(h, "/any/where"); w.Body.String() != "third page" {
		t.Errorf("afterwards: %d %q", w.Code, w.Body)
	}
}

// TestCaching expects browsers to keep what cannot change, and to ask again for all else.
func TestCaching(t *testing.T) {
	const forever, ask = "public, max-age=31536000, immutable", "no-cache"
	want := map[string]string{
		"/": ask, "/deep/link": ask, "/favicon.svg": ask, "/robots.txt": ask,
		"/assets/index-DiwrgTda.js": forever, "/assets/vendor-B_x-1Zq9.css": forever, "/assets/index.06d14ce2.js": forever,
		"/assets/index-DiwrgTda.js.map": forever, "/app/assets/logo-x9Kq_0aZ.svg": forever,
		"/_app/immutable/chunks/x.js": forever, "/_app/version.json": ask, "/index-DiwrgTda.js": ask,
	}
	for _, name := range []string{"logo-markdown.png", "logo-Markdown.png", "logo-MARKDOWN.png", "logo-darkMode.png", "shot-20240101.png",
		"shot-1024x768.png", "the-my-photo.png", "logo-iphone14.png", "a.20240101.js", "plain.js"} {
		want["/assets/"+name] = ask
	}
	var files []string
	for path := range want {
		if path != "/" && path != "/deep/link" {
			files = append(files, path, "content of "+path)
		}
	}
	h := server(t, build(t, t.TempDir(), append(files, "index.html", "page")...))
	for path, control := range want {
		w := get(h, path)
		tag := w.Header().Get("Etag")
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != control || tag == "" || w.Header().Get("Last-Modified") == "" {
			t.Errorf("%s: %d %v, want %q", path, w.Code, w.Header(), control)
		}
		if w := get(h, path, "If-None-Match: "+tag); w.Code != http.StatusNotModified || w.Header().Get("Cache-Control") != control {
			t.Errorf("%s again: %d %v", path, w.Code, w.Header())
		}
	}
}

// TestCompression expects text to be compressed for who accepts that, with headers that keep caches right.
func TestCompression(t *testing.T) {
	long := strings.Repeat("some text ", 1000)
	h := server(t, build(t, t.TempDir(), "index.html", long, "app.js", long, "icon.svg", long, "small.js", "1", "photo.png", long))
	for _, path := range []string{"/", "/deep", "/app.js", "/icon.svg"} {
		w := get(h, path, "Accept-Encoding: br, gzip")
		plain := get(h, path)
		r, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatalf("%s: %v %v", path, err, w.Header())
		}
		text, err := io.ReadAll(r)
		if err != nil || string(text) != long || w.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %v, %d bytes, %v", path, err, len(text), w.Header())
		}
		if plain.Body.String() != long || plain.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s, not compressed: %v", path, plain.Header())
		}
		for _, h := range []http.Header{w.Header(), plain.Header()} {
			if h.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s varies by %q", path, h["Vary"])
			}
		}
		again := get(h, path, "Accept-Encoding: gzip", "If-None-Match: "+w.Header().Get("Etag"))
		if again.Code != http.StatusNotModified {
			t.Errorf("%s again: %d", path, again.Code)
		}
	}
	for _, test := range []struct{ path, accept string }{{"/app.js", "gzip;q=0"}, {"/app.js", "br"}, {"/small.js", "gzip"},
		{"/photo.png", "gzip"}} {
		if w := get(h, test.path, "Accept-Encoding: "+test.accept); w.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s for %q: %v", test.path, test.accept, w.Header())
		}
	}
	if w := get(h, "/app.js", "Accept-Encoding: gzip", "Range: bytes=0-3"); w.Code != http.StatusPartialContent || w.Body.String() != "some" {
		t.Errorf("a range: %d %q", w.Code, w.Body)
	}
}

func TestLead(t *testing.T) {
	h := Lead(backend, "/", "/_live/")
	if w := get(h, "/"); w.Code != http.StatusFound || w.Header().Get("Location") != "_live/" {
		t.Errorf("/: %d %v", w.Code, w.Header())
	}
	if w := get(h, "/other"); w.Body.String() != "backend /other" {
		t.Errorf("another path: %d %q", w.Code, w.Body)
	}
}

func TestOpen(t *testing.T) {
	if s, err := Open(""); s != nil || err != nil {
		t.Errorf("no folder: %v, %v", s, err)
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "has no index.html") {
		t.Errorf("an empty folder: %v", err)
	}
}
