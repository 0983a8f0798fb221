// Package ast has the syntax tree of a file. Each construct has a file. The tree has syntax but no meaning: names are
// not resolved, and nothing has a type. Package parser makes trees, also of text with mistakes. What could not be
// parsed is nil, a BadDecl, a BadStmt or a BadExpr, and each such place has a diagnostic.
package ast

import "github.com/livec-lang/livec/lang/source"

// Node is anything with a position in the text.
type Node interface{ Where() source.Span }

// At is the position of a node. All nodes embed it.
type At struct{ Span source.Span }

// Where returns the node's position.
func (a *At) Where() source.Span { return a.Span }

// File is the tree of one module.
type File struct {
	Source   *source.File
	Doc      []string // of the module: the first lines with `///`, if a blank line follows them
	Decls    []Decl   // in source order
	Comments []Comment
	Broken   bool // part of the text could not be parsed, so names may be used in places that the tree does not contain
}

// Comment is a comment, for the formatter. Text includes the slashes. Doc is set if the comment is part of the Doc of a node.
type Comment struct {
	At
	Text string
	Doc  bool
}

// Ident is a name in a declaration or a use. If it is missing, Name is empty.
type Ident struct {
	At
	Name string
}

// Decl is a declaration. Its span runs from the keyword to the end.
type Decl interface {
	Node
	Keyword() string
	// Named returns the declared name; nil for declarations without one.
	Named() *Ident
	// Docs returns the doc comment, one string per line.
	Docs() []string
	decl()
}

// Head is what all declarations have in common.
type Head struct {
	At
	Doc  []string
	Name Ident
}

// Named returns the declared name.
func (h *Head) Named() *Ident {
	if h.Name.Name == "" {
		return nil
	}
	return &h.Name
}

// Docs returns the doc comment.
func (h *Head) Docs() []string { return h.Doc }

func (*Head) decl() {}

// BadDecl is a declaration that could not be parsed. It has a diagnostic.
type BadDecl struct {
	Head
	Word string // the first word, as written
}

// Keyword implements Decl.
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
