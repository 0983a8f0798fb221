package format

import (
	"fmt"

	"github.com/livec-lang/livec/lang/ast"
)

func (p *printer) expr(x ast.Expr) doc {
	switch x := x.(type) {
	case *ast.IntLit:
		return text(x.Text)
	case *ast.FloatLit:
		return text(x.Text)
	case *ast.DurationLit:
		return text(x.Text)
	case *ast.SizeLit:
		return text(x.Text)
	case *ast.BoolLit:
		if x.Value {
			return text("true")
		}
		return text("false")
	case *ast.NullLit:
		return text("null")
	case *ast.Name:
		return text(x.Name)
	case *ast.RowField:
		return text(".", x.Name.Name)
	case *ast.Member:
		return p.member(x)
	case *ast.Index:
		return concat(p.expr(x.X), text("["), p.expr(x.I), text("]"))
	case *ast.Call:
		return concat(p.expr(x.Fn), p.args(x.Args, x.Span.End-1))
	case *ast.Unary:
		return p.unary(x)
	case *ast.Binary:
		return group(nest(p.binary(x)...))
	case *ast.As:
		return concat(p.expr(x.X), text(" as "), p.simpleType(x.Type))
	case *ast.Is:
		return concat(p.expr(x.X), text(" is "), p.simpleType(x.Type))
	case *ast.IfExpr:
		return p.ifExpr(x)
	case *ast.MatchExpr:
		return p.matchExpr(x)
	case *ast.RecordLit:
		return p.record(x)
	case *ast.ListLit:
		return p.commas("[", elementsOf(x.Elems, p.expr), "]", x.Span.End-1, p.brokeAfter(x.Span.Start+1))
	case *ast.Paren:
		return group(text("("), nest(softline, p.expr(x.X)), softline, text(")"))
	case *ast.Pipeline:
		return p.pipeline(x, true)
	case *ast.Insert:
		return concat(text("insert ", x.Table.Name, " "), p.record(x.Record))
	case *ast.Upsert:
		return concat(text("upsert ", x.Table.Name, " "), p.record(x.Record))
	case *ast.Update:
		return p.update(x)
	case *ast.Delete:
		d := concat(text("delete "), p.expr(x.Target))
		if x.Cond != nil {
			d = concat(d, text(" where "), p.expr(x.Cond))
		}
		return d
	case *ast.StringLit, *ast.BadExpr: // strings including their interpolations
		return p.verbatim(x.Where())
	}
	panic(fmt.Sprintf("an expression of kind %T has no layout", x))
}

func (p *printer) args(args []ast.Expr, end int32) doc {
	return p.commas("(", elementsOf(args, p.expr), ")", end, false)
}

func (p *printer) member(x *ast.Member) doc {
	dot := "."
	if x.Safe {
		dot = "?."
	}
	return concat(p.expr(x.X), text(dot, x.Name.Name))
}

// unary keeps `- -x` from becoming `--x`.
func (p *printer) unary(x *ast.Unary) doc {
	if inner, ok := x.X.(*ast.Unary); ok && inner.Op == "-" && x.Op == "-" {
		return concat(text("- "), p.expr(x.X))
	}
	return concat(text(x.Op), p.expr(x.X))
}

// binary breaks after operators. In a chain of operators with the same precedence it breaks after all of them or none.
func (p *printer) binary(x *ast.Binary) []doc {
	var left []doc
	if l, ok := x.L.(*ast.Binary); ok && precedence(l.Op) == precedence(x.Op) {
		left = p.binary(l)
	} else {
		left = []doc{p.expr(x.L)}
	}
	return append(left, text(" ", x.Op), line, p.expr(x.R))
}

func precedence(op string) int {
	switch op {
	case "??":
		return 1
	case "||":
		return 2
	case "&&":
		return 3
	case "==", "!=":
		return 4
	case "+", "-":
		return 6
	case "*", "/", "%":
		return 7
	}
	return 5
}

func (p *printer) ifExpr(x *ast.IfExpr) doc {
	return group(text("if "), p.expr(x.Cond), nest(line, text("then "), p.expr(x.Then), line, text("else "), p.expr(x.Else)))
}

func (p *printer) record(x *ast.RecordLit) doc {
	open := x.Span.Start
	name := nothing
	if x.Type != nil {
		name = text(x.Type.Name, " ")
		for open < x.Span.End && p.src[open] != '{' {
			open++
		}
	}
	d := p.bracketed("{", elementsOf(x.Members, p.recordMember), "}", x.Span.End-1, p.brokeAfter(open+1), line,
		func(last bool) (behind, sep doc) {
			if last {
				return nothing, nothing
			}
			return text(","), line
		})
	return concat(name, d)
}

func (p *printer) recordMember(m *ast.RecordMember) doc {
	switch {
	case m.Spread:
		return concat(text("..."), p.expr(m.Value))
	case m.Row:
		return text(".", m.Name.Name)
	case m.Key != nil:
		return concat(p.verbatim(m.Key.Span), text(": "), p.expr(m.Value))
	case m.Value == nil:
		return text(m.Name.Name)
	}
	return concat(text(m.Name.Name, ": "), p.expr(m.Value))
}

func (p *printer) update(x *ast.Update) doc {
	d := concat(text("update "), p.expr(x.Target))
	if x.Cond != nil {
		d = concat(d, text(" where "), p.expr(x.Cond))
	}
	if x.Set != nil {
		return concat(d, text(" "), p.record(x.Set))
	}
	return concat(d, text(" "), p.expr(x.Patch))
}
