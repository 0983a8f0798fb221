// Package load reads the .live files of an app: one file with the modules that it uses, or a folder.
package load

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/livec-lang/livec/cmd/livec/internal/fail"
	"github.com/livec-lang/livec/lang/source"
)

// Ext is the extension of source files.
const Ext = ".live"

// App is what is compiled together.
type App struct {
	Path  string // as it was given
	Name  string // of the file without its extension, or of the folder
	Root  string // the folder that module names are relative to, as a path that can be opened from the working directory
	Dir   bool   // the app is a folder, else one file and what it uses
	Files []*source.File
}

// Open reads the app at a path. Module names are paths under the app's root, which is the folder itself or the folder of the file.
func Open(path string) (*App, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, missing(path, err)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	return openFile(path)
}

func openFile(path string) (*App, error) {
	if filepath.Ext(path) != Ext {
		return nil, fail.Misuse("%s is no %s file; give a %s file or a folder of them", path, Ext, Ext)
	}
	a := &App{Path: path, Name: strings.TrimSuffix(filepath.Base(path), Ext), Root: filepath.Dir(path)}
	first, err := a.read(path)
	if err != nil {
		return nil, err
	}
	a.Files = []*source.File{first}
	loaded := map[string]bool{first.Module: true}
	for i := 0; i < len(a.Files); i++ {
		for _, module := range Uses(a.Files[i].Text) {
			if loaded[module] {
				continue
			}
			loaded[module] = true
			f, err := a.read(filepath.Join(a.Root, filepath.FromSlash(module)+Ext))
			if errors.Is(err, fs.ErrNotExist) {
				continue // the standard library's, or unknown: the compiler says so, with the place
			}
			if err != nil {
				return nil, err
			}
			a.Files = append(a.Files, f)
		}
	}
	a.sort()
	return a, nil
}

func openFolder(dir string) (*App, error) {
	name, err := filepath.Abs(dir)
	if err != nil {
		return nil, fail.Misuse("the folder %s cannot be named: %w", dir, err)
	}
	a := &App{Path: dir, Name: filepath.Base(name), Root: dir, Dir: true}
	paths, err := Find(dir)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fail.Misuse("the folder %s holds no %s files; give a folder that does, or write one, such as %s", dir, Ext, filepath.Join(dir, "app"+Ext))
	}
	for _, path := range paths {
		f, err := a.read(path)
		if err != nil {
			return nil, err
		}
		a.Files = append(a.Files, f)
	}
	a.sort()
	return a, nil
}

func (a *App) sort() {
	slices.SortFunc(a.Files, func(x, y *source.File) int { return strings.Compare(x.Module, y.Module) })
}

// read reads one module of the app.
func (a *App) read(path string) (*source.File, error) {
	rel, err := filepath.Rel(a.Root, path)
	if err != nil {
		return nil, fail.Misuse("%s is not in the folder %s: %w", path, a.Root, err)
	}
	module := strings.TrimSuffix(filepath.ToSlash(rel), Ext)
	for part := range strings.SplitSeq(module, "/") {
		if !isName(part) {
			return nil, fail.Misuse("%s cannot be a module: rename %q; the parts of a module's name are letters, digits and _, a letter first", path, part)
		}
	}
	text, err := Text(path)
	if err != nil {
		return nil, err
	}
	return &source.File{Path: shown(path), Module: module, Text: text}, nil
}

// isName tells whether a part of a path is a name of the language.
func isName(s string) bool {
	for i, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || c != '_' && (c < '0' || '9' < c)) {
			return false
		}
	}
	return s != ""
}

// shown is a path as messages have it: the same on all systems.
func shown(path string) string { return filepath.ToSlash(filepath.Clean(path)) }
