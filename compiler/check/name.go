package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/fix"
	"github.com/livec-lang/livec/compiler/check/signature"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// variable checks a name used as a value.
func (b *body) variable(x *ast.Name) ir.Expr {
	if l := b.find(x.Name); l != nil {
		l.uses = append(l.uses, fix.Name{At: x.Span, Member: b.short[x]})
		b.m.useVar(x.Span, l.v)
		if l.expr != nil {
			return l.expr
		}
		return b.known(&ir.Local{At: b.at(x, l.v.Type), Var: l.v})
	}
	for i := len(b.rows) - 1; i >= 0; i-- {
		if b.rows[i].alias == x.Name {
			b.m.useVar(x.Span, b.rows[i].row)
			return b.known(b.rowValue(x, b.rows[i]))
		}
	}
	switch x.Name {
	case "ctx", "env":
		b.errorf(x.Span, diag.CodeWrongKind, "`%s` alone is not a value", x.Name).
			help("name one of its fields, such as `%s`", map[string]string{"ctx": "ctx.user", "env": "env.NAME"}[x.Name])
		return b.bad(b.pos(x))
	}
	s := b.m.refer(x.Name, x.Span)
	if s == nil {
		b.unknownName(x)
		return b.bad(b.pos(x))
	}
	switch d := s.Decl.(type) {
	case nil, *ast.BadDecl:
	case *ast.Table:
		return b.pipeline(&ast.Pipeline{At: x.At, Source: x})
	case *ast.Fn, *ast.Extern:
		b.errorf(x.Span, diag.CodeWrongKind, "`%s` is a function", x.Name).help("call it: `%s(…)`", x.Name)
	case *ast.TypeDecl:
		b.errorf(x.Span, diag.CodeWrongKind, "`%s` is a type, not a value", x.Name).help("make a value of this type: `%s { … }`", x.Name)
	default:
		b.errorf(x.Span, diag.CodeWrongKind, "`%s` is %s, not a value", x.Name, diag.Article(d.Keyword())).
			also(b.c.home(s).namePos(d), "declared here")
	}
	return b.bad(b.pos(x))
}

func (b *body) rowValue(x ast.Node, r *rowScope) ir.Expr {
	return &ir.Local{At: b.at(x, r.row.Type), Var: r.row}
}

func (b *body) unknownName(x *ast.Name) {
	names := slices.Concat(b.visible(), b.m.Names())
	for _, r := range b.rows {
		if r.alias != "" {
			names = append(names, r.alias)
		}
	}
	b.misspelt = true
	for _, s := range b.unread { // a statement that could not be parsed may have declared the name
		if slices.Contains(words(b.m.src.Text[s.Start:s.End]), x.Name) {
			return
		}
	}
	if b.reportedBefore(x.Name) {
		return
	}
	f := b.errorf(x.Span, diag.CodeUnknownName, "there is no `%s` here", x.Name)
	if foreignName(f, b, x) {
		return
	}
	if len(b.rows) > 0 {
		if r, ok := b.rows[len(b.rows)-1].row.Type.(*ir.Record); ok && types.FieldOf(r, x.Name) != nil {
			f.help("the field of the row is `.%s`", x.Name).fix(b.m, x.Span, "write `."+x.Name+"`", "."+x.Name)
			return
		}
	}
	if _, builtin := signature.Of[x.Name]; builtin {
		f.help("`%s` is a built-in function: call it, `%s(…)`", x.Name, x.Name)
		return
	}
	f.meant(b.m, x.Span, x.Name, names)
}

// reportedBefore reports whether an unknown name has been reported in this body, and records it: further uses are the same
// mistake.
func (b *body) reportedBefore(name string) bool {
	if b.unknown[name] {
		return true
	}
	if b.unknown == nil {
		b.unknown = map[string]bool{}
	}
	b.unknown[name] = true
	return false
}

// rowField checks `.name`, a field of the current row.
func (b *body) rowField(x *ast.RowField) ir.Expr {
	if len(b.rows) == 0 {
		b.errorf(x.Span, diag.CodeNoRow, "`.%s` is a field of a row, but there is no row here", x.Name.Name).
			help("use it in the stages of a pipeline, in `where`, in the braces of an update or in a policy")
		return b.bad(b.pos(x))
	}
	r := b.rows[len(b.rows)-1]
	return b.fieldOfExpr(x, b.rowValue(x, r), &x.Name, false)
}

