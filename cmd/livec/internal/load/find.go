package load

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/livec-lang/livec/cmd/livec/internal/output"
)

// Find gives the source files in a folder and those below it, in order. Hidden folders, node_modules and what livec has generated are left out.
func Find(dir string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return missing(path, err)
		case !d.IsDir():
			if filepath.Ext(path) == Ext && d.Name() != Ext {
				paths = append(paths, path)
			}
		case path != dir && skipped(path, d.Name()):
			return filepath.SkipDir
		}
		return nil
	})
	return paths, err
}

func skipped(path, name string) bool {
	if strings.HasPrefix(name, ".") || name == "node_modules" {
		return true
	}
	_, err := os.Stat(filepath.Join(path, output.Manifest))
	return err == nil
}

// use matches the start of a `use` declaration, which stands in column 1 as all declarations do.
var use = regexp.MustCompile(`(?m)^use[ \t]+([A-Za-z][A-Za-z0-9_]*(?:/[A-Za-z][A-Za-z0-9_]*)*)`)

// Uses gives the modules that a text names in `use` declarations, in order. It reads no further than that: whether they are right is for the compiler to say.
func Uses(text string) []string {
	var modules []string
	for _, m := range use.FindAllStringSubmatch(text, -1) {
		modules = append(modules, m[1])
	}
	return modules
}
