package check

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// input checks what clients send and remembers it. A row of a table that a client sends is without its server fields; other records must not have one that nothing else gives a value.
func (b *body) input(vars []*ir.Var, params []*ast.Param) {
	for i, v := range vars {
		if b.inputs == nil {
			b.inputs = map[*ir.Var]bool{}
		}
		b.inputs[v] = true
		if i >= len(params) {
			continue
		}
		if r, f := needsServer(v.Type, map[ir.Type]bool{}); f != nil {
			b.errorf(params[i].Type.Where(), diag.CodeServerField, "a client cannot give %s: its field `%s` is set by the server", article("`"+ir.TypeString(r)+"`"), f.Name).
				also(f.Pos, "marked `server` here").help("give the field a default, or take the other fields as parameters")
		}
	}
}

// needsServer finds, in a type that clients send, a record that is no row and has a server field without a value of its own.
func needsServer(t ir.Type, seen map[ir.Type]bool) (*ir.Record, *ir.Field) {
	if seen[t] || isBad(t) {
		return nil, nil
	}
	seen[t] = true
	switch t := t.(type) {
	case *ir.Optional:
		return needsServer(t.Elem, seen)
	case *ir.List:
		return needsServer(t.Elem, seen)
	case *ir.Map:
		return needsServer(t.Elem, seen)
	case *ir.Union:
		for _, v := range t.Variants {
			if r, f := needsServer(v.Record, seen); f != nil {
				return r, f
			}
		}
	case *ir.Record:
		for _, f := range t.Fields {
			if f.Server && t.Table == nil && t.PatchOf == nil && f.Default == nil && !nullable(f.Type) {
				return t, f
			}
			if r, in := needsServer(f.Type, seen); in != nil {
				return r, in
			}
		}
	}
	return nil, nil
}

// sent tells whether a value is one that a client has sent, or a part of it.
func (b *body) sent(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Local:
		return b.inputs[x.Var]
	case *ir.FieldOf:
		return b.sent(x.X)
	case *ir.Index:
		return b.sent(x.X)
	case *ir.Unwrap:
		return b.sent(x.X)
	case *ir.Wrap:
		return b.sent(x.X)
	}
	return false
}

// notSent refuses to read a server field of what a client has sent: there is none.
func (b *body) notSent(at source.Span, of ir.Expr, f *ir.Field) {
	if f.Server && b.sent(of) {
		b.errorf(at, diag.CodeServerField, "`%s` is set by the server, and this comes from a client", f.Name).also(f.Pos, "marked `server` here").
			help("take the value from `ctx` or from the stored row")
	}
}
