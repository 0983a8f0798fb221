package check

import (
	"github.com/livec-lang/livec/compiler/check/signature"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation/function"
)

// callBuiltin checks the call of a built-in function.
func (b *body) callBuiltin(x *ast.Call, name string, f *signature.Signature, hint ir.Type) ir.Expr {
	if len(x.Args) > len(f.Params) || len(x.Args) < len(f.Params)-f.Omitted {
		b.errorf(x.Span, diag.CodeArguments, "`%s` takes %s, but got %s", name, diag.Range(len(f.Params)-f.Omitted, len(f.Params), "argument"),
			diag.Count(len(x.Args), "argument"))
		for _, a := range x.Args {
			b.infer(a, nil)
		}
		return b.bad(b.pos(x))
	}
	var args []ir.Expr
	broken := false
	for i, a := range x.Args {
		b.parts = name == "length"
		e := b.expr(a, f.Params[i])
		broken = broken || types.IsBad(e.Type())
		if f.Params[i] == nil && types.Nullable(e.Type()) && name != "string" {
			b.mayBeNull(e, a.Where())
			broken = true
		}
		args = append(args, e)
	}
	fact := function.Of(name)
	switch {
	case fact.Request && (b.system && b.kind != "upgrade" && !b.webhook || b.kind == "fn" && fact.Session):
		b.errorf(x.Span, diag.CodeStatement, "`%s` reads the request of a caller, but there is no caller here", name)
		return b.bad(b.pos(x))
	case fact.Session && fact.Writes && b.kind != "rpc" && b.kind != "fn":
		b.errorf(x.Span, diag.CodeStatement, "`%s` only works in an rpc: nothing else can set a cookie in the browser", name).
			help("call it in an rpc")
		return b.bad(b.pos(x))
	case fact.Writes && !b.write:
		b.cannotWrite(x, "`"+name+"`")
		return b.bad(b.pos(x))
	}
	if name == "putFile" {
		b.m.pending(x, "putFile", "")
	}
	t := f.Result
	if f.Generic != nil {
		if broken {
			return b.bad(b.pos(x))
		}
		if name == "session" && hint != nil {
			b.c.sessionOf(b, x, types.Elem(hint))
		}
		if t = f.Generic(builtinCall{b, x}, args); t == nil {
			return b.bad(b.pos(x))
		}
	}
	return &ir.Builtin{At: b.at(x, t), Name: name, Args: args}
}

// builtinCall implements signature.Call for the call of a built-in function.
type builtinCall struct {
	b *body
	x *ast.Call
}

// Fit implements signature.Call.
func (c builtinCall) Fit(x ir.Expr, want ir.Type) ir.Expr { return c.b.fit(x, want, "") }

// Text implements signature.Call.
func (c builtinCall) Text(x ir.Expr) ir.Expr { return c.b.toText(x) }

// Unify implements signature.Call.
func (c builtinCall) Unify(args []ir.Expr) (ir.Type, []ir.Expr) { return c.b.unify(c.x, nil, args...) }

// Wrong implements signature.Call.
func (c builtinCall) Wrong(i int, got ir.Type, want string) ir.Type {
	c.b.errorf(c.x.Args[i].Where(), diag.CodeTypeMismatch, "this is `%s`, but %s is expected", ir.TypeString(got), want)
	return nil
}

// Session implements signature.Call.
func (c builtinCall) Session() ir.Type {
	b, x := c.b, c.x
	if b.c.prog.Session == nil {
		t := b.c.prog.User
		if t == nil || t.Table == nil {
			b.errorf(x.Span, diag.CodeNoSession, "the app does not say which table its sessions belong to").
				help("sessions belong to rows of the table that `upgrade` returns: `upgrade -> User? = session()`")
			return nil
		}
		b.c.prog.Session = t.Table
	}
	return types.Optional(b.c.prog.Session.Row)
}

// sessionOf takes the table of sessions from the expected type.
func (c *checker) sessionOf(b *body, x *ast.Call, want ir.Type) {
	if r, ok := want.(*ir.Record); ok && r.Table != nil && c.prog.Session == nil {
		c.prog.Session = r.Table
		if len(r.Table.Key) != 1 {
			b.errorf(x.Span, diag.CodeNoSession, "a session identifies a row by one value, but `%s` has a key of several fields", r.Name)
		}
	}
}

// UserRow implements signature.Call.
func (c builtinCall) UserRow(got ir.Type) *ir.Record {
	b, x := c.b, c.x
	r, ok := got.(*ir.Record)
	if !ok || r.Table == nil {
		c.Wrong(0, got, "a row of the user table")
		return nil
	}
	if b.c.prog.Session == nil {
		b.c.prog.Session = r.Table
	}
	if b.c.prog.Session != r.Table {
		b.errorf(x.Args[0].Where(), diag.CodeNoSession, "sessions belong to rows of `%s`, not of `%s`", b.c.prog.Session.Row.Name, r.Name)
		return nil
	}
	return r
}
