package gomod

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// Require makes the module require the runtime that fits this livec, and reports whether it had to change anything. Packages are those of
// the generated code, as import paths; after that, go.mod and go.sum name everything that they need.
func (m *Module) Require(ctx context.Context, o Origin, packages ...string) (bool, error) {
	if m.IsRuntime() {
		return false, nil
	}
	e, err := m.edit()
	if err != nil {
		return false, err
	}
	if err := e.requireRuntime(o); err != nil {
		return false, err
	}
	if !e.changed {
		return false, nil
	}
	if o.files == "" { // the go command downloads what is missing
		if err := e.save(); err != nil {
			return true, err
		}
		return true, m.tidy(ctx)
	}
	if err := e.requireAll(o); err != nil {
		return false, err
	}
	if err := e.save(); err != nil {
		return true, err
	}
	return true, m.prune(ctx, e, packages)
}

// edit is a change of go.mod and go.sum.
type edit struct {
	dir     string
	mod     *modfile.File
	added   []string // modules that were not required before, except the runtime
	sums    []byte
	changed bool
}

func (m *Module) edit() (*edit, error) {
	name := filepath.Join(m.Dir, modName)
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fail.Failed("%s cannot be read: %w", name, cause(err))
	}
	mod, err := modfile.Parse(name, data, nil)
	if err != nil {
		return nil, fail.Failed("%w; fix it and build again", err)
	}
	sums, err := os.ReadFile(filepath.Join(m.Dir, "go.sum"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fail.Failed("%s cannot be read: %w", filepath.Join(m.Dir, "go.sum"), cause(err))
	}
	return &edit{dir: m.Dir, mod: mod, sums: sums}, nil
}

func (e *edit) required(path string) string {
	for _, r := range e.mod.Require {
		if r.Mod.Path == path {
			return r.Mod.Version
		}
	}
	return ""
}

// requireRuntime adds the requirement and, for a livec from a checkout, the replacement. It keeps an existing replacement that leads to a
// runtime.
func (e *edit) requireRuntime(o Origin) error {
	replaced := false
	for _, r := range e.mod.Replace {
		if r.Old.Path != Runtime {
			continue
		}
		dir := r.New.Path
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(e.dir, dir)
		}
		replaced = replaced || r.New.Version != "" || isRuntime(dir)
	}
	if o.Dir != "" && !replaced {
		if err := e.mod.AddReplace(Runtime, "", o.Dir, ""); err != nil {
			return fail.Internal("replacing the runtime: %w", err)
		}
		e.changed = true
	}
	if have := e.required(Runtime); have != "" && (replaced || semver.Compare(have, o.Version) >= 0) {
		return nil
	}
	if err := e.mod.AddRequire(Runtime, o.Version); err != nil {
		return fail.Internal("requiring the runtime: %w", err)
	}
	e.changed = true
	return nil
}

// requireAll adds everything that the runtime's own go.mod and go.sum name, so nothing needs to be looked up.
func (e *edit) requireAll(o Origin) error {
	name := filepath.Join(o.files, modName)
	data, err := os.ReadFile(name)
	if err != nil {
		return fail.Failed("the runtime's %s cannot be read: %w", name, cause(err))
	}
	own, err := modfile.ParseLax(name, data, nil)
	if err != nil {
		return fail.Failed("the runtime's go.mod cannot be read: %w", err)
	}
	if own.Go != nil && (e.mod.Go == nil || semver.Compare("v"+e.mod.Go.Version, "v"+own.Go.Version) < 0) {
		if err := e.mod.AddGoStmt(own.Go.Version); err != nil {
			return fail.Internal("setting the go version of the runtime: %w", err)
		}
	}
	for _, r := range own.Require {
		have := e.required(r.Mod.Path)
		switch {
		case have == "":
			e.mod.AddNewRequire(r.Mod.Path, r.Mod.Version, true)
			e.added = append(e.added, r.Mod.Path)
		case semver.Compare(have, r.Mod.Version) < 0:
			if err := e.mod.AddRequire(r.Mod.Path, r.Mod.Version); err != nil {
				return fail.Internal("requiring %s: %w", r.Mod.Path, err)
			}
		}
	}
	sums, err := os.ReadFile(filepath.Join(o.files, "go.sum"))
	if err != nil {
		return fail.Failed("the runtime's go.sum cannot be read: %w", cause(err))
	}
	lines := strings.Split(strings.TrimSpace(string(e.sums)+"\n"+string(sums)), "\n")
	slices.Sort(lines)
	e.sums = []byte(strings.TrimSpace(strings.Join(slices.Compact(lines), "\n")) + "\n")
	return nil
}

// save writes both files, go.sum first, because an unneeded sum does no harm.
func (e *edit) save() error {
	data, err := e.format()
	if err != nil {
		return fail.Internal("formatting the new go.mod: %w", err)
	}
	if err := replaceFile(filepath.Join(e.dir, "go.sum"), e.sums); err != nil {
		return err
	}
	return replaceFile(filepath.Join(e.dir, modName), data)
}

// format returns the text of go.mod. The tree that x/mod leaves after the requirements are set cannot be cleaned up, so it is parsed
// again.
func (e *edit) format() ([]byte, error) {
	e.mod.Cleanup()
	e.mod.SetRequireSeparateIndirect(e.mod.Require)
	data, err := e.mod.Format()
	if err != nil {
		return nil, err
	}
	neat, err := modfile.Parse(modName, data, nil)
	if err != nil {
		return nil, err
	}
	neat.Cleanup() // blocks of one line become lines
	if data, err = neat.Format(); err != nil {
		return nil, err
	}
	e.mod, err = modfile.Parse(modName, data, nil)
	return data, err
}

// replaceFile replaces the content of a file atomically, by a file next to it.
func replaceFile(name string, data []byte) error {
	old, err := os.ReadFile(name)
	if err == nil && bytes.Equal(old, data) || errors.Is(err, fs.ErrNotExist) && len(data) == 0 {
		return nil
	}
	temp := name + ".livec-tmp"
	if err := os.WriteFile(temp, data, 0o666); err != nil {
		return fail.Failed("%s cannot be written: %w", name, cause(err))
	}
	if err := os.Rename(temp, name); err != nil {
		_ = os.Remove(temp)
		return fail.Failed("%s cannot be written: %w", name, err)
	}
	return nil
}