// memberOf checks `x.name` and `x?.name`.
func (b *body) memberOf(x *ast.Member) ir.Expr {
	if n, ok := x.X.(*ast.Name); ok && b.find(n.Name) == nil {
		switch n.Name {
		case "ctx":
			b.m.useOwn(n.Span, index.Context, "ctx", nil)
			out := b.ctx(x)
			if a, ok := b.added[x.Name.Name]; ok {
				b.m.useField(x.Name.Span, a.field)
			} else if slices.Contains(ctxNames, x.Name.Name) {
				b.m.useOwn(x.Name.Span, index.Context, "ctx."+x.Name.Name, out.Type())
			}
			return out
		case "env":
			b.m.useOwn(n.Span, index.Context, "env", nil)
			return b.envRef(x)
		}
	}
	if len(b.rows) > 0 && b.tableField(x) {
		return b.bad(b.pos(x))
	}
	return b.fieldOfExpr(x, b.part(x.X, nil), &x.Name, x.Safe)
}

// tableField reports `Table.field` where the author means `.field` of the row.
func (b *body) tableField(x *ast.Member) bool {
	n, ok := x.X.(*ast.Name)
	if !ok || b.find(n.Name) != nil {
		return false
	}
	s := b.m.Module.Lookup(n.Name)
	if !s.Known() {
		return false
	}
	if _, table := s.Decl.(*ast.Table); !table {
		return false
	}
	b.m.refer(n.Name, n.Span)
	b.errorf(x.Span, diag.CodeWrongKind, "`%s` is a table, not a row", n.Name).help("the field of the row is `.%s`", x.Name.Name).
		fix(b.m, x.Span, "write `."+x.Name.Name+"`", "."+x.Name.Name)
	return true
}

func (b *body) fieldOfExpr(x ast.Expr, of ir.Expr, name *ast.Ident, safe bool) ir.Expr {
	t := of.Type()
	if types.IsBad(t) || name.Name == "" {
		return b.bad(b.pos(x))
	}
	o, null := t.(*ir.Optional)
	if null && !safe {
		b.mayBeNull(of, of.Where().Span).help("or read the field only if there is a value: `?.%s`", name.Name)
		t = o.Elem
	}
	if null && safe {
		t = o.Elem
	}
	r, ok := t.(*ir.Record)
	if !ok {
		if u, union := t.(*ir.Union); union {
			return b.fieldOfUnion(x, of, u, name)
		}
		f := b.errorf(name.Span, diag.CodeUnknownField, "`%s` has no fields", ir.TypeString(t))
		_, isMap := t.(*ir.Map)
		switch _, is := signature.Of[name.Name]; {
		case types.IsScalar(t, ir.JSON):
			f.help("give it a type first: `let x = … as { %s: T }`", name.Name)
		case isMap && !safe:
			if m, member := x.(*ast.Member); member {
				f.help("read a value of a map as `x[\"%s\"]`", name.Name).
					fix(b.m, source.Span{Start: m.X.Where().End, End: name.Span.End}, "write `[\""+name.Name+"\"]`", "[\""+name.Name+"\"]")
			}
		case name.Name == "length" || name.Name == "size" || name.Name == "count":
			b.lengthField(f, x)
		case is:
			f.help("call the built-in function as `%s(x)`", name.Name)
		}
		return b.bad(b.pos(x))
	}
	field := types.FieldOf(r, name.Name)
	if field == nil {
		b.unknownFieldOf(name, r)
		return b.bad(b.pos(x))
	}
	b.m.useField(name.Span, field)
	b.notSent(name.Span, of, field)
	if null && !safe {
		return &ir.Lit{At: b.at(x, types.Bad)}
	}
	ft := field.Type
	if null && safe {
		ft = types.Optional(ft)
		return b.known(&ir.FieldOf{At: b.at(x, ft), X: of, Field: field, Safe: true})
	}
	return b.known(&ir.FieldOf{At: b.at(x, ft), X: of, Field: field})
}

func (b *body) unknownFieldOf(name *ast.Ident, r *ir.Record) { b.c.unknownField(b.m, name, r) }

// fieldOfUnion reads the tag of a union, which all of its records have.
func (b *body) fieldOfUnion(x ast.Expr, of ir.Expr, u *ir.Union, name *ast.Ident) ir.Expr {
	if name.Name != u.Tag {
		b.errorf(name.Span, diag.CodeUnknownField, "not every `%s` has a field `%s`", u.Name, name.Name).
			help("find out which record it is: `match x { %s s => … }`", u.Variants[0].Record.Name)
		return b.bad(b.pos(x))
	}
	b.m.useField(name.Span, types.FieldOf(u.Variants[0].Record, u.Tag))
	out := &ir.MatchExpr{At: b.at(x, types.String), X: of}
	for _, v := range u.Variants {
		lit := &ir.Lit{At: b.at(x, types.String), Value: v.Value}
		out.Arms = append(out.Arms, ir.MatchExprArm{Values: []ir.Expr{lit}, X: lit})
	}
	return out
}

