// Package load reads the .live files of an app from a file system: one file with the modules that it uses, or a whole folder. An editor
// lays the texts that it has open over the files on disk, with Overlay.
package load

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/livec-lang/livec/lang/source"
)

// Ext is the extension of source files.
const Ext = ".live"

// Manifest is the name of the file that marks a folder as one that livec generates. Such folders hold no source files.
const Manifest = ".livec.json"

// Folder is the root of an app, which module names are relative to. Names of files are paths in it, with slashes.
type Folder struct {
	FS   fs.FS
	Path string // of the folder, as people are shown it
}

// Shown is the path of a file as people are shown it: the same on all systems.
func (f Folder) Shown(name string) string {
	return path.Join(filepath.ToSlash(f.Path), name)
}

// All reads all modules in the folder and those below it, in order of their names.
func (f Folder) All() ([]*source.File, error) {
	names, err := f.Find()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the folder %s has no %s files; name another folder, or create a file such as %s",
			f.Path, Ext, filepath.Join(f.Path, "app"+Ext))
	}
	var files []*source.File
	for _, name := range names {
		file, err := f.Read(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return sorted(files), nil
}

// With reads one file and the modules that it uses, directly or through others, in order of their names. Modules that the folder does not
// have are left out: they are the standard library's, or the compiler says that there is none.
func (f Folder) With(name string) ([]*source.File, error) {
	first, err := f.Read(name)
	if err != nil {
		return nil, err
	}
	files := []*source.File{first}
	loaded := map[string]bool{first.Module: true}
	for i := 0; i < len(files); i++ {
		for _, module := range Uses(files[i].Text) {
			if loaded[module] {
				continue
			}
			loaded[module] = true
			file, err := f.Read(module + Ext)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			files = append(files, file)
		}
	}
	return sorted(files), nil
}

func sorted(files []*source.File) []*source.File {
	slices.SortFunc(files, func(x, y *source.File) int { return strings.Compare(x.Module, y.Module) })
	return files
}

// Read reads one module.
func (f Folder) Read(name string) (*source.File, error) {
	module := strings.TrimSuffix(name, Ext)
	for part := range strings.SplitSeq(module, "/") {
		if !isName(part) {
			return nil, fmt.Errorf("%s cannot be a module: rename %q; each part of a module's name starts with a letter and contains only "+
				"letters, digits and _",
				f.Shown(name), part)
		}
	}
	text, err := f.Text(name)
	if err != nil {
		return nil, err
	}
	return &source.File{Path: f.Shown(name), Module: module, Text: text}, nil
}

// isName reports whether a part of a path is a name of the language.
func isName(s string) bool {
	for i, c := range []byte(s) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || c != '_' && (c < '0' || '9' < c)) {
			return false
		}
	}
	return s != ""
}
