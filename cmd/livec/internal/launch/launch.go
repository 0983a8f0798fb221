// Package launch compiles a generated server and runs it instead of livec.
package launch

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/cmd/livec/internal/gomod"
)

// Program is the path of the server that Compile builds.
func Program(dir string) string {
	program := filepath.Join(dir, "server")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	return program
}

// Compile builds a package of a module into a folder, and returns the program's path. The output of the go command goes to w.
func Compile(ctx context.Context, m *gomod.Module, pkg, dir string, w io.Writer) (string, error) {
	program := Program(dir)
	c, err := m.Command(ctx, "build", "-mod=readonly", "-o", program, pkg)
	if err != nil {
		return "", err
	}
	c.Stdout, c.Stderr = w, w
	if err := c.Run(); err != nil {
		var exit *exec.ExitError
		switch {
		case ctx.Err() != nil:
			return "", fail.Failed("stopped")
		case errors.As(err, &exit):
			return "", fail.Failed("the server does not compile; see the output of the go command above")
		}
		return "", fail.Failed("the go command cannot be started: %w", err)
	}
	return program, nil
}
