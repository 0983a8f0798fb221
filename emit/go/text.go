package emitgo

import (
	"encoding/json"
	"strconv"

	"github.com/livec-lang/livec/compiler/ir"
)

func itoa(n int) string { return strconv.Itoa(n) }

// quote returns a string as JSON.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return strconv.Quote(s)
	}
	return string(b)
}

// wireName returns the name of an entry point in the protocol.
func wireName(module, name string) string { return module + "/" + name }

// lineOf returns the line directive for a position. It names files by module, so that the output does not depend on the machine.
func lineOf(pos ir.Pos) string {
	if pos.File == nil {
		return ""
	}
	return "//line " + pos.File.Module + ".live:" + itoa(pos.File.Position(pos.Span.Start).Line)
}
