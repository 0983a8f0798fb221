// Package index says what stands where in a checked app: which symbol each name is of, and which type each expression has. The checker
// fills an Index while it works, also where it finds mistakes; tools ask it by place. It follows the terms of the Language Server Protocol
// and of SCIP: an occurrence is a place in a file where a symbol is declared or used.
package index

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/source"
)

// Kind says what a symbol is. A declaration has its keyword as its kind: "table", "rpc", "fn", …
type Kind string

// The kinds of symbols that are not declarations of their own.
const (
	Module    Kind = "module"
	Field     Kind = "field"
	Parameter Kind = "parameter"
	Variable  Kind = "variable"
	Member    Kind = "enum member"
	Setting   Kind = "setting"
	Part      Kind = "room part"
	ErrorCode Kind = "error code"
	Event     Kind = "event"
	Context   Kind = "context"  // ctx and what the language gives in it
	Function  Kind = "function" // that the language has
	Scalar    Kind = "scalar type"
	Stage     Kind = "stage"
)

// Symbol is what a name refers to. Two symbols are the same if their keys are equal.
type Symbol struct {
	Kind   Kind
	Name   string
	Pos    ir.Pos // the name where it is declared; without a file for what the language has, and for error codes
	Doc    []string
	Type   ir.Type   // of its value; nil where it has none, or where a mistake hides it
	Params []*ir.Var // of what is called or subscribed to
	Called bool      // it has parameters, perhaps none
}

// Key identifies a symbol: by the place of its declaration, or by its name if it has no declaration.
type Key struct {
	Pos  ir.Pos
	Kind Kind
	Name string
}

// Key is the symbol's key.
func (s *Symbol) Key() Key {
	if s.Pos.File != nil {
		return Key{Pos: s.Pos}
	}
	return Key{Kind: s.Kind, Name: s.Name}
}

// Occurrence is a place where a symbol is declared or used.
type Occurrence struct {
	File        *source.File
	Span        source.Span
	Symbol      *Symbol
	Declaration bool
}

// Index is the table of an app. Recording is for one goroutine; once Seal has been called, any number may ask.
type Index struct {
	files   map[*source.File]*File
	order   []*File
	symbols map[Key]*Symbol
}

// New returns an empty index.
func New() *Index {
	return &Index{files: map[*source.File]*File{}, symbols: map[Key]*Symbol{}}
}

// File records what stands in one file.
type File struct {
	index   *Index
	file    *source.File
	names   []Occurrence
	types   []typed
	repeats []repeat
}

// repeat is a place whose names and types are those of another one.
type repeat struct{ from, to source.Span }

// typed is an expression, or a type as written, with its type.
type typed struct {
	span source.Span
	t    ir.Type
}

// File returns the part of the index that is about one file.
func (x *Index) File(f *source.File) *File {
	part := x.files[f]
	if part == nil {
		part = &File{index: x, file: f}
		x.files[f] = part
		x.order = append(x.order, part)
	}
	return part
}

// Use records that a name refers to a symbol.
func (f *File) Use(at source.Span, s Symbol) {
	if at.End > at.Start {
		f.names = append(f.names, Occurrence{File: f.file, Span: at, Symbol: f.index.intern(s, false)})
	}
}

// Declare records the declaration of a symbol, in the file of its place.
func (x *Index) Declare(s Symbol) {
	if s.Pos.File == nil || s.Pos.Span.End <= s.Pos.Span.Start || s.Name == "" {
		return
	}
	f := x.File(s.Pos.File)
	f.names = append(f.names, Occurrence{File: f.file, Span: s.Pos.Span, Symbol: x.intern(s, true), Declaration: true})
}

// Typed records the type of an expression.
func (f *File) Typed(at source.Span, t ir.Type) {
	if at.End > at.Start && t != nil {
		f.types = append(f.types, typed{at, t})
	}
}

// Repeat records at a place what is recorded at another one, if both have the same text. Seal does it, when all of that is known.
func (f *File) Repeat(from, to source.Span) {
	if f.file.Text[from.Start:from.End] == f.file.Text[to.Start:to.End] {
		f.repeats = append(f.repeats, repeat{from, to})
	}
}

// intern returns the one symbol of a key. What is known from its declaration replaces what is known from a use.
func (x *Index) intern(s Symbol, declared bool) *Symbol {
	k := s.Key()
	old := x.symbols[k]
	switch {
	case old == nil:
		old = &s
		x.symbols[k] = old
	case declared && (old.Type == nil || s.Type != nil):
		*old = s
	}
	return old
}
