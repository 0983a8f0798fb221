package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// statements writes a block.
func (b *body) statements(block *ir.Block) {
	if block == nil {
		return
	}
	for _, s := range block.Stmts {
		b.stmt(s)
	}
}

func (b *body) stmt(s ir.Stmt) {
	switch s := s.(type) {
	case *ir.Let:
		b.let(s)
	case *ir.If:
		b.line(s.Pos)
		b.add(b.ifStmt(s))
	case *ir.For:
		b.forStmt(s)
	case *ir.Return:
		b.line(s.Pos)
		b.returns(s.X)
	case *ir.Fail:
		b.line(s.Pos)
		b.add(b.fail(b.failure(s.Code, s.Message))...)
	case *ir.Require:
		b.require(s)
	case *ir.Log:
		b.log(s)
	case *ir.Do:
		b.line(s.Pos)
		b.do(s.X)
	case *ir.Match:
		b.match(s)
	case *ir.Publish:
		b.publish(s)
	case *ir.SendSignal:
		b.sendSignal(s)
	default:
		fail(ir.Pos{}, "no Go for the statement %T", s)
	}
}

// let writes a variable. An unused one is computed too, since that may fail.
func (b *body) let(s *ir.Let) {
	b.line(s.Pos)
	if b.uses.vars[s.Var] == 0 {
		b.do(s.Init)
		return
	}
	name := b.names.take(s.Var.Name)
	b.took = ""
	x := b.exprAs(s.Init, name)
	if b.took != name {
		if isNil(s.Init) {
			b.add(jen.Var().Id(name).Add(b.g.goType(s.Var.Type)))
		} else {
			b.add(jen.Id(name).Op(":=").Add(x.typed()))
		}
	}
	b.vars[s.Var] = simple(jen.Id(name))
}

// do writes an expression that is evaluated for its effect.
func (b *body) do(x ir.Expr) {
	if b.doWrite(x) {
		return
	}
	v := b.expr(x)
	if call := b.untry(v); call != nil {
		b.add(jen.If(jen.List(jen.Id("_"), jen.Id("err")).Op(":=").Add(call), jen.Id("err").Op("!=").Nil()).Block(b.fail(jen.Id("err"))...))
		return
	}
	if c, ok := x.(*ir.Builtin); isVoid(x.Type()) || ok && c.Name == "startSession" {
		return
	}
	b.add(jen.Id("_").Op("=").Add(v.typed())) // Go requires that every variable is used
}

func (b *body) ifStmt(s *ir.If) *jen.Statement {
	out := jen.If(b.expr(s.Cond).any()).Block(b.block(func() { b.statements(s.Then) })...)
	if s.Else == nil {
		return out
	}
	if len(s.Else.Stmts) == 1 {
		if inner, ok := s.Else.Stmts[0].(*ir.If); ok {
			var chained *jen.Statement
			if before := b.block(func() { chained = b.ifStmt(inner) }); len(before) == 0 {
				return out.Else().Add(chained)
			}
		}
	}
	return out.Else().Block(b.block(func() { b.statements(s.Else) })...)
}

func (b *body) forStmt(s *ir.For) {
	b.line(s.Pos)
	over := b.expr(s.Over)
	first, second := "_", "_"
	name := func(v *ir.Var) string {
		if v == nil || b.uses.vars[v] == 0 {
			return "_"
		}
		n := b.names.take(v.Name)
		b.vars[v] = simple(jen.Id(n))
		return n
	}
	source := over.any()
	if _, isMap := s.Over.Type().(*ir.Map); isMap {
		// The order of a map is that of its keys, so that a repeated call does the same.
		over = b.keep(over, "entries")
		first, second = "_", name(s.Var)
		source = value("Keys").Call(over.any())
		if v := name(s.Value); v != "_" {
			if second == "_" {
				second = b.names.take("key")
			}
			inner := b.block(func() {
				b.step()
				b.add(jen.Id(v).Op(":=").Add(over.at(primaryPrec)).Index(jen.Id(second)))
				b.statements(s.Body)
			})
			b.add(jen.For(jen.List(jen.Id("_"), jen.Id(second)).Op(":=").Range().Add(source)).Block(inner...))
			return
		}
	} else {
		second = name(s.Var)
	}
	inner := b.block(func() { b.step(); b.statements(s.Body) })
	if second == "_" {
		b.add(jen.For(jen.Range().Add(source)).Block(inner...))
		return
	}
	b.add(jen.For(jen.List(jen.Id(first), jen.Id(second)).Op(":=").Range().Add(source)).Block(inner...))
}

