package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// fnInfo describes the Go form of a function, apart from its parameters and result.
type fnInfo struct {
	fails bool // it returns an error
	call  bool // its first parameter is the Call
	known bool

	recursive bool // it may call itself, directly or through others
}

// info determines the Go form of a function. Functions may call each other, so it repeats until nothing changes.
func (g *gen) info(f *ir.Fn) *fnInfo {
	if i := g.fns[f]; i != nil && i.known {
		return i
	}
	all := map[*ir.Fn]bool{}
	g.reach(f, all)
	for fn := range all {
		if i := g.fns[fn]; g.callsItself(fn) {
			i.recursive, i.fails, i.call = true, true, true
		}
	}
	for changed := true; changed; {
		changed = false
		for fn := range all {
			i := g.fns[fn]
			fails, call := i.fails, i.call
			g.eachExpr(fn.Body, func(x ir.Expr) {
				i.fails = i.fails || g.canFail(x)
				i.call = i.call || g.needsCall(x)
			}, func(s ir.Stmt) {
				switch s.(type) {
				case *ir.Fail, *ir.Require:
					i.fails = true
				case *ir.Log:
					i.call = true
				case *ir.For: // checks the deadline
					i.fails, i.call = true, true
				case *ir.Let, *ir.If, *ir.Match, *ir.Return, *ir.Do: // only their parts matter
				default:
					fail(fn.Pos, "a function with the statement %T", s)
				}
			})
			changed = changed || fails != i.fails || call != i.call
		}
	}
	for fn := range all {
		g.fns[fn].known = true
	}
	return g.fns[f]
}

// reach collects the functions that f calls, directly or through others.
func (g *gen) reach(f *ir.Fn, all map[*ir.Fn]bool) {
	if all[f] {
		return
	}
	all[f] = true
	if g.fns[f] == nil {
		g.fns[f] = &fnInfo{}
	}
	g.eachExpr(f.Body, func(x ir.Expr) {
		if c, ok := x.(*ir.CallFn); ok {
			g.reach(c.Fn, all)
		}
	}, func(ir.Stmt) {})
}

// callsItself reports whether a function may be called again before it has ended.
func (g *gen) callsItself(f *ir.Fn) bool {
	seen := map[*ir.Fn]bool{}
	var reaches func(*ir.Fn) bool
	reaches = func(from *ir.Fn) bool {
		found := false
		g.eachExpr(from.Body, func(x ir.Expr) {
			c, ok := x.(*ir.CallFn)
			if !ok || found || seen[c.Fn] {
				return
			}
			seen[c.Fn] = true
			found = c.Fn == f || reaches(c.Fn)
		}, func(ir.Stmt) {})
		return found
	}
	return reaches(f)
}

// canFail reports whether evaluating x, apart from its parts, can return an error.
func (g *gen) canFail(x ir.Expr) bool {
	if call, ok := x.(*ir.CallFn); ok {
		return g.fns[call.Fn] != nil && g.fns[call.Fn].fails
	}
	return ir.Fails(x)
}

// needsCall reports whether x, apart from its parts, needs the Call.
func (g *gen) needsCall(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.CallFn:
		return g.fns[x.Fn] != nil && g.fns[x.Fn].call
	case *ir.Builtin:
		f, ok := builtins[x.Name]
		return !ok || f.call
	case *ir.ListPipe:
		return x.Long()
	case *ir.CtxUser, *ir.CtxIP, *ir.CtxPath, *ir.CtxAdded, *ir.CtxCursor, *ir.CallExtern, *ir.QueryExpr,
		*ir.Insert, *ir.Upsert, *ir.UpdateRow, *ir.UpdateWhere, *ir.DeleteRow, *ir.DeleteWhere:
		return true
	case *ir.Lit, *ir.Local, *ir.EnvRef, *ir.FieldOf, *ir.Index, *ir.Unary, *ir.Binary, *ir.In, *ir.Cond, *ir.MatchExpr, *ir.Interp,
		*ir.RecordLit, *ir.ListLit, *ir.MapLit, *ir.Wrap, *ir.Unwrap, *ir.ToFloat, *ir.ToEnum, *ir.FromEnum, *ir.Fit,
		*ir.Check, *ir.As:
		return false
	}
	fail(x.Where(), "nobody says whether the expression %T needs the call", x)
	return true
}

// eachExpr visits all expressions of a block, including the arguments of queries, and all statements.
func (g *gen) eachExpr(block *ir.Block, expr func(ir.Expr), stmt func(ir.Stmt)) {
	g.eachNode(block, func(n ir.Node) {
		switch n := n.(type) {
		case ir.Expr:
			expr(n)
		case ir.Stmt:
			stmt(n)
		}
	})
}

// fn writes a function.
func (g *gen) fn(f *ir.Fn) {
	info := g.info(f)
	b := g.newBody(f.Result)
	b.noError = !info.fails
	b.uses.block(f.Body)
	var params []jen.Code
	if info.call {
		params = append(params, jen.Id("c").Op("*").Add(live("Call")))
	}
	params = append(params, b.params(f.Params)...)
	if info.recursive {
		b.check(jen.Id("c").Dot("Enter").Call())
		b.add(jen.Defer().Id("c").Dot("Leave").Call())
	}
	b.whole(f.Body)
	results := []jen.Code{g.goType(f.Result)}
	switch {
	case b.result == nil && info.fails:
		results = []jen.Code{jen.Error()}
	case b.result == nil:
		results = nil
	case info.fails:
		results = append(results, jen.Error())
	}
	name := g.funcName[f]
	out := g.files.of(f.Module, "fns")
	out.function(docOf(name+" is the function "+f.Name+".", f.Doc),
		jen.Func().Id(name).Params(params...).Params(results...).Block(b.finish()...), b.mapped)
}

// params declares the parameters of a function.
func (b *body) params(vars []*ir.Var) []jen.Code {
	var out []jen.Code
	for _, v := range vars {
		name := b.names.take(v.Name)
		b.vars[v] = simple(jen.Id(name))
		out = append(out, jen.Id(name).Add(b.g.goType(v.Type)))
	}
	return out
}

// callFn calls a function of the app.
func (b *body) callFn(x *ir.CallFn, want string) val {
	info := b.g.info(x.Fn)
	var args []jen.Code
	if info.call {
		args = append(args, jen.Id("c"))
	}
	for _, v := range b.exprs(x.Args) {
		args = append(args, v.any())
	}
	fn := jen.Id(b.g.funcName[x.Fn]).Call(args...)
	switch {
	case !info.fails:
		return call(fn)
	case isVoid(x.Fn.Result):
		b.check(fn)
		return simple(live("None").Values())
	}
	return b.try(b.name(want, x.Fn.Name), fn)
}
