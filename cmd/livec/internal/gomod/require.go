package gomod

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

// Require makes the module require the runtime that fits this livec, with everything that a server needs on any system, and returns what it
// had to change, in words. It also mends what was deleted since. Packages are those of the generated code, and those that it calls, as
// import paths.
func (m *Module) Require(ctx context.Context, o Origin, packages ...string) ([]string, error) {
	if m.IsRuntime() {
		return nil, nil
	}
	e, err := m.edit()
	if err != nil {
		return nil, err
	}
	if o, err = e.requireRuntime(o); err != nil {
		return nil, err
	}
	if o.files != "" {
		if err := e.requireAll(o); err != nil {
			return nil, err
		}
	}
	if len(e.told) > 0 {
		if err := e.save(); err != nil {
			return nil, err
		}
	}
	told, err := m.raiseWork(e.mod.Go)
	if err != nil {
		return nil, err
	}
	e.told = append(e.told, told...)
	told, err = m.settle(ctx, packages, o.files == "" && len(e.told) > 0)
	return append(e.told, told...), err
}

// edit is a change of go.mod and go.sum.
type edit struct {
	dir  string
	mod  *modfile.File
	sums []byte
	told []string // what has changed
}

func (e *edit) tell(format string, args ...any) {
	e.told = append(e.told, filepath.Join(e.dir, modName)+" "+fmt.Sprintf(format, args...))
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
	sums, err := os.ReadFile(filepath.Join(m.Dir, sumName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fail.Failed("%s cannot be read: %w", filepath.Join(m.Dir, sumName), cause(err))
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
// runtime; then it returns the origin with the files of that one.
func (e *edit) requireRuntime(o Origin) (Origin, error) {
	replaced := false
	for _, r := range e.mod.Replace {
		if r.Old.Path != Runtime {
			continue
		}
		dir := r.New.Path
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(e.dir, dir)
		}
		switch {
		case r.New.Version != "":
			replaced = true
		case isRuntime(dir):
			replaced, o.files = true, dir
		}
	}
	if o.Dir != "" && !replaced {
		if err := e.mod.AddReplace(Runtime, "", o.Dir, ""); err != nil {
			return o, fail.Internal("replacing the runtime: %w", err)
		}
		e.tell("now replaces %s by %s", Runtime, o.Dir)
	}
	if have := e.required(Runtime); have != "" && (replaced || semver.Compare(have, o.Version) >= 0) {
		return o, nil
	}
	if err := e.mod.AddRequire(Runtime, o.Version); err != nil {
		return o, fail.Internal("requiring the runtime: %w", err)
	}
	e.tell("now requires %s %s", Runtime, o.Version)
	return o, nil
}

// requireAll adds everything that a server needs of what the runtime's own go.mod and go.sum name, so nothing needs to be looked up. It
// does not ask the go command what is needed, which would answer for one system only.
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
	if own.Go != nil && older(e.mod.Go, own.Go.Version) {
		if err := e.mod.AddGoStmt(own.Go.Version); err != nil {
			return fail.Internal("setting the go version of the runtime: %w", err)
		}
		e.tell("now says `go %s`, as the runtime does", own.Go.Version)
	}
	added, raised := 0, 0
	for _, r := range own.Require {
		have := e.required(r.Mod.Path)
		switch {
		case have == "" && unneeded(r.Mod.Path):
		case have == "":
			e.mod.AddNewRequire(r.Mod.Path, r.Mod.Version, true)
			added++
		case semver.Compare(have, r.Mod.Version) < 0:
			if err := e.mod.AddRequire(r.Mod.Path, r.Mod.Version); err != nil {
				return fail.Internal("requiring %s: %w", r.Mod.Path, err)
			}
			raised++
		}
	}
	if added+raised > 0 {
		e.tell("now has what the runtime requires (%d added, %d raised)", added, raised)
	}
	return e.addSums(o)
}

// older reports whether a module is for an older Go. 1.26 is older than 1.26.0.
func older(have *modfile.Go, want string) bool {
	return have == nil || version.Compare("go"+have.Version, "go"+want) < 0
}

// addSums adds the sums of the modules that are required in the runtime's version.
func (e *edit) addSums(o Origin) error {
	sums, err := os.ReadFile(filepath.Join(o.files, "go.sum"))
	if err != nil {
		return fail.Failed("the runtime's go.sum cannot be read: %w", cause(err))
	}
	known := map[string]bool{}
	lines := strings.Split(strings.TrimSpace(string(e.sums)), "\n")
	for _, line := range lines {
		known[strings.TrimSpace(line)] = true
	}
	missing := 0
	for _, line := range append(strings.Split(string(sums), "\n"), o.sums...) {
		path, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		version, _, _ := strings.Cut(rest, " ")
		if path == "" || known[strings.TrimSpace(line)] || e.required(path) != strings.TrimSuffix(version, "/go.mod") {
			continue
		}
		lines = append(lines, strings.TrimSpace(line))
		missing++
	}
	if missing == 0 {
		return nil
	}
	slices.Sort(lines)
	e.sums = []byte(strings.TrimSpace(strings.Join(slices.Compact(lines), "\n")) + "\n")
	if len(e.told) == 0 { // else this belongs to what has been told
		e.told = append(e.told, fmt.Sprintf("%s now has the sums that the runtime needs (%d added)", filepath.Join(e.dir, sumName), missing))
	}
	return nil
}

// save writes both files, go.sum first, because an unneeded sum does no harm.
func (e *edit) save() error {
	data, err := e.format()
	if err != nil {
		return fail.Internal("formatting the new go.mod: %w", err)
	}
	if err := replaceFile(filepath.Join(e.dir, sumName), e.sums); err != nil {
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
