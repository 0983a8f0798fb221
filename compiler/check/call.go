package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/foreign"
	"github.com/livec-lang/livec/compiler/check/signature"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// call checks `f(args)`.
func (b *body) call(x *ast.Call, hint ir.Type) ir.Expr {
	if m, ok := x.Fn.(*ast.Member); ok && b.test {
		return b.testCall(x, m)
	}
	n, ok := x.Fn.(*ast.Name)
	if !ok {
		return b.notCallable(x)
	}
	if b.find(n.Name) != nil {
		b.errorf(n.Span, diag.CodeNotCallable, "`%s` is a value, not a function", n.Name)
		return b.inferArgs(x)
	}
	s := b.m.refer(n.Name, n.Span)
	if s == nil {
		return b.callUnknown(x, n, hint)
	}
	// defaults are checked before functions
	if b.kind == "default" && s.Known() && (s.Decl.Keyword() == "fn" || s.Decl.Keyword() == "extern") {
		b.errorf(x.Span, diag.CodeDefault, "a default must be a constant").
			help("use a literal, a list or a record of literals, `now()`, `newId()`, `newSecret()` or `env.NAME`")
		return b.inferArgs(x)
	}
	switch d := s.Decl.(type) {
	case *ast.Fn:
		return b.callFn(x, s.Name, b.c.home(s), d)
	case *ast.Extern:
		e := b.c.externs[d]
		args := b.args(x, x.Args, e.Params, "`"+s.Name+"`")
		if b.pure || b.guard || b.live || len(b.rows) > 0 {
			b.errorf(x.Span, diag.CodeImpure, "an extern function cannot be called here").help("call it in an rpc, an effect, a cron or a webhook")
		}
		b.callsExtern(x, e)
		if args == nil && len(e.Params) > 0 {
			return b.bad(b.pos(x))
		}
		return &ir.CallExtern{At: b.at(x, e.Result), Extern: e, Args: args}
	case *ast.RPC:
		b.errorf(n.Span, diag.CodeNotCallable, "only clients can call an rpc").help("move the shared code into a function or a pipe")
	case *ast.Stream, *ast.Channel, *ast.Room:
		b.errorf(n.Span, diag.CodeNotCallable, "%s cannot be called: clients subscribe to it", diag.Article(d.Keyword())).
			help("query the table itself, or share the stages in a pipe")
	case *ast.Signal:
		b.errorf(n.Span, diag.CodeNotCallable, "a signal cannot be called").help("send it with the statement `signal %s(…) to user`", n.Name)
	case *ast.TypeDecl, *ast.Table:
		b.errorf(n.Span, diag.CodeNotCallable, "`%s` is a type", n.Name).help("make a value of this type: `%s { … }`", n.Name)
	case nil, *ast.BadDecl:
	default:
		b.errorf(n.Span, diag.CodeNotCallable, "`%s` is %s, not a function", n.Name, diag.Article(d.Keyword()))
	}
	return b.inferArgs(x)
}

func (b *body) inferArgs(x *ast.Call) ir.Expr {
	for _, a := range x.Args {
		b.infer(a, nil)
	}
	return b.bad(b.pos(x))
}

func (b *body) notCallable(x *ast.Call) ir.Expr {
	if m, ok := x.Fn.(*ast.Member); ok {
		of := b.infer(m.X, nil)
		if types.IsBad(of.Type()) {
			return b.inferArgs(x)
		}
		f := b.errorf(m.Name.Span, diag.CodeNotCallable, "values have no methods")
		if here := foreign.Methods[m.Name.Name]; here != "" {
			f.help("write %s", here)
		} else if _, is := signature.Of[m.Name.Name]; is {
			f.help("write `%s(x)`", m.Name.Name)
		} else {
			f.help("call a function as `f(x)`")
		}
		return b.inferArgs(x)
	}
	f := b.infer(x.Fn, nil)
	if !types.IsBad(f.Type()) {
		b.errorf(x.Fn.Where(), diag.CodeNotCallable, "this is `%s`, not a function", ir.TypeString(f.Type()))
	}
	return b.inferArgs(x)
}

