package load

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// Find returns the names of the source files in the folder and below it, sorted. It leaves out hidden folders,
// node_modules and folders that livec has generated.
func (f Folder) Find() ([]string, error) {
	var names []string
	err := fs.WalkDir(f.FS, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return Unreadable(f.Shown(name), err)
		case !d.IsDir():
			if path.Ext(name) == Ext && d.Name() != Ext {
				names = append(names, name)
			}
		case name != "." && f.skipped(name):
			return fs.SkipDir
		}
		return nil
	})
	return names, err
}

func (f Folder) skipped(name string) bool {
	base := path.Base(name)
	if strings.HasPrefix(base, ".") || base == "node_modules" {
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
