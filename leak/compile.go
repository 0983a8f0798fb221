package leak

import (
	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// compileFunc is compiler.Compile, or one from which a case of an analysis is taken out.
type compileFunc func(name string, files []*source.File) (*ir.Program, diag.List)

var whole compileFunc = compiler.Compile

// outcome is what the compiler says of a program.
type outcome int

const (
	accepted outcome = iota
	refused          // for a secret
	broken           // for anything else: a mistake of the generator
)

// secretCodes are the codes of diagnostics that refuse a leak.
var secretCodes = map[diag.Code]bool{diag.CodeSecretField: true, diag.CodeSecretDecides: true, diag.CodeSecretKept: true}

// judge compiles one module beside the app's.
func judge(compile compileFunc, base, name, text string) (outcome, diag.List) {
	p, list := compile("leak", []*source.File{{Path: "app.live", Module: "app", Text: base}, {Path: name + ".live", Module: name, Text: text}})
	if p != nil {
		return accepted, list
	}
	out := refused
	for _, d := range list {
		if d.Severity == diag.Error && !secretCodes[d.Code] {
			out = broken
		}
	}
	return out, list
}