func (b *body) callUnknown(x *ast.Call, n *ast.Name, hint ir.Type) ir.Expr {
	if out, ok := b.callOwn(x, n, hint); ok {
		b.m.useOwn(n.Span, index.Function, n.Name, out.Type())
		return out
	}
	if isReducer(n.Name) {
		if len(b.rows) > 0 && b.rows[len(b.rows)-1].group {
			b.errorf(x.Span, diag.CodeAggregate, "an aggregate must be a whole field of a group: `n: %s(…)`", n.Name)
		} else {
			b.errorf(n.Span, diag.CodeStage, "`%s` is the last stage of a pipeline, not a function", n.Name).help("write `(rows | %s(…))`", n.Name)
		}
		return b.bad(b.pos(x))
	}
	b.inferArgs(x)
	names := slices.Concat(signature.Names(), b.m.Names())
	b.errorf(n.Span, diag.CodeUnknownName, "there is no function `%s`", n.Name).meant(b.m, n.Span, n.Name, names)
	return b.bad(b.pos(x))
}

// callOwn checks a call of a function that the language has. ok is false if it has none of that name here.
func (b *body) callOwn(x *ast.Call, n *ast.Name, hint ir.Type) (out ir.Expr, ok bool) {
	if f := signature.Of[n.Name]; f != nil {
		return b.callBuiltin(x, n.Name, f, hint), true
	}
	switch {
	case n.Name == "next" && b.next:
		return &ir.Lit{At: b.at(x, types.Void)}, true
	case n.Name == "reveal":
		return b.reveal(x), true
	case n.Name == "connect" && b.test:
		return b.connect(x), true
	}
	return nil, false
}

func (b *body) callFn(x *ast.Call, name string, m *module, d *ast.Fn) ir.Expr {
	f := b.c.fns[d]
	args := b.args(x, x.Args, f.Params, "`"+name+"`")
	b.c.fnBody(m, d)
	if args == nil && len(f.Params) > 0 {
		return b.bad(b.pos(x))
	}
	if b.grants {
		if at, open := b.c.opens(f, map[*ir.Fn]bool{}); open {
			b.errorf(x.Span, diag.CodeOptionalPolicy, "`%s` compares values that may be null, and null equals null, so it would allow too much",
				name).also(at, "compared here").
				help("check it first: `… != null && …`")
		}
	}
	call := &ir.CallFn{At: b.at(x, f.Result), Fn: f, Args: args}
	if b.asSystem() {
		b.c.systemCalls = append(b.c.systemCalls, systemCall{call, m, d})
	}
	return call
}

// opens finds a comparison with a value that may be null, in a function and in those it calls.
func (c *checker) opens(f *ir.Fn, seen map[*ir.Fn]bool) (at ir.Pos, open bool) {
	if seen[f] {
		return at, false
	}
	seen[f] = true
	ir.WalkExprs(f.Body, func(x ir.Expr) bool {
		switch x := x.(type) {
		case *ir.Binary:
			if comparison(x) && !flow.IsNull(x.L) && !flow.IsNull(x.R) && types.Nullable(x.L.Type()) && !flow.Wrapped(x.L) && !flow.Wrapped(x.R) {
				at, open = x.Pos, true
			}
		case *ir.CallFn:
			if p, does := c.opens(x.Fn, seen); does {
				at, open = p, true
			}
		}
		return !open
	})
	return at, open
}

func comparison(x *ir.Binary) bool {
	switch x.Op {
	case relation.Eq, relation.Ne, relation.Lt, relation.Le, relation.Gt, relation.Ge:
		return true
	}
	return false
}

// args checks arguments against parameters and fills in omitted ones. It returns nil if it has reported an error.
func (b *body) args(x ast.Node, args []ast.Expr, params []*ir.Var, what string) []ir.Expr {
	least := 0
	for i, p := range params {
		if p.Default == nil && !types.Nullable(p.Type) {
			least = i + 1
		}
	}
	if len(args) > len(params) || len(args) < least {
		code := diag.CodeArguments
		if _, guard := x.(*ast.GuardUse); guard {
			code = diag.CodeGuardArguments
		}
		f := b.errorf(x.Where(), code, "%s takes %s, but got %s", what, diag.Range(least, len(params), "argument"),
			diag.Count(len(args), "argument"))
		if len(params) > 0 {
			f.also(params[0].Pos, "its parameters")
		}
		for _, a := range args {
			b.infer(a, nil)
		}
		return nil
	}
	out := []ir.Expr{}
	for i, p := range params {
		switch {
		case i < len(args):
			out = append(out, b.member(args[i], p.Type, p.Name))
		case p.Default != nil:
			out = append(out, p.Default)
		default:
			out = append(out, &ir.Lit{At: b.at(x, p.Type)})
		}
	}
	return out
}

