package gomod

import (
	_ "embed"
	"strings"
)

// unneededText lists the modules that the runtime's module requires for livec and for tests, so that no server needs them, on no system.
// A test writes it.
//
//go:embed unneeded.txt
var unneededText string

// unneeded reports whether no server needs a module. It does not know the modules of another version of the runtime: those are needed.
func unneeded(path string) bool {
	for known := range strings.Lines(unneededText) {
		if strings.TrimSpace(known) == path {
			return true
		}
	}
	return false
}
