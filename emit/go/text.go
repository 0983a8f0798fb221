package emitgo

import (
	"encoding/json"
	"strconv"

	"github.com/livec-lang/livec/compiler/ir"
)

func itoa(n int) string { return strconv.Itoa(n) }

// quote writes a string as JSON.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s)
	}
	return string(b)
}

// wireName is the name of an entry point on the wire.
func wireName(module, name string) string { return module + "/" + name }

// lineOf is the line directive of a place. Files go by the names of their modules, so that the output is the same wherever it is made.
func lineOf(pos ir.Pos) string {
	if pos.File == nil {
		return ""
	}
	return "//line " + pos.File.Module + ".live:" + itoa(pos.File.Position(pos.Span.Start).Line)
}
