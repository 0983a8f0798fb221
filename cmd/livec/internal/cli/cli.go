// Package cli is the livec command, with one file for each subcommand. Each reads its flags, calls the tools, and reports the result.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// Tools are the compiler, the emitters and the other functions that subcommands call.
type Tools struct {
	Compile func(name string, files []*source.File) (*compiler.App, diag.List)
	EmitGo  func(app *compiler.App, importPath string) ([]emit.File, error) // importPath is that of the output folder
	EmitTS  func(app *compiler.App) ([]emit.File, error)
	Format  func(f *source.File) ([]byte, diag.List)
	Explain func(code diag.Code) (page string, ok bool)
	Render  map[string]diag.Renderer // by the name of the format, which must include text
}

// program is one run of livec.
type program struct {
	Tools
	in       io.Reader
	out, err io.Writer
	color    string // auto, always, never
	started  bool   // the arguments were accepted
}

// Main runs livec with the arguments after its name, and returns the exit code.
func Main(t Tools, args []string, in io.Reader, out, errOut io.Writer) (code int) {
	p := &program{Tools: t, in: in, out: out, err: errOut}
	defer func() {
		if r := recover(); r != nil {
			p.broken(fmt.Sprint(r), debug.Stack())
			code = fail.CodeInternal
		}
	}()
	root := p.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	return p.end(root.ExecuteContextC(context.Background()))
}

// end reports the error of a command, once, and returns its exit code.
func (p *program) end(c *cobra.Command, err error) int {
	if err == nil {
		return fail.CodeOK
	}
	var known *fail.Error
	if !p.started && !errors.As(err, &known) { // an error of cobra: an unknown command or flag
		err = fail.Misuse("%w", err)
	}
	code := fail.Code(err)
	if code == fail.CodeInternal {
		p.broken(err.Error(), nil)
		return code
	}
	message := strings.TrimSpace(err.Error())
	if message != "" {
		fmt.Fprintf(p.err, "livec: %s\n", message)
		if code == fail.CodeMisuse && !p.started {
			fmt.Fprintf(p.err, "See %s --help.\n", c.CommandPath())
		}
	}
	return code
}

// traceEnv makes an internal error show its stack trace.
const traceEnv = "LIVEC_TRACE"

// broken reports a bug in livec.
func (p *program) broken(message string, stack []byte) {
	fmt.Fprintf(p.err, "livec: internal error: %s\n", message)
	if os.Getenv(traceEnv) != "" {
		_, _ = p.err.Write(stack)
		return
	}
	fmt.Fprintf(p.err, "This is a bug in livec. Please report it with the .live file and the output of `livec version`; set %s=1 to add "+
		"a stack trace.\n", traceEnv)
}

// command adds what all subcommands have in common. An error before run starts is one of the arguments.
func (p *program) command(c *cobra.Command, run func(ctx context.Context, args []string) error) *cobra.Command {
	if accepts := c.Args; accepts != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			switch {
			case accepts(c, args) == nil:
				return nil
			case len(args) == 0:
				return fail.Misuse("an argument is missing; write `livec %s`", c.Use)
			}
			return fail.Misuse("there are too many arguments; write `livec %s`", c.Use)
		}
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		p.started = true
		return run(c.Context(), args)
	}
	return c
}
