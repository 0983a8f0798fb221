// Package check is the pass that gives every expression its type. It takes the modules that package resolve has combined,
// and makes the typed program and its index. Each construct has a file. An expression that fails to check gets type bad,
// which fits everything, so each mistake is reported once.
package check

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// Program checks an app. The program is complete only if the list contains no error. The index contains what could be found
// out about every part, also if there are errors.
func Program(name string, app *resolve.App) (*ir.Program, *index.Index, diag.List) {
	c := newChecker(name, app)
	c.declare()
	c.bodies()
	if slices.ContainsFunc(app.Modules, func(m *resolve.Module) bool { return m.File.Broken }) {
		c.list = slices.DeleteFunc(c.list, func(d diag.Diagnostic) bool { return d.Code == diag.CodeUnused })
	} else {
		c.unused()
		c.unusedSettings()
	}
	c.declarations()
	c.index.Seal()
	return c.prog, c.index, c.list
}

// newChecker makes a checker of an app.
func newChecker(name string, app *resolve.App) *checker {
	c := &checker{
		app:         app,
		prog:        &ir.Program{Name: name},
		mods:        map[*resolve.Module]*module{},
		used:        map[*resolve.Symbol]bool{},
		index:       index.New(),
		members:     map[*ir.Enum]map[string]ir.Pos{},
		types:       map[ast.Decl]ir.Type{},
		resolving:   map[ast.Decl]bool{},
		tables:      map[*ast.Table]*ir.Table{},
		tableOf:     map[*ir.Table]*ast.Table{},
		guards:      map[*ast.Guard]*ir.Guard{},
		fns:         map[*ast.Fn]*ir.Fn{},
		systemFn:    map[*ast.Fn]*ir.Fn{},
		externs:     map[*ast.Extern]*ir.Extern{},
		streams:     map[*ast.Stream]*ir.Stream{},
		channels:    map[*ast.Channel]*ir.Channel{},
		signals:     map[*ast.Signal]*ir.Signal{},
		aggregates:  map[*ast.Aggregate]*ir.Record{},
		env:         map[string]*ir.EnvVar{},
		patches:     map[*ir.Record]*ir.Record{},
		guardState:  map[*ast.Guard]*guardState{},
		fnState:     map[*ast.Fn]state{},
		streamState: map[*ast.Stream]state{},
		codes:       map[string]bool{},
		pipes:       map[*ast.Pipe][]*ir.Var{},
		pipeShapes:  map[ir.Pos][]*ir.Record{},
		piping:      map[*ast.Pipe]bool{},
		reported:    map[findingKey]int{},
		hooks:       map[string]ir.Pos{},
		migrations:  map[*ir.Table][]migration{},
		byName:      map[string]*module{},
		rpcs:        map[*ast.RPC]*ir.RPC{},
		envIn:       map[*ir.EnvVar]*module{},
		envRead:     map[*ir.EnvVar]bool{},
		published:   map[*ir.Merge][]string{},
	}
	for _, u := range app.Uses {
		c.used[u.Symbol] = true
	}
	for _, s := range app.Meant {
		c.used[s] = true
	}
	for _, m := range app.Modules {
		c.module(m)
	}
	return c
}

// state is how far the checking of a declaration has got. Declarations that others depend on have one.
type state uint8

const (
	untouched state = iota
	underway
	done
)

type checker struct {
	app      *resolve.App
	prog     *ir.Program
	list     diag.List
	reported map[findingKey]int // the index of the diagnostic in the list
	mods     map[*resolve.Module]*module
	order    []*module
	used     map[*resolve.Symbol]bool
	index    *index.Index

	members     map[*ir.Enum]map[string]ir.Pos // where the values of an enum are declared
	types       map[ast.Decl]ir.Type
	resolving   map[ast.Decl]bool
	tables      map[*ast.Table]*ir.Table
	tableOf     map[*ir.Table]*ast.Table
	guards      map[*ast.Guard]*ir.Guard
	fns         map[*ast.Fn]*ir.Fn
	systemFn    map[*ast.Fn]*ir.Fn // functions in the form for callers that read as the system
	externs     map[*ast.Extern]*ir.Extern
	streams     map[*ast.Stream]*ir.Stream
	channels    map[*ast.Channel]*ir.Channel
	signals     map[*ast.Signal]*ir.Signal
	aggregates  map[*ast.Aggregate]*ir.Record
	env         map[string]*ir.EnvVar
	patches     map[*ir.Record]*ir.Record
	systemCalls []systemCall
	codes       map[string]bool // error codes that the app can fail with

	guardState  map[*ast.Guard]*guardState
	fnState     map[*ast.Fn]state
	streamState map[*ast.Stream]state

	pipes       map[*ast.Pipe][]*ir.Var // the parameters of each pipe
	pipeShapes  map[ir.Pos][]*ir.Record // the types without a name that stages of pipes make, by their places
	piping      map[*ast.Pipe]bool      // the pipes being checked: a pipe may use others but not itself
	hooks       map[string]ir.Pos       // the webhooks by method and path
	migrations  map[*ir.Table][]migration
	migrated    []*ir.Table // the migrated tables, in order
	byName      map[string]*module
	appAt       ir.Pos
	envIn       map[*ir.EnvVar]*module
	envRead     map[*ir.EnvVar]bool
	userless    bool // it has been reported that the app does not define its user
	rpcs        map[*ast.RPC]*ir.RPC
	expected    []expected
	awaited     []awaited
	published   map[*ir.Merge][]string // the events that the app publishes
	upgradeDecl *ast.Upgrade
	upgradeIn   *module
}

