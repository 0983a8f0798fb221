// Package ir is the checked program. Every name is resolved, every expression has its type, and every conversion is a
// node of its own. The results of later passes are separate, in compiler.App. Each construct has a file.
package ir

import (
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/limits"
)

// Program is a checked app.
type Program struct {
	Name     string    // of the app: from the `app` declaration, or else the name of its file or folder
	Modules  []*Module // sorted by name; includes the modules of the standard library that are used
	Queries  []*Query  // every query that runs by itself (not those inside the rows of another query), in source order
	Env      []*EnvVar
	Upgrade  *Upgrade // nil if the app declares none; then everybody is anonymous
	User     *Record  // the type of ctx.user without the optional; nil without Upgrade
	Session  *Table   // the table whose rows identify sessions; nil if the app uses no sessions
	Settings Settings
}

// Module is one file. Its declarations are in source order.
type Module struct {
	Name     string // rooms/lobby
	File     *source.File
	Doc      []string
	Types    []Type // the *Record, *Enum and *Union types that the module declares with `type`
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
	// Shapes are the *Record and *Enum types of the module that have no name in the source, T.patch among them. The compiler
	// has named them.
	Shapes []Type
}

// Pos is the source position of a node, for `//line` and messages.
type Pos struct {
	File *source.File
	Span source.Span
}

// Settings are those of the `app` declaration.
type Settings struct {
	Origins  []Origin
	Limits   limits.Values
	Declared bool // the app has an `app` declaration
}

// Origin is one of the origins of pages that may connect, or a setting that holds several, separated by commas.
type Origin struct {
	Text string  // as browsers send it; empty for a setting
	Env  *EnvVar // nil for a text
}

// EnvVar is one setting of an `env` declaration.
type EnvVar struct {
	Pos     Pos
	Name    string
	Doc     []string
	Type    Type
	Default Expr // nil: the setting is required, unless Type is optional
	Secret  bool // never leaves the server
}

// Query is a pipeline over tables in a program. Package plan makes its plan.
type Query struct {
	Pos      Pos
	Name     string // the stream or rpc, with a number if it has several queries: module/name, module/name#2
	Pipeline *Pipeline
	Live     bool    // the query of a stream, which is kept up to date
	System   bool    // runs without a caller: row policies do not apply
	Row      *Record // the type of a result row; nil if the result is a scalar or a list of scalars
	Result   Type    // List of Row (or of a scalar), Optional of Row, or the type of the value
}
