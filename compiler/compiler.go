// Package compiler makes a typed program, with its plans and its contract, of the text of an app. It is pure: text comes in, a program or
// diagnostics come out.
//
// The passes, each from one value to the next: parser, prune, resolve, check, analyze, plan, contract.
package compiler

import (
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/check"
	"github.com/livec-lang/livec/compiler/contract"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/plan"
	"github.com/livec-lang/livec/compiler/prune"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/relation/sql"
	"github.com/livec-lang/livec/relation/sqlite"
	"github.com/livec-lang/livec/stdlib"
)

// App is a compiled app: its program, and beside it what each later pass makes of the program.
type App struct {
	Program  *ir.Program
	Facts    *analyze.Facts
	Plans    *plan.Plans
	Contract *contract.Contract
}

// flavours are the databases that an app must have SQL for.
var flavours = []*sql.Flavour{sqlite.Flavour}

// Compile checks the modules of an app, which are all of its files, and those of the standard library that they use. The app is nil
// if there are errors. Diagnostics are in order of their places.
func Compile(name string, files []*source.File) (*App, diag.List) {
	return compile(name, files, true)
}

// CompileUnguarded is Compile without what package analyze refuses. Tests show with it that the encoders alone keep secrets on the
// server. No command calls it.
func CompileUnguarded(name string, files []*source.File) (*App, diag.List) {
	return compile(name, files, false)
}

func compile(name string, files []*source.File, guarded bool) (app *App, list diag.List) {
	defer func() { list = list.Sorted() }()
	trees, list := parse(files)
	modules, found := resolve.Modules(prune.Unused(stdlib.With(trees)), stdlib.Modules())
	list = append(list, found...)
	prog, _, found := check.Program(name, modules)
	if list = append(list, found...); list.HasErrors() {
		return nil, list
	}
	facts, found := analyze.Program(prog)
	if guarded {
		list = append(list, found...)
	}
	if list.HasErrors() {
		return nil, list
	}
	plans, found := plan.Program(prog, flavours...)
	if list = append(list, found...); list.HasErrors() {
		return nil, list
	}
	return &App{Program: prog, Facts: facts, Plans: plans, Contract: contract.Build(prog, facts)}, list
}

// parse reads the files of the app.
func parse(files []*source.File) ([]*ast.File, diag.List) {
	var trees []*ast.File
	var list diag.List
	for _, f := range files {
		tree, found := parser.Parse(f)
		trees = append(trees, tree)
		list = append(list, found...)
	}
	return trees, list
}
