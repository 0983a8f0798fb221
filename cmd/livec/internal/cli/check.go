package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/disk"
	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

func (p *program) check() *cobra.Command {
	var format string
	var fix bool
	c := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Check apps for errors",
		Long: `Checks apps and prints their errors and warnings. A PATH is a .live file, which
is checked together with the modules that it uses, or a folder of .live files.
Without a PATH, livec checks the working directory.

The findings go to standard output. The exit code is 1 if there is an error, and
0 if there are only warnings.`,
		Example: `  livec check chat.live
  livec check --fix app
  livec check --format sarif app > live.sarif`,
		ValidArgsFunction: liveFiles,
	}
	c.Flags().StringVar(&format, "format", textFormat, "output format: text, json, sarif or github")
	choices(c, "format", "text", "json", "sarif", "github")
	c.Flags().BoolVar(&fix, "fix", false, "apply the fixes that have one right answer")
	return p.command(c, func(_ context.Context, args []string) error {
		if len(args) == 0 {
			args = []string{"."}
		}
		return p.checkAll(args, format, fix)
	})
}

func (p *program) checkAll(paths []string, format string, fix bool) error {
	render, err := p.renderer(format)
	if err != nil {
		return err
	}
	options, err := p.reader(p.out)
	if err != nil {
		return err
	}
	var all diag.List
	files := map[string]bool{}
	for _, path := range paths {
		app, list, err := p.checkOne(path, fix)
		if err != nil {
			return err
		}
		for _, f := range app.Files {
			files[f.Path] = true
		}
		all = append(all, list...)
	}
	all = distinct(all)
	if err := render(p.out, all, options); err != nil {
		return fail.Failed("the findings cannot be written: %w", err)
	}
	if format == textFormat {
		if len(all) == 0 {
			p.note("%s checked: no errors", number(len(files), "file"))
		} else {
			p.note("%s checked: %s", number(len(files), "file"), count(all))
		}
	}
	if all.HasErrors() {
		return fail.Findings
	}
	return nil
}

// maxFixes limits how often fixes are applied, because a fix may lead to further ones.
const maxFixes = 10

func (p *program) checkOne(path string, fix bool) (*disk.App, diag.List, error) {
	for round := 0; ; round++ {
		app, err := disk.Open(path)
		if err != nil {
			return nil, nil, err
		}
		made, list := p.Compile(app.Name, app.Files)
		if !list.HasErrors() {
			list = append(list, emit.Pending(made.Program, diag.Warning)...)
		}
		if !fix || round == maxFixes {
			return app, list, nil
		}
		n, err := applyFixes(list)
		if err != nil {
			return nil, nil, err
		}
		if n == 0 {
			return app, list, nil
		}
		p.note("%s: %s applied", path, number(n, "correction"))
	}
}

// distinct removes findings that appear twice because two apps share a module.
func distinct(list diag.List) diag.List {
	type key struct {
		code    diag.Code
		path    string
		span    source.Span
		message string
	}
	seen := map[key]bool{}
	out := diag.List{}
	for _, d := range list {
		k := key{code: d.Code, span: d.Primary.Span, message: d.Message}
		if d.Primary.File != nil {
			k.path = d.Primary.File.Path
		}
		if !seen[k] {
			seen[k] = true
			out = append(out, d)
		}
	}
	return out
}
