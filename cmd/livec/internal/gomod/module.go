package gomod

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
)

const (
	modName = "go.mod"
	sumName = "go.sum"
)

// Module is a Go module on disk.
type Module struct {
	Dir  string // absolute
	Path string // as imported

	private bool // it belongs to livec
}

// Around finds the module of a folder. The folder need not exist yet.
func Around(dir string) (*Module, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return nil, fail.Failed("the path of the folder %s cannot be found: %w", dir, err)
	}
	for at := start; ; at = filepath.Dir(at) {
		data, err := os.ReadFile(filepath.Join(at, modName))
		switch {
		case err == nil:
			name := modfile.ModulePath(data)
			if name == "" {
				return nil, fail.Failed("%s does not name a module; put `module example.com/app` on its first line", filepath.Join(at, modName))
			}
			return &Module{Dir: at, Path: name}, nil
		case !errors.Is(err, fs.ErrNotExist) && !isNotFolder(err):
			return nil, fail.Failed("%s cannot be read: %w", filepath.Join(at, modName), cause(err))
		case at == filepath.Dir(at):
			return nil, fail.Failed("%s is not in a Go module, but generated code must be: run `go mod init example.com/app` first, or use `livec "+
				"run`, which needs no module", start)
		}
	}
}

// ImportPath is the import path of a folder of the module.
func (m *Module) ImportPath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fail.Failed("the path of the folder %s cannot be found: %w", dir, err)
	}
	rel, err := filepath.Rel(m.Dir, abs)
	if err != nil {
		return "", fail.Failed("the folder %s is not in the module %s: %w", dir, m.Dir, err)
	}
	name := path.Join(m.Path, filepath.ToSlash(rel))
	if err := module.CheckImportPath(name); err != nil {
		var e *module.InvalidPathError
		if errors.As(err, &e) {
			err = e.Err
		}
		return "", fail.Failed("Go code cannot import the folder %s: %w; choose another folder with -o", dir, err)
	}
	return name, nil
}

// IsRuntime reports whether the module is livec itself.
func (m *Module) IsRuntime() bool { return m.Path == Runtime }

func isNotFolder(err error) bool {
	var e *fs.PathError
	if !errors.As(err, &e) {
		return false
	}
	info, statErr := os.Stat(filepath.Dir(e.Path))
	return statErr == nil && !info.IsDir()
}

func cause(err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
