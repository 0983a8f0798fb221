package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// body writes the statements of one Go function. An expression of the language becomes a Go expression and, where it can fail or
// has parts that Go has no expression for, statements before it.
type body struct {
	g     *gen
	names *locals
	vars  map[*ir.Var]val
	added map[*ir.Guard]string // the local variables with what guards returned
	uses  *uses

	hiddenAdded map[*ir.Field]*jen.Statement // where what guards added stands, in the computation of a derived stream, which runs none

	system bool // runs without a caller: row policies do not apply

	result  ir.Type // of the function, besides its error; nil if there is none
	noError bool    // the function returns no error
	escape  func(err jen.Code) []jen.Code

	stmts  []jen.Code
	user   string // the local variable with ctx.user; "" while it is not used
	last   tried
	mapped bool   // whether there are line directives
	took   string // the name that the last expression was asked to have, if it took it
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

// line appends the place of the statements that follow.
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
	b.stmts, b.took = outer, took // a name taken inside is not that of what stands around
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

// fail is what leaves the function with an error.
func (b *body) fail(err jen.Code) []jen.Code {
	if b.escape != nil {
		return b.escape(err)
	}
	if b.result == nil {
		return []jen.Code{jen.Return(err)}
	}
	return []jen.Code{jen.Return(b.g.zero(b.result), err)}
}

// check runs a call that gives an error alone.
func (b *body) check(call *jen.Statement) {
	b.add(jen.If(jen.Id("err").Op(":=").Add(call), jen.Id("err").Op("!=").Nil()).Block(b.fail(jen.Id("err"))...))
}

// try runs a call that gives a value and an error, and gives the variable with the value.
func (b *body) try(name string, call *jen.Statement) val {
	b.add(jen.List(jen.Id(name), jen.Id("err")).Op(":=").Add(call))
	b.add(jen.If(jen.Id("err").Op("!=").Nil()).Block(b.fail(jen.Id("err"))...))
	b.last = tried{call, len(b.stmts)}
	v := simple(jen.Id(name))
	v.tried = true
	return v
}

// tried is a call whose value and error were taken apart by the two statements before a place.
type tried struct {
	call *jen.Statement
	at   int
}

// untry takes back what try has just written for v, and gives the call; nil if something else stands behind it.
func (b *body) untry(v val) *jen.Statement {
	if !v.tried || b.last.at != len(b.stmts) || b.escape != nil {
		return nil
	}
	b.stmts = b.stmts[:len(b.stmts)-2]
	return b.last.call
}

// name is the name of a new variable: the one that is asked for, or a free one like fallback.
func (b *body) name(want, fallback string) string {
	if want != "" {
		b.took = want
		return want
	}
	return b.names.take(fallback)
}

// keep gives x a name, so that the code can use it several times.
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
	prec     int  // of its outermost operator, as in the Go specification; primary for none
	deref    bool // stands for *code
	untyped  bool // an untyped integer constant
	plain    bool // a variable or a member of one: may be repeated
	tried    bool // the variable of a call that could have failed
	opposite *val // of a test: what is true where it is false, if that can be written without a `!` around it
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

// at is the expression as an operand of an operator with this precedence.
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

// any is the expression where nothing binds it.
func (v val) any() *jen.Statement { return v.at(0) }

// typed is the expression where its type is not known from elsewhere.
func (v val) typed() *jen.Statement {
	if v.untyped {
		return jen.Int64().Parens(v.code)
	}
	return v.any()
}

// dot is a member of the expression.
func (v val) dot(name string) *jen.Statement {
	if v.deref { // Go follows the pointer by itself
		return jen.Add(v.code).Dot(name)
	}
	return v.at(primaryPrec).Dot(name)
}

// uses is how often each variable is read, and what guards added.
type uses struct {
	g     *gen
	vars  map[*ir.Var]int
	added map[*ir.Guard]bool
	user  bool
}

func (g *gen) newUses() *uses {
	return &uses{g: g, vars: map[*ir.Var]int{}, added: map[*ir.Guard]bool{}}
}

// expr counts what an expression reads, inside queries too.
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

// eachNode visits all that Go is written for: of a query the values of its parameters, since the rest of it is SQL.
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

// access counts what the clauses of an entry point read.
func (u *uses) access(a *ir.Access) {
	for _, use := range a.Guards {
		for _, x := range use.Args {
			u.expr(x)
		}
	}
	u.expr(a.Allow)
	u.expr(a.Gate)
}
