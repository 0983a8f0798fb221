package gomod

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// Command is the go command, run in the module. It ignores vendor folders, and workspaces that do not have the module.
func (m *Module) Command(ctx context.Context, args ...string) (*exec.Cmd, error) {
	name, err := exec.LookPath("go")
	if err != nil {
		return nil, fail.Failed("the go command is not in PATH; install Go 1.26 or newer from https://go.dev/dl")
	}
	work, err := m.workspace()
	if err != nil {
		return nil, err
	}
	if work == "" {
		work = "off"
	}
	c := exec.CommandContext(ctx, name, args...)
	c.WaitDelay = time.Second // what it has started may hold its output
	c.Dir = m.Dir
	c.Env = append(os.Environ(), workEnv+"="+work, "PWD="+m.Dir)
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

// settle has the go command look whether go.mod and go.sum name all that some packages need, once for each state of these files, and
// complete them if they do not. It is needed if modules of the user require newer versions than the runtime does. What else is wrong, such
// as the module of an extern fn that is missing, the go command reports when the code is built. missing says that go.mod and go.sum lack
// what the runtime requires.
func (m *Module) settle(ctx context.Context, packages []string, missing bool) ([]string, error) {
	if missing {
		return nil, m.tidy(ctx)
	}
	stamp, err := m.stamp(packages)
	if err != nil || stamp.holds() {
		return nil, err
	}
	c, err := m.Command(ctx, append([]string{"list", "-mod=readonly", "-deps"}, packages...)...)
	if err != nil {
		return nil, nil // building needs the go command, generating does not
	}
	var stderr bytes.Buffer
	c.Stderr = &stderr
	err = c.Run()
	switch {
	case ctx.Err() != nil:
		return nil, fail.Failed("stopped")
	case err == nil:
		return nil, stamp.set()
	case !incomplete(stderr.String()):
		return nil, nil // see above
	}
	if work, err := m.workspace(); err != nil || work != "" {
		return nil, err // the go command does not complete workspaces by itself
	}
	if c, err = m.Command(ctx, append([]string{"list", "-mod=mod", "-deps"}, packages...)...); err != nil {
		return nil, err
	}
	if err := c.Run(); err != nil {
		return nil, nil // as above
	}
	if stamp, err = m.stamp(packages); err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf("the go command has completed %s", filepath.Join(m.Dir, modName))}, stamp.set()
}

// incomplete reports whether the go command says that it would have to change go.mod or go.sum.
func incomplete(message string) bool {
	return strings.Contains(message, "updates to go.mod needed") || strings.Contains(message, "missing go.sum entry")
}

// stamp is a file in the user's cache that says for which go.mod, go.sum and packages the go command has nothing to complete.
type stamp struct{ name, text string }

func (m *Module) stamp(packages []string) (stamp, error) {
	dir, err := CacheDir(m.Dir)
	if err != nil {
		return stamp{}, err
	}
	hash := sha256.New()
	for _, name := range []string{modName, sumName} {
		data, err := os.ReadFile(filepath.Join(m.Dir, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return stamp{}, fail.Failed("%s cannot be read: %w", filepath.Join(m.Dir, name), cause(err))
		}
		fmt.Fprintf(hash, "%d %s", len(data), data)
	}
	fmt.Fprintf(hash, "%q", packages)
	return stamp{filepath.Join(dir, "settled"), hex.EncodeToString(hash.Sum(nil))}, nil
}

func (s stamp) holds() bool {
	data, err := os.ReadFile(s.name)
	return err == nil && string(data) == s.text
}

func (s stamp) set() error { return replaceFile(s.name, []byte(s.text)) }
