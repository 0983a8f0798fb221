package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// body writes the statements of one Go function. An expression of the language becomes a Go expression. If it can fail,
// or has parts that are not Go expressions, it also becomes statements before that.
type body struct {
	g     *gen
	names *locals
	vars  map[*ir.Var]val
	added map[*ir.Guard]string // the local variables that hold what guards returned
	uses  *uses

	hiddenAdded map[*ir.Field]*jen.Statement // what guards added to ctx, in the computation of a derived stream, which runs none

	system bool // runs without a caller: row policies do not apply

	result  ir.Type // of the function, besides its error; nil if there is none
	noError bool    // the function does not return an error
	escape  func(err jen.Code) []jen.Code

	stmts  []jen.Code
	user   string // the local variable with ctx.user; "" until it is used
	last   tried
	mapped bool   // there are line directives
	took   string // the requested variable name, if the last expression used it
}

func (g *gen) newBody(result ir.Type) *body {
	if isVoid(result) {
		result = nil
	}
	return &body{
		g: g, names: newLocals(g.names), vars: map[*ir.Var]val{}, added: map[*ir.Guard]string{}, uses: g.newUses(),
		hiddenAdded: map[*ir.Field]*jen.Statement{}, result: result,
	}
}

// add appends a statement.
func (b *body) add(code ...jen.Code) { b.stmts = append(b.stmts, code...) }

// line appends the source position of the statements that follow.
func (b *body) line(pos ir.Pos) {
	if l := lineOf(pos); l != "" {
		b.mapped = true
		b.add(jen.Comment(l))
	}
}

// block returns the statements that fn writes.
func (b *body) block(fn func()) []jen.Code {
	outer, took := b.stmts, b.took
	b.stmts = nil
	fn()
	inner := b.stmts
	b.stmts, b.took = outer, took // a name that was used inside is not the name of the outer expression
	return inner
}

// finish returns all statements of the function.
func (b *body) finish() []jen.Code {
	if b.user == "" {
		return b.stmts
	}
	b.g.needs["currentUser"] = true
	return append([]jen.Code{jen.Id(b.user).Op(":=").Id("currentUser").Call(jen.Id("c"))}, b.stmts...)
}

// fail returns the statements that leave the function with an error.
func (b *body) fail(err jen.Code) []jen.Code {
	if b.escape != nil {
		return b.escape(err)
	}
	if b.result == nil {
		return []jen.Code{jen.Return(err)}
	}
	return []jen.Code{jen.Return(b.g.zero(b.result), err)}
}

// check writes a call that returns only an error.
func (b *body) check(call *jen.Statement) {
	b.add(jen.If(jen.Id("err").Op(":=").Add(call), jen.Id("err").Op("!=").Nil()).Block(b.fail(jen.Id("err"))...))
}

// try writes a call that returns a value and an error, and returns the variable with the value.
func (b *body) try(name string, call *jen.Statement) val {
	b.add(jen.List(jen.Id(name), jen.Id("err")).Op(":=").Add(call))
	b.add(jen.If(jen.Id("err").Op("!=").Nil()).Block(b.fail(jen.Id("err"))...))
	b.last = tried{call, len(b.stmts)}
	v := simple(jen.Id(name))
	v.tried = true
	return v
}

// tried is a call that try has written. at is the length of stmts after that.
type tried struct {
	call *jen.Statement
	at   int
}

// untry removes the statements that try has just written for v, and returns the call. It returns nil if other statements follow them.
func (b *body) untry(v val) *jen.Statement {
	if !v.tried || b.last.at != len(b.stmts) || b.escape != nil {
		return nil
	}
	b.stmts = b.stmts[:len(b.stmts)-2]
	return b.last.call
}

// name returns the name of a new variable: want if it is set, or else a free name similar to fallback.
func (b *body) name(want, fallback string) string {
	if want != "" {
		b.took = want
		return want
	}
	return b.names.take(fallback)
}

