package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/cmd/livec/internal/gomod"
	"github.com/livec-lang/livec/cmd/livec/internal/launch"
)

type runFlags struct{ addr, db, web, out string }

func (p *program) run() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run PATH",
		Short: "Build an app and serve it",
		Long: `Builds an app, compiles its server with the go command, and runs it. PATH is a
.live file or a folder. The console is at /_live/.

Inside a Go module, livec writes the same files as livec build. Elsewhere, and in
livec's own source code, it uses the user's cache folder. livec passes signals
on to the server, and exits with the server's exit code.

The environment variables LIVE_ADDR, DATABASE_URL and LIVE_WEB set the same
options.`,
		Example: `  livec run examples/chat.live
  livec run app --addr 127.0.0.1:9000 --db :memory:`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: liveFile,
	}
	c.Flags().StringVar(&f.addr, "addr", "", "`host:port` to listen on (default 127.0.0.1:8080)")
	c.Flags().StringVar(&f.db, "db", "", "database `file`, or :memory: (default: a file next to the app)")
	c.Flags().StringVar(&f.web, "web", "", "`folder` of a built web app to serve at /")
	c.Flags().StringVarP(&f.out, "out", "o", defaultOut, "output `folder`, inside a Go module")
	return p.command(c, func(ctx context.Context, args []string) error { return p.serve(ctx, args[0], f) })
}

func (p *program) serve(ctx context.Context, path string, f runFlags) error {
	app, err := p.compile(path)
	if err != nil {
		return err
	}
	m, out, err := p.home(path, f.out)
	if err != nil {
		return err
	}
	if _, err := p.generate(ctx, app, m, out); err != nil {
		return err
	}
	importPath, err := m.ImportPath(out)
	if err != nil {
		return err
	}
	dir, err := gomod.CacheDir(out)
	if err != nil {
		return err
	}
	if _, err := os.Stat(launch.Program(dir)); err != nil {
		p.note("compiling the server of %s; the first time takes about a minute", app.Name)
	}
	server, err := launch.Compile(ctx, m, importPath+"/server", dir, p.err)
	if err != nil {
		return err
	}
	code, err := launch.Become(server, f.arguments(app))
	if err != nil {
		return err
	}
	if code != fail.CodeOK {
		return fail.Exit(code) // the server has reported why
	}
	return nil
}

// home returns the module and the folder that an app is generated into: those around the working directory or, if that is not a module of
// the user, private ones.
func (p *program) home(path, out string) (*gomod.Module, string, error) {
	if m, err := gomod.Around(out); err == nil && !m.IsRuntime() {
		return m, out, nil
	}
	origin, err := gomod.Find()
	if err != nil {
		return nil, "", err
	}
	dir, err := gomod.CacheDir(path)
	if err != nil {
		return nil, "", err
	}
	m, err := gomod.Private(dir, origin)
	return m, filepath.Join(dir, defaultOut), err
}

// arguments are those of the server. What is not set is left to the server's defaults and the environment, except the database: it has the
// server's default name, but is next to the app.
func (f runFlags) arguments(app *compiled) []string {
	var args []string
	add := func(name, value string) {
		if value != "" {
			args = append(args, "--"+name, value)
		}
	}
	db := f.db
	if db == "" && os.Getenv("DATABASE_URL") == "" {
		db = filepath.Join(app.Root, app.made.Program.Name+".db")
	}
	add("addr", f.addr)
	add("db", db)
	add("web", f.web)
	return args
}
