package load

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Find returns the names of the source files in the folder and below it, sorted. It leaves out hidden files and folders, whose names start
// with a dot, node_modules and folders that livec has generated. It follows links, but not into a folder that it is in.
func (f Folder) Find() ([]string, error) {
	w := walk{Folder: f}
	info, err := fs.Stat(f.FS, ".")
	if err != nil {
		return nil, Unreadable(f.Shown("."), err)
	}
	if err := w.folder(".", info); err != nil {
		return nil, err
	}
	slices.Sort(w.found)
	return w.found, nil
}

// maxFolders limits the folders below an app. Links can make many of few.
const maxFolders = 10_000

// walk is one search.
type walk struct {
	Folder
	found   []string
	around  []fs.FileInfo // the folder that is searched, and those around it
	folders int
}

func (w *walk) folder(name string, info fs.FileInfo) error {
	if slices.ContainsFunc(w.around, func(around fs.FileInfo) bool { return os.SameFile(around, info) }) {
		return nil // a link to a folder around it
	}
	if w.folders++; w.folders > maxFolders {
		return fmt.Errorf("the folder %s has more than %d folders; name the folder of an app, or look where its links lead", w.Path, maxFolders)
	}
	entries, err := fs.ReadDir(w.FS, name)
	if err != nil {
		return Unreadable(w.Shown(name), err)
	}
	w.around = append(w.around, info)
	defer func() { w.around = w.around[:len(w.around)-1] }()
	for _, d := range entries {
		if err := w.entry(path.Join(name, d.Name()), d); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entry(name string, d fs.DirEntry) error {
	source := path.Ext(name) == Ext
	link := d.Type()&fs.ModeSymlink != 0
	if strings.HasPrefix(d.Name(), ".") || !source && !link && !d.IsDir() {
		return nil
	}
	info, err := fs.Stat(w.FS, name) // what a link leads to
	switch {
	case err != nil && source:
		return Unreadable(w.Shown(name), err)
	case err != nil:
		return nil // a link to nothing, which is none of the app's business
	case info.IsDir():
		if w.skipped(name) {
			return nil
		}
		return w.folder(name, info)
	case source:
		w.found = append(w.found, name)
	}
	return nil
}

func (f Folder) skipped(name string) bool {
	if path.Base(name) == "node_modules" {
		return true
	}
	_, err := fs.Stat(f.FS, path.Join(name, Manifest))
	return err == nil
}

// use matches the start of a `use` declaration. Declarations start in column 1.
var use = regexp.MustCompile(`(?m)^use[ \t]+([A-Za-z][A-Za-z0-9_]*(?:/[A-Za-z][A-Za-z0-9_]*)*)`)

// Uses returns the modules that a text names in `use` declarations, in order. It does not check the declarations, since
// the compiler does.
func Uses(text string) []string {
	var modules []string
	for _, m := range use.FindAllStringSubmatch(text, -1) {
		modules = append(modules, m[1])
	}
	return modules
}