// ctx checks ctx.name.
func (b *body) ctx(x *ast.Member) ir.Expr {
	switch x.Name.Name {
	case "":
		return b.bad(b.pos(x))
	case "user":
		return b.ctxUser(x)
	case "ip":
		return &ir.CtxIP{At: b.at(x, types.String)}
	case "path":
		return &ir.CtxPath{At: b.at(x, types.String)}
	case "cursor":
		if b.cursor != nil {
			return b.known(&ir.CtxCursor{At: b.at(x, types.Optional(b.cursor))})
		}
	}
	if a, ok := b.added[x.Name.Name]; ok {
		return b.known(&ir.CtxAdded{At: b.at(x, a.field.Type), Guard: a.guard, Field: a.field})
	}
	if b.trusts { // a guard with a mistake may have added it
		return b.bad(b.pos(x))
	}
	if b.reportedBefore("ctx." + x.Name.Name) {
		return b.bad(b.pos(x))
	}
	names := []string{"user", "ip", "path"}
	for n := range b.added {
		names = append(names, n)
	}
	slices.Sort(names)
	f := b.errorf(x.Name.Span, diag.CodeUnknownField, "`ctx` has no field `%s` here", x.Name.Name).
		suggest(b.m, x.Name.Span, x.Name.Name, names).help("it has %s", diag.And(names))
	for _, m := range b.c.order {
		for _, g := range m.ir.Guards {
			if g.Adds != nil && types.FieldOf(g.Adds, x.Name.Name) != nil {
				f.help("guard `%s` adds it", g.Name)
			}
		}
	}
	return b.bad(b.pos(x))
}

func (b *body) ctxUser(x *ast.Member) ir.Expr {
	switch {
	case b.system || b.noUser:
		why := "a cron, an effect, an aggregate and a webhook run as the system: take the user from the data"
		switch {
		case b.test:
			why = "a test is not a call: connect as a user, `connect(user)`"
		case b.noUser:
			why = "`upgrade` itself finds the user"
		}
		b.errorf(x.Span, diag.CodeUnknownUser, "there is no caller here, so there is no `ctx.user`").help("%s", why)
		return b.bad(b.pos(x))
	case b.c.prog.User == nil:
		if b.c.upgradeDecl == nil && !b.c.userless && !b.c.incomplete() {
			b.c.userless = true
			b.errorf(x.Span, diag.CodeUnknownUser, "the app does not say who a user is").help("declare it: `upgrade -> User? = session()`")
		}
		return b.bad(b.pos(x))
	}
	return b.known(&ir.CtxUser{At: b.at(x, types.Optional(b.c.prog.User))})
}

// incomplete reports whether a module of the app is missing. It may declare what seems undeclared.
func (c *checker) incomplete() bool {
	for _, m := range c.order {
		for _, d := range m.File.Decls {
			u, ok := d.(*ast.Use)
			if !ok {
				continue
			}
			for _, n := range u.Names {
				if s := m.Module.Lookup(n.Name); s != nil && s.Decl == nil {
					return true
				}
			}
		}
	}
	return false
}

func (b *body) envRef(x *ast.Member) ir.Expr {
	v := b.c.env[x.Name.Name]
	if v == nil {
		if x.Name.Name != "" {
			for _, known := range b.c.prog.Env { // the author may mean one of them
				b.c.envRead[known] = true
			}
			b.errorf(x.Name.Span, diag.CodeUnknownName, "there is no setting `%s`", x.Name.Name).
				suggest(b.m, x.Name.Span, x.Name.Name, b.c.envNames()).
				help("declare it: `env { %s: string }`", x.Name.Name)
		}
		return b.bad(b.pos(x))
	}
	b.c.envRead[v] = true
	b.m.index.Use(x.Name.Span, setting(v))
	return b.known(&ir.EnvRef{At: b.at(x, v.Type), Env: v})
}

func (b *body) index(x *ast.Index) ir.Expr {
	of := b.part(x.X, nil)
	switch t := of.Type().(type) {
	case *ir.List:
		return &ir.Index{At: b.at(x, t.Elem), X: of, I: b.expr(x.I, types.Int)}
	case *ir.Map:
		return &ir.Index{At: b.at(x, types.Optional(t.Elem)), X: of, I: b.expr(x.I, types.String)}
	case *ir.Scalar:
		if t.Kind == ir.JSON {
			b.infer(x.I, nil)
			b.errorf(x.X.Where(), diag.CodeOperands, "the content of `json` has no known type").
				help("give it a type first: `(… as [T])[0]`, or `let x = … as { name: T }`")
			return b.bad(b.pos(x))
		}
	case *ir.Optional:
		b.infer(x.I, nil)
		b.mayBeNull(of, of.Where().Span)
		return b.bad(b.pos(x))
	}
	b.infer(x.I, nil)
	if !types.IsBad(of.Type()) {
		b.errorf(x.Span, diag.CodeOperands, "`%s` has no elements", ir.TypeString(of.Type())).help("only lists and maps have elements")
	}
	return b.bad(b.pos(x))
}
