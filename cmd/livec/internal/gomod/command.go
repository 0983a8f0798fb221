package gomod

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// Command is the go command, run in the module. It ignores workspaces and vendor folders: only go.mod says what is built.
func (m *Module) Command(ctx context.Context, args ...string) (*exec.Cmd, error) {
	name, err := exec.LookPath("go")
	if err != nil {
		return nil, fail.Failed("the go command is not in PATH; install Go 1.26 or newer from https://go.dev/dl")
	}
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = m.Dir
	c.Env = append(os.Environ(), "GOWORK=off", "PWD="+m.Dir)
	return c, nil
}

// tidy makes the go command complete go.mod and go.sum.
func (m *Module) tidy(ctx context.Context) error {
	c, err := m.Command(ctx, "mod", "tidy")
	if err != nil {
		return err
	}
	if out, err := c.CombinedOutput(); err != nil {
		return fail.Failed("`go mod tidy` failed in %s, so the runtime may be missing there: %w\n%s", m.Dir, err, bytes.TrimSpace(out))
	}
	return nil
}

// prune removes the added modules that no package needs: those of the compiler, and of tests. Without a go command they all stay, which
// builds as well.
func (m *Module) prune(ctx context.Context, e *edit, packages []string) error {
	c, err := m.Command(ctx, append([]string{"list", "-mod=readonly", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}"}, packages...)...)
	if err != nil {
		return nil // building needs the go command, generating does not
	}
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		// Something else is missing, such as the module of an extern fn. The go command reports it when the code is built.
		return nil // as above
	}
	needed := strings.Fields(string(out))
	slices.Sort(needed)
	for _, path := range e.added {
		if _, ok := slices.BinarySearch(needed, path); !ok {
			if err := e.mod.DropRequire(path); err != nil {
				return fail.Internal("requiring %s: %w", path, err)
			}
		}
	}
	return e.save()
}
