package console

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

const contract = `{"name":"chat","hash":"h1","modules":[],"$defs":{}}`

// get sends a request to the handler, and returns the response and its body.
func get(t *testing.T, h http.Handler, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	resp := w.Result()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestHandler(t *testing.T) {
	h := Handler([]byte(contract), "")
	tests := []struct {
		method, path string
		status       int
		kind, body   string // what the body contains
	}{
		{"GET", "/_live/", 200, "text/html; charset=utf-8", "<!doctype html>"},
		{"HEAD", "/_live/", 200, "text/html; charset=utf-8", ""},
		{"GET", "/_live/main.js", 200, "text/javascript; charset=utf-8", "import"},
		{"GET", "/_live/console.css", 200, "text/css; charset=utf-8", ":root"},
		{"GET", "/_live/icon.svg", 200, "image/svg+xml", "<svg"},
		{"GET", "/_live/contract.json", 200, "application/json", contract},
		{"GET", "/_live", 301, "", ""},
		{"GET", "/_live/index.html", 404, "", "/_live/"},
		{"GET", "/_live/../console.go", 404, "", ""},
		{"GET", "/elsewhere", 404, "", "/_live/"},
		{"POST", "/_live/", 405, "", "GET"},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			resp, body := get(t, h, test.method, test.path)
			if resp.StatusCode != test.status || !strings.Contains(body, test.body) {
				t.Errorf("got %d and %.80q", resp.StatusCode, body)
			}
			if test.kind != "" && resp.Header.Get("Content-Type") != test.kind {
				t.Errorf("content type %q", resp.Header.Get("Content-Type"))
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
				if resp.Header.Get(name) == "" {
					t.Errorf("no %s", name)
				}
			}
		})
	}
}

func TestUnchanged(t *testing.T) {
	h := Handler([]byte(contract), "")
	resp, _ := get(t, h, "GET", "/_live/main.js")
	if resp, _ = get(t, h, "GET", "/_live/main.js", "If-None-Match", resp.Header.Get("ETag")); resp.StatusCode != http.StatusNotModified {
		t.Errorf("got %d for a file that has not changed", resp.StatusCode)
	}
}

// TestPolicy checks the page against its own policy: no inline script or style, and nothing that is not embedded.
func TestPolicy(t *testing.T) {
	h := Handler([]byte(contract), "")
	inline := regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	linked := regexp.MustCompile(`(?m)(?:\b(?:src|href)="([^"#]+)"|^import .* from '\./([^']+)')`)
	files, err := fs.Glob(page, "page/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(page, file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".html") {
			if m := inline.Find(data); m != nil {
				t.Errorf("%s: %q is against the policy", file, m)
			}
		}
		for _, m := range linked.FindAllStringSubmatch(string(data), -1) {
			target := m[1] + m[2]
			if target == "../metrics" {
				continue // the server answers it
			}
			if resp, _ := get(t, h, "GET", Path+target); resp.StatusCode != http.StatusOK {
				t.Errorf("%s links to %s, which is not there", file, target)
			}
		}
	}
}
