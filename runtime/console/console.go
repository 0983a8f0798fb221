// Package console serves the page at /_live/: the entry points of an app with their types and docs. The page calls rpcs with forms, and
// watches streams live. It is plain HTML, CSS and JavaScript, embedded as it is; page/client.js is the client runtime, built from
// client/src/console.ts. The page uses only the contract and the protocol of docs/protocol.md. It is for development: a server in
// production does not serve it.
package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// Path is the path of the page, below the base of the app.
const Path = "/_live/"

//go:embed page/*.html page/*.css page/*.js page/*.svg
var page embed.FS

// policy is the page's Content-Security-Policy (https://www.w3.org/TR/CSP3/): it runs and loads only its own files, connects to no other
// server, and cannot be framed by other pages.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type asset struct {
	data []byte
	kind string // media type
	etag string
}

// Handler serves the console of an app below a base, such as /app; "" is the root. Requests have their whole path. contract is
// contract.Contract as JSON; it is served next to the page, as contract.json.
func Handler(contract []byte, base string) http.Handler {
	assets := map[string]asset{"contract.json": newAsset("contract.json", contract)}
	entries, err := fs.ReadDir(page, "page")
	if err != nil {
		panic(fmt.Sprintf("the embedded page: %v", err)) // cannot happen: the folder is embedded
	}
	for _, e := range entries {
		data, err := fs.ReadFile(page, path.Join("page", e.Name()))
		if err != nil {
			panic(fmt.Sprintf("the embedded page: %v", err)) // as above
		}
		assets[e.Name()] = newAsset(e.Name(), data)
	}
	assets[""] = assets["index.html"]
	delete(assets, "index.html") // it has only the address Path
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, assets, base+Path)
	})
}

func newAsset(name string, data []byte) asset {
	kind := mime.TypeByExtension(path.Ext(name))
	switch path.Ext(name) { // otherwise their types would depend on the machine
	case ".js":
		kind = "text/javascript; charset=utf-8"
	case ".json":
		kind = "application/json"
	case ".svg":
		kind = "image/svg+xml"
	}
	sum := sha256.Sum256(data)
	return asset{data, kind, `"` + hex.EncodeToString(sum[:8]) + `"`}
}

func serve(w http.ResponseWriter, r *http.Request, assets map[string]asset, at string) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "Read the console with GET.", http.StatusMethodNotAllowed)
		return
	}
	name, inside := strings.CutPrefix(r.URL.Path, at)
	if r.URL.Path+"/" == at {
		h.Set("Location", path.Base(at)+"/") // relative, since a proxy may serve it below another path
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	a, ok := assets[name]
	if !inside || !ok {
		http.Error(w, "There is no such page. The console is at "+at, http.StatusNotFound)
		return
	}
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "no-cache") // it changes with the app and with livec
	h.Set("ETag", a.etag)
	if match := r.Header.Get("If-None-Match"); match != "" && strings.Contains(match, a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(a.data)
}
