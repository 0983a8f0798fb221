// Package ir is the checked program. Every name is resolved, every expression has its type, and every conversion is a node of its own.
// What later passes make of it stands beside it in compiler.App. There is one file for each construct.
package ir

import "github.com/livec-lang/livec/lang/source"

// Program is a checked app.
type Program struct {
	Name     string    // of the app: its `app` declaration, else its file or folder
	Modules  []*Module // in order of their names; the standard library's used modules included
	Queries  []*Query  // every query that runs by itself (not those inside the rows of another), in source order
	Env      []*EnvVar
	Upgrade  *Upgrade // nil where the app declares none: everybody is anonymous
	User     *Record  // the type of ctx.user without its optional; nil without Upgrade
	Session  *Table   // the table whose rows sessions name; nil where none is used
	Settings Settings
}

// Module is one file. Its declarations are in source order.
type Module struct {
	Name     string // rooms/lobby
	File     *source.File
	Doc      []string
	Types    []Type // *Record, *Enum and *Union that the module declares with `type`
	Tables   []*Table
	Guards   []*Guard
	Fns      []*Fn
	Externs  []*Extern
	Streams  []*Stream
	RPCs     []*RPC
	Channels []*Channel
	Rooms    []*Room
	Signals  []*Signal
	Pending  []*Pending
	// Shapes are the *Record and *Enum types without a name of their own in the declarations of the module, T.patch among them, with the
	// names that the compiler gave them.
	Shapes []Type
}

// Pos is where a node comes from, for `//line` and messages.
type Pos struct {
	File *source.File
	Span source.Span
}

// Settings are those of the `app` declaration.
type Settings struct {
	Origins    []string
	MaxPayload int64 // bytes; 0 = default
	Declared   bool  // the app has such a declaration
}

// EnvVar is one setting of an `env` declaration.
type EnvVar struct {
	Pos     Pos
	Name    string
	Doc     []string
	Type    Type
	Default Expr // nil: required (unless Type is optional)
	Secret  bool // never leaves the server
}

// Query is a pipeline over tables as it stands in a program. Package plan makes its plan.
type Query struct {
	Pos      Pos
	Name     string // stream or rpc, with a number where there are several: module/name, module/name#2
	Pipeline *Pipeline
	Live     bool    // behind a stream: kept up to date
	System   bool    // runs without a caller: row policies do not apply
	Row      *Record // type of a result row; nil where the result is a scalar or a list of scalars
	Result   Type    // List of Row (or of a scalar), Optional of Row, or the type of the value
}
