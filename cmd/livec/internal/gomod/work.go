package gomod

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

const (
	workName = "go.work"
	workEnv  = "GOWORK" // the path of go.work, or off
)

// workspace returns the path of the go.work that has the module (https://go.dev/ref/mod#workspaces); empty if there is none. Then the
// modules of the workspace are found too, such as those of extern functions. A private module is in no workspace.
func (m *Module) workspace() (string, error) {
	name, err := m.findWork()
	if err != nil || name == "" {
		return "", err
	}
	work, err := readWork(name)
	if err != nil {
		return "", err
	}
	for _, use := range work.Use {
		dir := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(name), dir)
		}
		if sameFolder(dir, m.Dir) {
			return name, nil
		}
	}
	return "", nil
}

// findWork returns the path of the go.work that the go command would use.
func (m *Module) findWork() (string, error) {
	switch set := os.Getenv(workEnv); {
	case m.private || set == "off":
		return "", nil
	case set != "":
		return set, nil
	}
	for at := m.Dir; ; at = filepath.Dir(at) {
		name := filepath.Join(at, workName)
		info, err := os.Stat(name)
		switch {
		case err == nil && !info.IsDir():
			return name, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return "", fail.Failed("%s cannot be read: %w", name, cause(err))
		case at == filepath.Dir(at):
			return "", nil
		}
	}
}

func readWork(name string) (*modfile.WorkFile, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fail.Failed("%s cannot be read: %w", name, cause(err))
	}
	work, err := modfile.ParseWork(name, data, nil)
	if err != nil {
		return nil, fail.Failed("%w; fix it and build again", err)
	}
	return work, nil
}

func sameFolder(x, y string) bool {
	if filepath.Clean(x) == filepath.Clean(y) {
		return true
	}
	first, err1 := os.Stat(x)
	second, err2 := os.Stat(y)
	return err1 == nil && err2 == nil && os.SameFile(first, second)
}

// raiseWork makes the workspace of the module say at least the go version of the module, as the go command demands. It returns what it has
// changed, in words.
func (m *Module) raiseWork(want *modfile.Go) ([]string, error) {
	name, err := m.workspace()
	if err != nil || name == "" || want == nil {
		return nil, err
	}
	work, err := readWork(name)
	if err != nil || !older(work.Go, want.Version) {
		return nil, err
	}
	if err := work.AddGoStmt(want.Version); err != nil {
		return nil, fail.Internal("setting the go version of the workspace: %w", err)
	}
	work.Cleanup()
	if err := replaceFile(name, modfile.Format(work.Syntax)); err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf("%s now says `go %s`, as %s does", name, want.Version, filepath.Join(m.Dir, modName))}, nil
}
