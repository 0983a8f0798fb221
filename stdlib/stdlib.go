// Package stdlib is the standard library of the language, which is itself written in it: one .live file a module.
package stdlib

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/livec-lang/livec/lang/source"
)

//go:embed *.live
var files embed.FS

// Prefix starts the name of each module of the standard library. An app's own modules cannot be under it.
const Prefix = "std/"

// Owns reports whether a module belongs to the standard library, by its name alone.
func Owns(module string) bool { return strings.HasPrefix(module, Prefix) }

const ext = ".live"

// Module returns a module by its name in `use`, such as std/access. Each call gives a file of its own.
func Module(name string) (*source.File, bool) {
	base, ok := strings.CutPrefix(name, Prefix)
	if !ok {
		return nil, false
	}
	text, ok := texts()[base]
	if !ok {
		return nil, false
	}
	return &source.File{Path: name + ext, Module: name, Text: text}, true
}

// Modules returns the names of all modules, in order: for completion and "did you mean".
func Modules() []string {
	var names []string
	for base := range texts() {
		names = append(names, Prefix+base)
	}
	slices.Sort(names)
	return names
}

// texts is the text of each module by its name without Prefix.
var texts = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	paths, err := fs.Glob(files, "*"+ext)
	if err != nil {
		return out // only for a malformed pattern
	}
	for _, path := range paths {
		if data, err := files.ReadFile(path); err == nil { // embedded, so always
			out[strings.TrimSuffix(path, ext)] = string(data)
		}
	}
	return out
})
