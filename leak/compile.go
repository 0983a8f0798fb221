package leak

import (
	"slices"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/check"
	"github.com/livec-lang/livec/compiler/contract"
	"github.com/livec-lang/livec/compiler/plan"
	"github.com/livec-lang/livec/compiler/prune"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/relation/sqlite"
	"github.com/livec-lang/livec/stdlib"
)

// Compiler is compiler.Compile, or Lenient.
type Compiler func(name string, files []*source.File) (*compiler.App, diag.List)

// Lenient is compiler.Compile without the analyses that refuse leaks, to see what a refused program would do.
func Lenient(name string, files []*source.File) (*compiler.App, diag.List) {
	var trees []*ast.File
	var list diag.List
	for _, f := range files { // they do not use the standard library
		tree, found := parser.Parse(f)
		trees = append(trees, tree)
		list = append(list, found...)
	}
	trees = prune.Unused(trees)
	modules, found := resolve.Modules(trees, stdlib.Modules())
	list = append(list, found...)
	prog, _, found := check.Program(name, modules)
	if list = append(list, found...); list.HasErrors() {
		return nil, list
	}
	facts, found := analyze.Program(prog)
	list = append(list, slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return secretCodes[d.Code] })...)
	plans, found := plan.Program(prog, sqlite.Flavour)
	if list = append(list, found...); list.HasErrors() {
		return nil, list
	}
	return &compiler.App{Program: prog, Facts: facts, Plans: plans, Contract: contract.Build(prog, facts)}, list
}

var _ = []Compiler{compiler.Compile, Lenient}

// Outcome is the result of compiling a program.
type Outcome int

// The outcomes. Refused programs leak, or let a client set what it may not set. Broken programs have any other error, which is a bug of the
// generator.
const (
	Accepted Outcome = iota
	Refused
	Broken
)

// secretCodes are the codes of diagnostics that refuse a leak of a secret.
var secretCodes = map[diag.Code]bool{diag.CodeSecretField: true, diag.CodeSecretDecides: true, diag.CodeSecretKept: true}

// otherCodes are the codes of diagnostics that refuse showing or changing another caller's data.
var otherCodes = map[diag.Code]bool{
	diag.CodeServerField: true, diag.CodeRowColumn: true, diag.CodeSharedRequest: true, diag.CodePublishedCaller: true,
	diag.CodePublishedPolicy: true,
}

// Judge compiles a program by itself, beside the module of the app. The second result is the first error that is not about a leak.
func Judge(compile Compiler, p *Program) (Outcome, string) {
	prog, list := compile("leak", []*source.File{appFile(), p.file()})
	if prog != nil {
		return Accepted, ""
	}
	for _, d := range list {
		if d.Severity == diag.Error && !secretCodes[d.Code] && !otherCodes[d.Code] {
			return Broken, string(d.Code) + " " + d.Message
		}
	}
	return Refused, ""
}
