package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/disk"
	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/cmd/livec/internal/output"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/load"
	"github.com/livec-lang/livec/lang/source"
)

const stdin = "-"

type fmtFlags struct{ check, diff bool }

func (p *program) fmt() *cobra.Command {
	var f fmtFlags
	c := &cobra.Command{
		Use:   "fmt PATH…",
		Short: "Format .live files",
		Long: `Formats .live files in the standard style, and prints the names of the files that
it changes. A PATH is a file, a folder, or - to format standard input to standard
output. Files that cannot be parsed stay as they are.`,
		Example: `  livec fmt .
  livec fmt --check .            exit code 1 if a file is not formatted
  livec fmt --diff chat.live     show the changes`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: liveFiles,
	}
	c.Flags().BoolVar(&f.check, "check", false, "write nothing; exit code 1 if a file is not formatted")
	c.Flags().BoolVar(&f.diff, "diff", false, "write nothing; show the changes")
	return p.command(c, func(_ context.Context, args []string) error { return p.formatAll(args, f) })
}

func (p *program) formatAll(args []string, f fmtFlags) error {
	var paths []string
	for _, arg := range args {
		if arg == stdin {
			paths = append(paths, arg)
			continue
		}
		found, err := sources(arg)
		if err != nil {
			return err
		}
		paths = append(paths, found...)
	}
	var findings diag.List
	unformatted := 0
	for _, path := range paths {
		text, err := p.text(path)
		if err != nil {
			return err
		}
		formatted, list := p.Format(&source.File{Path: filepath.ToSlash(filepath.Clean(path)), Text: text})
		findings = append(findings, list...)
		if list.HasErrors() {
			continue
		}
		if string(formatted) != text {
			unformatted++
		}
		if err := p.formatted(path, text, formatted, f); err != nil {
			return err
		}
	}
	if err := p.report(findings); err != nil {
		return err
	}
	if findings.HasErrors() || f.check && unformatted > 0 {
		return fail.Findings
	}
	return nil
}

// sources lists the files that an argument names.
func sources(path string) ([]string, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		if filepath.Ext(path) != load.Ext {
			return nil, fail.Misuse("%s is not a %s file", path, load.Ext)
		}
		return []string{path}, nil
	}
	paths, err := disk.Find(path)
	if err == nil && len(paths) == 0 {
		err = fail.Misuse("the folder %s has no %s files", path, load.Ext)
	}
	return paths, err
}

func (p *program) text(path string) (string, error) {
	if path != stdin {
		return disk.Text(path)
	}
	data, err := io.ReadAll(p.in)
	if err != nil {
		return "", fail.Failed("standard input cannot be read: %w", err)
	}
	text, err := load.Decode("standard input", data)
	if err != nil {
		return "", fail.Misuse("%w", err)
	}
	return text, nil
}

// formatted does for one file what the flags say.
func (p *program) formatted(path, before string, after []byte, f fmtFlags) error {
	same := string(after) == before
	switch {
	case f.diff:
		_, _ = p.out.Write(diff.Diff(path, []byte(before), path+" (formatted)", after))
	case f.check && !same:
		fmt.Fprintln(p.out, path)
	case f.check:
	case path == stdin:
		_, _ = p.out.Write(after)
	case !same:
		if err := output.Replace(path, after); err != nil {
			return err
		}
		fmt.Fprintln(p.out, path)
	}
	return nil
}
