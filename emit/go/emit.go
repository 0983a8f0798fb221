// Package emitgo writes the Go server of a checked program: package app, which registers the declarations of the
// program with the runtime, and server/main.go, which runs it. It decides nothing about the language; package ir
// defines what nodes mean. Each construct has a file.
package emitgo

import (
	"fmt"
	"path"
	"strings"

	"github.com/dave/jennifer/jen"
	"golang.org/x/sync/errgroup"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/plan"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/relation"
)

// Emit writes the server of an app. importPath is the import path of the output folder. The same program always gives
// the same files. An error is a defect of the compiler, since every checked program has a server.
func Emit(app *compiler.App, importPath string) (files []emit.File, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case defect:
			files, err = nil, p
		default:
			panic(p)
		}
	}()
	g := newGen(app, importPath)
	g.program()
	sources := g.files.sources()
	files = make([]emit.File, len(sources))
	var group errgroup.Group
	for i, s := range sources {
		group.Go(func() error {
			data, err := s.render()
			files[i] = emit.File{Path: s.path, Data: data}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	files = append(files, emit.File{Path: packageName + "/contract.json", Data: app.Contract.JSON})
	for _, s := range app.Contract.Schemas {
		files = append(files, emit.File{Path: path.Join(packageName, "schema", s.Module+".json"), Data: s.JSON})
	}
	return files, nil
}

// defect is the reason why a program cannot be written.
type defect struct{ error }

// fail panics with a defect: the program contains something that a checked program cannot contain. Emit recovers from it.
func fail(pos ir.Pos, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if pos.File != nil {
		msg = fmt.Sprintf("%s:%d: %s", pos.File.Path, pos.File.Position(pos.Span.Start).Line, msg)
	}
	panic(defect{fmt.Errorf("emitgo: %s", msg)})
}

// gen is the state of writing one program.
type gen struct {
	app        *compiler.App
	p          *ir.Program // of the app
	facts      *analyze.Facts
	plans      *plan.Plans
	importPath string
	files      *fileSet
	names      *packageNames

	types    []ir.Type          // the named types, in the order of their declarations
	typeName map[ir.Type]string // their Go names
	fields   map[*ir.Field]string
	values   map[*ir.Enum][]string // the constants of an enum
	home     map[ir.Type]string    // the module whose file declares the type
	enums    *enums

	tableVar map[*ir.Table]string
	tableOf  map[*relation.Table]*ir.Table
	queryVar map[*ir.Query]string
	funcName map[any]string    // of *ir.Fn, *ir.Guard, …
	setting  map[string]string // fields of the settings
	patterns map[string]string
	order    []string // the patterns in order

	visibleVar map[string]string // variables that describe what clients see of stored values, by description
	visibles   []visibleOf

	codecs        *codecs
	registrations []*registration
	fns           map[*ir.Fn]*fnInfo
	needs         map[string]bool   // helpers that the app needs once, such as currentUser
	topics        map[any]string    // functions that name topics and make the arguments of signals
	unique        map[string]string // names of the queries for upsert, by table and columns
	allQueries    []jen.Code        // the variables of all queries
}

func newGen(app *compiler.App, importPath string) *gen {
	g := &gen{
		app: app, p: app.Program, facts: app.Facts, plans: app.Plans, importPath: strings.TrimSuffix(importPath, "/"), files: newFileSet(),
		typeName: map[ir.Type]string{}, fields: map[*ir.Field]string{}, values: map[*ir.Enum][]string{}, home: map[ir.Type]string{},
		tableVar: map[*ir.Table]string{}, tableOf: map[*relation.Table]*ir.Table{},
		queryVar: map[*ir.Query]string{}, funcName: map[any]string{}, setting: map[string]string{}, patterns: map[string]string{},
		fns: map[*ir.Fn]*fnInfo{}, needs: map[string]bool{}, unique: map[string]string{}, topics: map[any]string{},
		visibleVar: map[string]string{},
	}
	g.codecs = newCodecs(g)
	g.names = newPackageNames(g)
	return g
}

// program writes everything. The conversions come last, since they are written only if they are used.
func (g *gen) program() {
	g.nameAll()
	for _, m := range g.p.Modules {
		g.module(m)
	}
	g.upgrade()
	g.env()
	g.queries()
	g.register()
	g.codecs.write()
	g.patternVars()
	g.declareVisibles()
	g.declareTypes()
	g.mainProgram()
}

// module writes the declarations of one module.
func (g *gen) module(m *ir.Module) {
	for _, t := range m.Tables {
		g.table(m, t)
	}
	for _, x := range m.Guards {
		g.guard(x)
	}
	for _, x := range m.Fns {
		g.fn(x)
	}
	for _, e := range m.EntryPoints() { // a room writes its members
		g.entryPoint(e)
	}
}

// entryPoint writes an entry point.
func (g *gen) entryPoint(e ir.EntryPoint) {
	switch x := e.(type) {
	case *ir.RPC:
		g.rpc(x)
	case *ir.Stream:
		g.stream(x)
	case *ir.Channel:
		g.channel(x)
	case *ir.Room:
		g.room(x)
	case *ir.Signal:
		g.signal(x)
	default:
		panic(ir.UnknownEntryPoint(e))
	}
}