// readField returns the name of the field that an expression reads, or "field" if it reads none.
func readField(x ir.Expr) string {
	if f, ok := x.(*ir.FieldOf); ok {
		return f.Field.Name
	}
	return "field"
}

// reveal shows a secret field on purpose. The result is the value itself, which a map may then show.
func (b *body) reveal(x *ast.Call) ir.Expr {
	if len(x.Args) != 1 {
		b.errorf(x.Span, diag.CodeArguments, "`reveal` takes 1 argument").help("write `reveal(.field)`")
		return b.inferArgs(x)
	}
	e := b.infer(x.Args[0], nil)
	if types.IsBad(e.Type()) {
		return e
	}
	f, ok := e.(*ir.FieldOf)
	if !ok || !f.Field.Secret {
		b.errorf(x.Args[0].Where(), diag.CodeSecretField, "this field is not secret, so there is nothing to reveal").help("remove `reveal`")
	}
	if !b.maps {
		b.errorf(x.Span, diag.CodeSecretField, "a secret can only be revealed in a `map`").
			help("reveal it in the pipeline: `… | map { .id, %s: reveal(.%s) }`", readField(e), readField(e))
	}
	return &ir.Builtin{At: b.at(x, e.Type()), Name: "reveal", Args: []ir.Expr{e}}
}

// withoutReveal removes `reveal(…)` from data that is sent to others. There it means that rows may be sent without asking their read
// policy. Secret fields of a row are left out all the same.
func (b *body) withoutReveal(x ast.Expr) (ast.Expr, bool) {
	c, ok := x.(*ast.Call)
	if !ok || len(c.Args) != 1 {
		return x, false
	}
	n, ok := c.Fn.(*ast.Name)
	if !ok || n.Name != "reveal" || b.find(n.Name) != nil || b.m.Module.Lookup(n.Name) != nil {
		return x, false
	}
	return c.Args[0], true
}

// callsExtern records the call of an extern function. A call between two writes of a transaction would be repeated if
// the transaction is retried.
func (b *body) callsExtern(x ast.Node, e *ir.Extern) {
	if e.Retryable {
		return
	}
	p := b.pos(x)
	b.trail.called = &p
	if b.trail.wrote != nil {
		b.trail.between = &p
	}
}

// trail records the extern calls and the writes on some path to a place.
type trail struct {
	called  *ir.Pos // the last call of an extern function
	wrote   *ir.Pos // the last write
	between *ir.Pos // the last call after a write
}

// or combines two alternative paths that meet.
func (o trail) or(p trail) trail {
	either := func(a, b *ir.Pos) *ir.Pos {
		if a != nil {
			return a
		}
		return b
	}
	return trail{either(o.called, p.called), either(o.wrote, p.wrote), either(o.between, p.between)}
}

// then combines two consecutive paths.
func (o trail) then(p trail) trail {
	out := p.or(o)
	if p.between == nil && o.wrote != nil && p.called != nil {
		out.between = p.called
	}
	return out
}

// writes records a write.
func (b *body) writes(x ast.Node) {
	p := b.pos(x)
	if b.trail.between != nil {
		b.externOrder(*b.trail.between, p, "written after it")
	}
	b.trail.wrote = &p
}

func (b *body) externOrder(called, written ir.Pos, why string) {
	b.errorf(called.Span, diag.CodeExternOrder, "an extern function is called between writes").also(written, "%s", why).
		help("a call is one transaction and may be retried: call the function before the first write, call it in an effect, or mark it " +
			"`retryable`")
	b.trail.between = nil
}

func (b *body) cannotWrite(x ast.Node, what string) {
	f := b.errorf(x.Where(), diag.CodeImpure, "%s cannot write: %s is not allowed here", diag.Article(b.kind), what)
	switch {
	case b.pure:
		f.help("a function can only read; write in an rpc")
	default:
		f.help("write in an rpc, an effect, a cron or a webhook")
	}
}
