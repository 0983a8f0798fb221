// Package house checks that the folders keep to the map in ARCHITECTURE.md.
package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// floors are the folders in which each construct has a file of its own.
var floors = map[string][]string{
	"room": {"lang/ast", "lang/parser", "lang/format", "compiler/check", "compiler/ir", "compiler/contract", "emit/go", "emit/ts", "runtime"},
}

func init() {
	for _, name := range []string{"rpc", "stream", "channel", "signal"} {
		floors[name] = floors["room"]
	}
	for _, name := range []string{"table", "guard", "fn", "typedecl", "env", "app", "upgrade", "pipe", "cron", "effect", "aggregate", "webhook", "migrate", "middleware", "test"} {
		floors[name] = []string{"lang/ast", "lang/parser", "lang/format", "compiler/check"}
	}
}

// TestFloors walks the matrix of constructs and floors.
func TestFloors(t *testing.T) {
	for construct, folders := range floors {
		for _, folder := range folders {
			name := filepath.Join(root, folder, construct+".go")
			if _, err := os.Stat(name); err != nil {
				t.Errorf("%s has no file %s.go", folder, construct)
			}
		}
	}
}

// TestArrows checks that imports point one way.
func TestArrows(t *testing.T) {
	const module = "github.com/livec-lang/livec/"
	forbidden := map[string][]string{
		"lang":     {"compiler", "emit", "runtime", "cmd", "relation"},
		"compiler": {"emit", "runtime", "cmd"},
		"emit":     {"runtime", "cmd", "lang/parser", "lang/ast", "compiler/check"},
		"relation": {"compiler", "emit", "runtime", "cmd", "lang"},
		"runtime":  {"compiler", "emit", "cmd", "lang"},
	}
	for folder, others := range forbidden {
		goFiles(t, folder, func(path, text string) {
			if strings.HasSuffix(path, "_test.go") {
				return
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range file.Imports {
				name, _ := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
				for _, other := range others {
					if name == other || strings.HasPrefix(name, other+"/") {
						t.Errorf("%s imports %s", path, name)
					}
				}
			}
		})
	}
}

// TestSize keeps files small enough to be read in one sitting.
func TestSize(t *testing.T) {
	for _, folder := range []string{"lang", "compiler", "emit", "relation", "runtime", "cmd", "stdlib", "client", "bench", "leak"} {
		goFiles(t, folder, func(path, text string) {
			if n := strings.Count(text, "\n"); n > 400 && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s has %d lines; split it", path, n)
			}
		})
	}
}

func goFiles(t *testing.T, folder string, visit func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		visit(strings.TrimPrefix(path, root+"/"), string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