// declare checks what other declarations can see of each declaration: its types, its signature and its settings.
func (c *checker) declare() {
	c.each(func(m *module, d ast.Decl) {
		switch d := d.(type) {
		case *ast.TypeDecl:
			c.typeDecl(m, d)
		case *ast.Table:
			c.table(m, d)
		case *ast.Env:
			c.envVars(m, d)
		}
	})
	c.storedNames()
	c.completePatches()
	c.each(func(m *module, d ast.Decl) {
		if t, ok := d.(*ast.Table); ok {
			c.rowColumns(m, t)
		}
	})
	c.each(func(m *module, d ast.Decl) {
		switch d := d.(type) {
		case *ast.Upgrade:
			c.upgradeHead(m, d)
		case *ast.App: // knows `env`
			c.settings(m, d)
		}
	})
	c.each(func(m *module, d ast.Decl) {
		switch d := d.(type) {
		case *ast.Guard:
			c.guardHead(m, d)
		case *ast.Fn:
			c.fnHead(m, d)
		case *ast.Extern:
			c.extern(m, d)
		case *ast.Signal:
			c.signal(m, d)
		}
	})
	c.each(func(m *module, d ast.Decl) {
		switch d := d.(type) {
		case *ast.Stream:
			c.streamHead(m, d)
		case *ast.Channel:
			c.channel(m, d)
		}
	})
}

// bodies checks the code inside declarations.
func (c *checker) bodies() {
	c.each(func(m *module, d ast.Decl) {
		switch d := d.(type) {
		case *ast.TypeDecl:
			c.typeDefaults(m, d)
		case *ast.Table:
			c.tableBody(m, d)
		case *ast.Upgrade:
			c.upgrade(m, d)
		case *ast.Guard:
			c.guardBody(d)
		case *ast.Fn:
			c.fnBody(m, d)
		case *ast.Pipe:
			c.pipe(m, d)
		}
	})
	c.each(func(m *module, d ast.Decl) {
		switch d := d.(type) {
		case *ast.FileGuard:
			c.fileGuard(m, d)
		case *ast.RPC:
			c.rpc(m, d)
		case *ast.Stream:
			c.stream(m, d)
		case *ast.Channel:
			c.channelBody(m, d)
		case *ast.Room:
			c.room(m, d)
		case *ast.Cron:
			c.cron(m, d)
		case *ast.Effect:
			c.effect(m, d)
		case *ast.Aggregate:
			c.aggregate(m, d)
		case *ast.Webhook:
			c.webhook(m, d)
		case *ast.Migrate:
			c.migrate(m, d)
		case *ast.Middleware:
			c.middleware(m, d)
		case *ast.Test:
			c.test(m, d)
		case *ast.TypeDecl, *ast.Table, *ast.Upgrade, *ast.Guard, *ast.Fn, *ast.Pipe: // done above
		case *ast.App, *ast.Env, *ast.Extern, *ast.Signal: // they have no body, and are checked with the other signatures
		case *ast.Use, *ast.BadDecl: // package resolve and the parser have reported everything about them
		default:
			panic(fmt.Sprintf("a declaration of kind %T is not checked", d))
		}
	})
	c.runeNames()
	c.systemFns()
	c.askedPolicies()
	c.migrationSteps()
	c.expectedCodes()
	c.awaitedEvents()
}

func (c *checker) each(do func(m *module, d ast.Decl)) {
	for _, m := range c.order {
		for _, d := range m.File.Decls {
			do(m, d)
		}
	}
}
