// Package ast is the syntax tree of a file, one file for each construct. It knows spelling, not meaning: names are not resolved and nothing
// has a type. A tree is made by package parser, also of text with mistakes: what could not be read is a nil, a BadDecl, a BadStmt or a
// BadExpr, and every such place has its diagnostic.
package ast

import "github.com/livec-lang/livec/lang/source"

// Node is anything with a place in the text.
type Node interface{ Where() source.Span }

// At is the place of a node; all nodes embed it.
type At struct{ Span source.Span }

// Where is the node's place.
func (a *At) Where() source.Span { return a.Span }

// File is the tree of one module.
type File struct {
	Source   *source.File
	Doc      []string // of the module: the first run of `///` lines, where a blank line follows it
	Decls    []Decl   // in order of the text
	Comments []Comment
	Broken   bool // part of the text could not be read, so names may be used where the tree does not show it
}

// Comment is a comment, for the formatter. Text includes the slashes. Doc tells whether it is part of the Doc of a node.
type Comment struct {
	At
	Text string
	Doc  bool
}

// Ident is a name where it is used or declared. A missing one has an empty Name.
type Ident struct {
	At
	Name string
}

// Decl is a declaration. Its span runs from the keyword to the end.
type Decl interface {
	Node
	Keyword() string
	// Named is the declared name; nil for declarations without one.
	Named() *Ident
	// Docs is the doc comment in front of it, one string a line.
	Docs() []string
	decl()
}

// Head is what declarations have in common.
type Head struct {
	At
	Doc  []string
	Name Ident
}

// Named is the declared name.
func (h *Head) Named() *Ident {
	if h.Name.Name == "" {
		return nil
	}
	return &h.Name
}

// Docs is the doc comment.
func (h *Head) Docs() []string { return h.Doc }

func (*Head) decl() {}

// BadDecl is a declaration that could not be read. Its diagnostic has been given.
type BadDecl struct {
	Head
	Word string // the first word, as written
}

// Keyword is part of Decl.
func (d *BadDecl) Keyword() string { return d.Word }

// Param is a parameter: `name: type` or `name: type = default`.
type Param struct {
	At
	Doc     []string
	Name    Ident
	Type    Type
	Default Expr
	Secret  *Ident // the modifier `secret` of a parameter of an extern function
}