// step writes the look at the deadline of a turn of a loop, so that no loop runs past it.
func (b *body) step() { b.check(jen.Id("c").Dot("Step").Call()) }

// returns writes a return with the result.
func (b *body) returns(x ir.Expr) {
	switch {
	case b.result == nil && x == nil && b.noError:
		b.add(jen.Return())
	case b.result == nil:
		if x != nil {
			b.do(x)
		}
		b.add(jen.Return(jen.Nil()))
	case isVoid(b.result) && x == nil:
		b.add(jen.Return(b.g.zero(b.result), jen.Nil()))
	case b.noError:
		b.add(jen.Return(b.expr(x).any()))
	default:
		v := b.expr(x)
		if call := b.untry(v); call != nil {
			b.add(jen.Return(call))
			return
		}
		b.add(jen.Return(v.any(), jen.Nil()))
	}
}

// failure returns the error of fail and require.
func (b *body) failure(code string, message ir.Expr) jen.Code {
	text := jen.Lit("")
	if message != nil {
		text = b.expr(message).any()
	}
	return live("Fail").Call(errorCode(code), text)
}

// errorCodes maps error codes to constants of the runtime.
var errorCodes = map[string]string{
	"VALIDATION": "CodeValidation", "UNAUTHORIZED": "CodeUnauthorized", "FORBIDDEN": "CodeForbidden", "NOT_FOUND": "CodeNotFound",
	"CONFLICT":     "CodeConflict",
	"RATE_LIMITED": "CodeRateLimited", "TIMEOUT": "CodeTimeout", "UNAVAILABLE": "CodeUnavailable", "OVERLOADED": "CodeOverloaded",
	"RESULT_TOO_LARGE": "CodeResultSize", "INTERNAL": "CodeInternal",
}

func errorCode(code string) *jen.Statement {
	if name, ok := errorCodes[code]; ok {
		return live(name)
	}
	return jen.Lit(code)
}

func (b *body) require(s *ir.Require) {
	b.line(s.Pos)
	cond := b.not(s.Cond)
	b.add(jen.If(cond).Block(b.block(func() { b.add(b.fail(b.failure(s.Code, s.Message))...) })...))
}

var logLevels = map[string]string{"debug": "Debug", "info": "Info", "warn": "Warn", "error": "Error"}

func (b *body) log(s *ir.Log) {
	b.line(s.Pos)
	args := []jen.Code{b.expr(s.Message).any()}
	for _, f := range s.Fields {
		if ir.IsSecret(f.X) { // left out even if the analyses allowed it
			b.do(f.X)
			continue
		}
		name := f.Name
		if f.Field != nil {
			name = f.Field.Name
		}
		args = append(args, jen.Lit(name), b.logged(f.X))
	}
	b.add(jen.Id("c").Dot("Log").Call().Dot(logLevels[s.Level]).Call(args...))
}

// logged returns a value for the log: scalars as they are, everything else as JSON for clients, which contains no secrets.
func (b *body) logged(x ir.Expr) jen.Code {
	v := b.expr(x)
	switch t := x.Type().(type) {
	case *ir.Scalar:
		if t.Kind != ir.JSON && t.Kind != ir.Bytes {
			return v.typed()
		}
	case *ir.Enum:
		return v.any()
	case *ir.Null:
		return jen.Nil()
	}
	return value("Text").Call(v.typed(), b.g.encodeFunc(x.Type(), false))
}

// ends reports whether a block always leaves the function, as defined in the Go specification ("Terminating statements").
func ends(block *ir.Block) bool {
	if block == nil || len(block.Stmts) == 0 {
		return false
	}
	switch s := block.Stmts[len(block.Stmts)-1].(type) {
	case *ir.Return, *ir.Fail:
		return true
	case *ir.If:
		return s.Else != nil && ends(s.Then) && ends(s.Else)
	case *ir.Match:
		for _, a := range s.Arms {
			if !ends(a.Body) {
				return false
			}
		}
		return len(s.Arms) > 0
	}
	return false
}

// whole writes a block as the rest of a function. It adds a return if the block can reach its end.
func (b *body) whole(block *ir.Block) {
	b.statements(block)
	if !ends(block) && b.result == nil && !b.noError {
		b.add(jen.Return(jen.Nil()))
	}
}
