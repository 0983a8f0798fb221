// Package disk opens the app on disk that an argument of livec names. An app that cannot be opened is misuse of the command.
package disk

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/lang/load"
	"github.com/livec-lang/livec/lang/source"
)

// App is the source files that are compiled together.
type App struct {
	Path  string // as in the argument
	Name  string // of the file without its extension, or of the folder
	Root  string // the folder that module names are relative to; its path is relative to the working directory or absolute
	Dir   bool   // the app is a folder; otherwise one file and the modules that it uses
	Files []*source.File
}

// Open reads the app at a path. Module names are paths relative to the app's root: the folder itself, or the folder of the file.
func Open(path string) (*App, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, misuse(load.Unreadable(path, err))
	case info.IsDir():
		return openFolder(path)
	}
	return openFile(path)
}

func openFile(path string) (*App, error) {
	if filepath.Ext(path) != load.Ext {
		return nil, fail.Misuse("%s is not a %s file; name a %s file or a folder of them", path, load.Ext, load.Ext)
	}
	root, base := filepath.Split(path)
	a := &App{Path: path, Name: strings.TrimSuffix(base, load.Ext), Root: filepath.Clean(root)}
	files, err := folder(a.Root).With(base)
	a.Files = files
	return a, misuse(err)
}

func openFolder(dir string) (*App, error) {
	name, err := filepath.Abs(dir)
	if err != nil {
		return nil, fail.Misuse("the path of the folder %s cannot be found: %w", dir, err)
	}
	files, err := folder(dir).All()
	return &App{Path: dir, Name: filepath.Base(name), Root: dir, Dir: true, Files: files}, misuse(err)
}

// Find returns the paths of the source files in a folder and those below it, in order.
func Find(dir string) ([]string, error) {
	names, err := folder(dir).Find()
	for i, name := range names {
		names[i] = filepath.Join(dir, filepath.FromSlash(name))
	}
	return names, misuse(err)
}

// Text reads one source file.
func Text(path string) (string, error) {
	root, base := filepath.Split(path)
	text, err := folder(filepath.Clean(root)).Text(base)
	return text, misuse(err)
}

func folder(dir string) load.Folder { return load.Folder{FS: os.DirFS(dir), Path: dir} }

// misuse turns an error of loading into one of the command line.
func misuse(err error) error {
	if err == nil {
		return nil
	}
	return fail.Misuse("%w", err)
}
