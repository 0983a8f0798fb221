package emitts

import (
	"path"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

// runtimeName is the name of the client runtime in a generated module. Names of the language have no dollar sign, so
// names with one never collide with names of the app.
const runtimeName = "$"

// reserved are the words that cannot name a constant or parameter of a module (ECMA-262 §12.7.2; modules are strict
// code), or that have a meaning in one.
var reserved = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`
		arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false
		finally for function if implements import in instanceof interface let new null package private protected public return static
		super switch this throw true try typeof undefined var void while with yield`) {
		reserved[w] = true
	}
	delete(reserved, "as") // only reserved in some declarations
	delete(reserved, "async")
}

// globals are the types of JavaScript that a module refers to.
var globals = map[string]bool{"Date": true, "Uint8Array": true, "ArrayBuffer": true, "ArrayBufferView": true}

// primitives are the names that TypeScript does not allow for types.
var primitives = map[string]bool{}

func init() {
	for _, w := range strings.Fields("any unknown never void null undefined string number boolean bigint symbol object") {
		primitives[w] = true
	}
}

// direction distinguishes what clients send from what they receive. A field with a default may be absent when it is
// sent, but is always received. A server field is only received. A secret field is neither sent nor received. Package
// contract has the same rule for its schemas.
type direction uint8

const (
	in direction = 1 << iota
	out
)

// named is a type with a name, in the form for one direction.
type named struct {
	t ir.Type
	d direction
}

// about returns what the kinds of named types have in common.
func about(t ir.Type) (pos ir.Pos, module, name string, doc []string) {
	switch t := t.(type) {
	case *ir.Record:
		return t.Pos, t.Module, t.Name, t.Doc
	case *ir.Enum:
		return t.Pos, t.Module, t.Name, t.Doc
	case *ir.Union:
		return t.Pos, t.Module, t.Name, t.Doc
	}
	return
}

// importPath returns the path by which a module imports another file of the output folder.
func importPath(from, to string) string {
	up := strings.Repeat("../", strings.Count(from, "/"))
	if up == "" {
		up = "./"
	}
	return up + path.Clean(to)
}
