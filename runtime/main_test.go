package runtime

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

func testProgram(env map[string]string) (*program, *lockedBuffer, *lockedBuffer) {
	out, errs := &lockedBuffer{}, &lockedBuffer{}
	return &program{reg: testRegistry(nil), out: out, err: errs,
		lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}, out, errs
}

func TestMainServes(t *testing.T) {
	dir := t.TempDir()
	web := filepath.Join(dir, "web")
	for name, text := range map[string]string{"index.html": "<p>page</p>", "app.js": "code"} {
		if err := os.MkdirAll(web, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(web, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, out, errs := testProgram(map[string]string{"LIVE_ADDR": "127.0.0.1:0", "LIVE_WEB": web})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	code := make(chan int)
	go func() { code <- p.run(ctx, []string{"--db", filepath.Join(dir, "test.db")}) }()
	var base string
	waitFor(t, "the server to say where it listens", func() bool {
		m := regexp.MustCompile(`http://[0-9.:]+`).FindString(out.String())
		base = m
		return m != "" || errs.String() != ""
	})
	get := func(path string) string {
		t.Helper()
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.Status[:3] + " " + string(body)
	}
	for path, want := range map[string]string{
		"/": "200 <p>page</p>", "/rooms/lobby": "200 <p>page</p>", "/app.js": "200 code", "/missing.js": "404 404 page not found\n",
		"/../main_test.go": "404 404 page not found\n",
		"/healthz":         `200 {"status":"ok"}`,
	} {
		if got := get(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "test.db.secret"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret: %v %v", info, err)
	}

	// A second server on the same database.
	q, _, other := testProgram(map[string]string{"LIVE_ADDR": "127.0.0.1:0"})
	if got := q.run(ctx, []string{"--db", filepath.Join(dir, "test.db")}); got != exitFailed ||
		!strings.Contains(other.String(), "in use by another process") {
		t.Errorf("a second server: %d %s", got, other)
	}
	stop()
	if got := <-code; got != exitOK {
		t.Errorf("exit code %d: %s", got, errs)
	}
}

// TestDoubtfulSettings starts a server with settings that can be read and are probably mistakes. The log has a warning for each.
func TestDoubtfulSettings(t *testing.T) {
	p, out, errs := testProgram(map[string]string{"LIVE_ADDR": "127.0.0.1:0", "LIVE_TRUSTED_PROXIES": "0.0.0.0/0,10.0.0.0/8"})
	p.environ = []string{"LIVE_MAX_CONECTIONS=5", "LIVE_ADDR=127.0.0.1:0", "LIVE_URL=http://a.example", "LIVER=1", "PATH=/bin"}
	ctx, stop := context.WithCancel(t.Context())
	code := make(chan int)
	go func() { code <- p.run(ctx, []string{"--db", ":memory:"}) }()
	waitFor(t, "the server to listen", func() bool { return strings.Contains(out.String(), "listening") })
	stop()
	if got := <-code; got != exitOK {
		t.Errorf("exit code %d", got)
	}
	for text, want := range map[string]int{
		"name=LIVE_MAX_CONECTIONS did_you_mean=LIVE_MAX_CONNECTIONS": 1, "no setting has": 1, "range=0.0.0.0/0": 1, "can claim any address": 1,
	} {
		if got := strings.Count(errs.String(), text); got != want {
			t.Errorf("%q appears %d times in %s", text, got, errs)
		}
	}
}

// TestMainWithoutPage opens / of a server that has no web app: in development it leads to the console.
func TestMainWithoutPage(t *testing.T) {
	for mode, want := range map[string]int{"development": http.StatusOK, "production": http.StatusNotFound} {
		p, out, errs := testProgram(map[string]string{"LIVE_ADDR": "127.0.0.1:0", "LIVE_ENV": mode, "LIVE_SECRET": strings.Repeat("x", 32)})
		ctx, stop := context.WithCancel(context.Background())
		code := make(chan int)
		go func() { code <- p.run(ctx, []string{"--db", ":memory:"}) }()
		var base string
		waitFor(t, "the server to say where it listens", func() bool {
			base = regexp.MustCompile(`http://[0-9.:]+`).FindString(out.String())
			return base != "" || errs.String() != ""
		})
		resp, err := http.Get(base + "/")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want || want == http.StatusOK && resp.Request.URL.Path != "/_live/" {
			t.Errorf("in %s: %d of %s", mode, resp.StatusCode, resp.Request.URL)
		}
		stop()
		if got := <-code; got != exitOK {
			t.Errorf("exit code %d: %s", got, errs)
		}
	}
}

func TestMainSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	drifted := filepath.Join(dir, "drifted.db")
	other := *people
	other.Columns = relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "role", Kind: relation.Int}}
	db, err := sqlite.Open(t.Context(), drifted, []*relation.Table{&other}, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		env  map[string]string
		app  func(*App)
		code int
		want string
	}{
		{name: "taken port", args: []string{"--addr", taken.Addr().String()}, code: 1,
			want: `is in use; stop the program that listens there, or choose another address with --addr`},
		{name: "no address", args: []string{"--addr", "nowhere"}, code: 2, want: `set --addr to host:port, such as 127.0.0.1:8080`},
		{name: "no port", args: []string{"--addr", "127.0.0.1:99999"}, code: 2, want: `set --addr to host:port`},
		{name: "the address of another machine", args: []string{"--addr", "192.0.2.1:80"}, code: 1,
			want: `this machine does not have the address 192.0.2.1:80; set --addr to one that it has`},
		{name: "no folder", args: []string{"--db", filepath.Join(dir, "no", "such", "a.db")}, code: 1, want: `choose another file with --db`},
		{name: "drift", args: []string{"--db", drifted}, code: 1, want: `does not fit this app; choose another file with --db`},
		{name: "other database", args: []string{"--db", "postgres://x"}, code: 2, want: `databases of kind "postgres" are not supported`},
		{name: "web folder", args: []string{"--web", dir}, code: 2, want: `has no index.html; build the web app`},
		{name: "base", args: []string{"--base", "app"}, code: 2,
			want: `--base (LIVE_BASE): the base "app" does not start with /; set a path such as /app`},
		{name: "environment", env: map[string]string{"LIVE_ENV": "prod"}, code: 2,
			want: `LIVE_ENV is "prod"; set it to development or production`},
		{name: "no secret", env: map[string]string{"LIVE_ENV": "production"}, code: 2, want: `LIVE_SECRET is not set`},
		{name: "short secret", env: map[string]string{"LIVE_SECRET": "x"}, code: 2, want: `LIVE_SECRET has 1 bytes, but needs at least 32`},
		{name: "short secret of several", env: map[string]string{"LIVE_SECRET": strings.Repeat("x", 32) + ", y"}, code: 2,
			want: `LIVE_SECRET: key 2 of 2 has 1 bytes, but needs at least 32`},
		{name: "no secret behind the comma", env: map[string]string{"LIVE_SECRET": strings.Repeat("x", 32) + ","}, code: 2,
			want: `LIVE_SECRET: key 2 of 2 has 0 bytes`},
		{name: "session age", env: map[string]string{"LIVE_SESSION_AGE": "a month"}, code: 2,
			want: `LIVE_SESSION_AGE must be a duration such as 10s or 2d`},
		{name: "session age of none", env: map[string]string{"LIVE_SESSION_AGE": "0s"}, code: 2,
			want: `LIVE_SESSION_AGE is "0s"; set it to a duration such as 30d`},
		{name: "secure cookies", env: map[string]string{"LIVE_SECURE_COOKIES": "maybe"}, code: 2, want: `LIVE_SECURE_COOKIES must be`},
		{name: "setting", app: func(a *App) {
			a.CheckEnv = func(func(string) (string, bool)) error { return errors.New("MAIL_KEY is not set") }
		}, code: 2, want: `MAIL_KEY is not set (set it in the environment)`},
		{name: "origins", env: map[string]string{"LIVE_ORIGINS": "https://a.example, b.example"}, code: 2,
			want: `--origins (LIVE_ORIGINS): the origin "b.example" has no scheme; write it as "https://b.example"`},
		{name: "trusted proxies", args: []string{"--trusted-proxies", "10.0.0.0/99"}, code: 2,
			want: `--trusted-proxies (LIVE_TRUSTED_PROXIES): "10.0.0.0/99" is not a range of addresses, such as 10.0.0.0/8`},
		{name: "hosts", env: map[string]string{"LIVE_HOSTS": "https://a.example"}, code: 2, want: `--hosts (LIVE_HOSTS): "https://a.example"`},
		{name: "a limit", args: []string{"--max-connections", "abc"}, code: 2,
			want: `--max-connections is "abc"; set it to a number, such as 500`},
		{name: "a limit in the environment", env: map[string]string{"LIVE_MAX_CONNECTIONS": "abc"}, code: 2,
			want: `LIVE_MAX_CONNECTIONS is "abc"; set it to a number, such as 500`},
		{name: "more than the memory", args: []string{"--max-payload", "9999gb"}, code: 2,
			want: `maxPayload is 9999gb, which is more than the memory of the server`},
		{name: "a part above the whole", args: []string{"--memory", "128mb", "--max-queue-memory", "900mb"}, code: 2,
			want: `maxQueueMemory is 900mb, which is more than the memory of the server, 128mb; lower it, or raise memory`},
		{name: "no hashers", args: []string{"--hashers", "0"}, code: 2, want: `--hashers is "0"; it is at least 1`},
		{name: "base of slashes", args: []string{"--base", "//"}, code: 2, want: `the base "//"`},
		{name: "base of a check", args: []string{"--base", "/healthz"}, code: 2, want: `is the path of a check`},
		{name: "name of a proxy", args: []string{"--trusted-proxies", "localhost"}, code: 2, want: `write loopback for this machine`},
		{name: "flag", args: []string{"--nope"}, code: 2, want: `flag provided but not defined: -nope`},
		{name: "argument", args: []string{"nope"}, code: 2, want: `unknown argument "nope"; see --help`},
		{name: "help", args: []string{"--help"}, code: 0, want: `DATABASE_URL`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.env == nil {
				test.env = map[string]string{}
			}
			if test.env["LIVE_ADDR"] == "" {
				test.env["LIVE_ADDR"] = "127.0.0.1:0"
			}
			if test.env["DATABASE_URL"] == "" {
				test.env["DATABASE_URL"] = filepath.Join(t.TempDir(), "x.db")
			}
			p, _, errs := testProgram(test.env)
			if test.app != nil {
				test.app(&p.reg.app)
			}
			ctx, stop := context.WithTimeout(context.Background(), 10*time.Second) // none of them serves
			defer stop()
			code := p.run(ctx, test.args)
			if code != test.code || !strings.Contains(errs.String(), test.want) {
				t.Errorf("exit %d, %q", code, errs)
			}
			if own := bytes.Count([]byte(errs.String()), []byte("\n")); test.code != 0 && own != 1 {
				t.Errorf("%d lines: %s", own, errs)
			}
		})
	}
}