// keep stores x in a variable, so that the code can use it several times.
func (b *body) keep(x val, name string) val {
	if x.plain {
		return x
	}
	name = b.names.take(name)
	b.add(jen.Id(name).Op(":=").Add(x.typed()))
	return simple(jen.Id(name))
}

// val is a Go expression.
type val struct {
	code     *jen.Statement
	prec     int  // of the outermost operator, as in the Go specification; primaryPrec if there is none
	deref    bool // the value is *code
	untyped  bool // an untyped integer constant
	plain    bool // a variable or a field of one, which may be repeated
	tried    bool // the variable with the result of a call that can fail
	opposite *val // of a condition: its negation, if that can be written without `!` in front
}

// Precedences of operators.
const (
	orPrec = iota + 1
	andPrec
	comparePrec
	addPrec
	mulPrec
	unaryPrec
	primaryPrec
)

func simple(code *jen.Statement) val { return val{code: code, prec: primaryPrec, plain: true} }
func call(code *jen.Statement) val   { return val{code: code, prec: primaryPrec} }

// at returns the expression as an operand of an operator with this precedence.
func (v val) at(prec int) *jen.Statement {
	if v.deref {
		if prec > unaryPrec {
			return jen.Parens(jen.Op("*").Add(v.code))
		}
		return jen.Op("*").Add(v.code)
	}
	if v.prec < prec {
		return jen.Parens(v.code)
	}
	return jen.Add(v.code)
}

// any returns the expression without parentheses around it.
func (v val) any() *jen.Statement { return v.at(0) }

// typed returns the expression with an explicit type, for places that do not determine it.
func (v val) typed() *jen.Statement {
	if v.untyped {
		return jen.Int64().Parens(v.code)
	}
	return v.any()
}

// dot returns a field or method of the expression.
func (v val) dot(name string) *jen.Statement {
	if v.deref { // Go dereferences the pointer
		return jen.Add(v.code).Dot(name)
	}
	return v.at(primaryPrec).Dot(name)
}

// uses counts how often each variable is read, and records which values added by guards are read.
type uses struct {
	g     *gen
	vars  map[*ir.Var]int
	added map[*ir.Guard]bool
	user  bool
}

func (g *gen) newUses() *uses {
	return &uses{g: g, vars: map[*ir.Var]int{}, added: map[*ir.Guard]bool{}}
}

// expr counts what an expression reads, including queries inside of it.
func (u *uses) expr(x ir.Expr) {
	if x != nil {
		u.node(x)
	}
}

func (u *uses) node(n ir.Node) {
	u.g.eachNode(n, func(n ir.Node) {
		switch x := n.(type) {
		case *ir.Local:
			u.vars[x.Var]++
		case *ir.CtxUser:
			u.user = true
		case *ir.CtxAdded:
			u.added[x.Guard] = true
		}
	})
}

func (u *uses) query(q *ir.Query) { u.node(q) }

func (u *uses) inits(fields []ir.FieldInit) {
	for _, f := range fields {
		u.expr(f.X)
	}
}

// block counts what statements read.
func (u *uses) block(b *ir.Block) { u.node(b) }

// eachNode visits all nodes that become Go code. In a query these are the arguments; the rest of it becomes a plan.
func (g *gen) eachNode(n ir.Node, visit func(ir.Node)) {
	ir.Walk(n, func(n ir.Node) bool {
		q, ok := n.(*ir.Query)
		if !ok {
			visit(n)
			return true
		}
		made := g.plans.Query(q)
		if made == nil {
			return false // a part of another plan
		}
		for _, a := range made.Args {
			g.eachNode(a, visit)
		}
		return false
	})
}

// access counts what the access clauses of an entry point read.
func (u *uses) access(a *ir.Access) {
	for _, use := range a.Guards {
		for _, x := range use.Args {
			u.expr(x)
		}
	}
	u.expr(a.Allow)
	u.expr(a.Gate)
}
