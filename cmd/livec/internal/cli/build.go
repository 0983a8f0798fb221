package cli

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/lockedfile"
	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/disk"
	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/cmd/livec/internal/gomod"
	"github.com/livec-lang/livec/cmd/livec/internal/output"
	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/lang/diag"
)

const defaultOut = "gen"

func (p *program) build() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "build PATH",
		Short: "Write the server and the clients of an app",
		Long: `Compiles an app and writes its Go package, server/main.go, TypeScript modules,
JSON Schemas and contract into a folder. The folder must be inside a Go module;
livec adds the runtime to its go.mod. PATH is a .live file or a folder.

If the app has errors, livec writes nothing. It leaves unchanged files alone and
deletes files of an earlier build that are no longer needed. It never touches
files that it did not make.`,
		Example: `  livec build chat.live && go run ./gen/server
  livec build app -o internal/gen`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: liveFile,
	}
	c.Flags().StringVarP(&out, "out", "o", defaultOut, "output `folder`")
	return p.command(c, func(ctx context.Context, args []string) error {
		app, err := p.compile(args[0])
		if err != nil {
			return err
		}
		m, err := gomod.Around(out)
		if err != nil {
			return err
		}
		r, err := p.generate(ctx, app, m, out)
		if err != nil {
			return err
		}
		p.note("%s: %d files written, %d unchanged, %d deleted", out, r.Written, r.Kept, r.Deleted)
		return nil
	})
}

// compiled is an app and the result of compiling it, which is complete if there are no errors.
type compiled struct {
	*disk.App
	made *compiler.App
}

// compile loads and checks an app that is to be built, and reports what is wrong with it.
func (p *program) compile(path string) (*compiled, error) {
	app, list, err := p.load(path)
	if err != nil {
		return nil, err
	}
	if !list.HasErrors() {
		list = append(list, emit.Pending(app.made.Program, diag.Error)...)
	}
	return p.accept(app, list, "nothing was written")
}

// understand loads and checks an app that a command describes, such as graph.
func (p *program) understand(path string) (*compiled, error) {
	app, list, err := p.load(path)
	if err != nil {
		return nil, err
	}
	return p.accept(app, list, "nothing to show")
}

func (p *program) load(path string) (*compiled, diag.List, error) {
	app, err := disk.Open(path)
	if err != nil {
		return nil, nil, err
	}
	made, list := p.Compile(app.Name, app.Files)
	return &compiled{app, made}, list, nil
}

// accept reports what is wrong with an app, and fails if it has errors.
func (p *program) accept(app *compiled, list diag.List, outcome string) (*compiled, error) {
	if err := p.report(list); err != nil {
		return nil, err
	}
	if list.HasErrors() {
		p.note("%s: %s; %s", app.Path, count(list), outcome)
		return nil, fail.Findings
	}
	return app, nil
}

// generate writes everything that is generated from an app into a folder of a module, one livec at a time.
func (p *program) generate(ctx context.Context, app *compiled, m *gomod.Module, out string) (output.Result, error) {
	origin, err := gomod.Find()
	if err != nil {
		return output.Result{}, err
	}
	importPath, err := m.ImportPath(out)
	if err != nil {
		return output.Result{}, err
	}
	files, err := p.emit(app, importPath)
	if err != nil {
		return output.Result{}, err
	}
	unlock, err := lock(out)
	if err != nil {
		return output.Result{}, err
	}
	defer unlock()
	r, err := output.Write(out, output.App{Name: app.made.Program.Name, Path: app.Path}, files)
	if err != nil {
		return r, err
	}
	told, err := m.Require(ctx, origin, append(externs(app.made.Program), importPath+"/server")...)
	for _, line := range told {
		p.note("%s", line)
	}
	return r, err
}

// externs are the Go packages of extern functions.
func externs(p *ir.Program) []string {
	var packages []string
	for _, m := range p.Modules {
		for _, x := range m.Externs {
			packages = append(packages, x.Package)
		}
	}
	slices.Sort(packages)
	return slices.Compact(packages)
}

// emit makes all files before the first one is written.
func (p *program) emit(app *compiled, importPath string) ([]emit.File, error) {
	server, err := p.EmitGo(app.made, importPath)
	if err != nil {
		return nil, fail.Internal("the Go code of %s: %w", app.Name, err)
	}
	client, err := p.EmitTS(app.made)
	if err != nil {
		return nil, fail.Internal("the TypeScript code of %s: %w", app.Name, err)
	}
	return append(server, client...), nil
}

// lock keeps two runs of livec from writing the same folder at the same time.
func lock(out string) (unlock func(), err error) {
	dir, err := gomod.CacheDir(out)
	if err != nil {
		return nil, err
	}
	unlock, err = lockedfile.MutexAt(filepath.Join(dir, "lock")).Lock()
	if err != nil {
		return nil, fail.Failed("the folder %s cannot be locked: %w", dir, err)
	}
	return unlock, nil
}
