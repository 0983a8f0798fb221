package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation/function"
)

// wholeTable warns of a live stream with all rows of a table: every subscriber loads them, and holds more with every
// insert. Any filter, and a `read if`, is taken to narrow the rows enough, since only the author knows how many pass.
// Groups and aggregates give few rows for many, so they are not reported.
func (b *body) wholeTable(q *ir.Query, at ast.Node) {
	if _, list := q.Result.(*ir.List); !list || q.Pipeline.Table.ReadIf != nil {
		return
	}
	for _, s := range q.Pipeline.Stages {
		switch s.(type) {
		case *ir.SortStage, *ir.MapStage, *ir.JoinStage:
		default:
			return
		}
	}
	b.c.warnf(b.m, at.Where(), diag.CodeWholeTable, "each subscriber gets every row of `%s`, however many there are",
		q.Pipeline.Table.Row.Name).
		help("add `| limit n` for the first rows, `| page n` for pages, or a `filter`")
}

// couldBeLive warns of a derived stream whose body is one pipeline over a table. A live stream sends the rows that have
// changed; a derived one computes and compares the whole value. It reports only what surely means the same as a live
// stream: `on` and `debounce` ask for another time, and what is not stable, or is read in other ways, is computed again
// for each value of a derived stream, but only once by a live one.
func (b *body) couldBeLive(s *ir.Stream, d *ast.Stream) {
	if s.Debounce != 0 || len(s.Sources) > 0 || d.Body == nil || len(d.Body.Stmts) != 1 || len(s.Body.Stmts) != 1 {
		return
	}
	ret, isReturn := s.Body.Stmts[0].(*ir.Return)
	written, isWritten := d.Body.Stmts[0].(*ast.Return)
	if !isReturn || !isWritten {
		return
	}
	q, ok := ret.X.(*ir.QueryExpr)
	if !ok || types.IsBad(s.Value) || !stable(q) {
		return
	}
	text := b.m.src.Text
	f := b.c.warnf(b.m, d.Name.Span, diag.CodeCouldBeLive, "`%s` is computed again for each change, but its pipeline could be live",
		s.Name).
		help("write `= pipeline` instead of a body: a live stream sends only the rows that change")
	if d.Result == nil { // a live stream takes its type from its pipeline
		x := written.X.Where()
		f.fix(b.m, d.Body.Span, "make the stream live", "= "+text[x.Start:x.End])
	}
}

// stable reports whether the expressions of a pipeline depend on nothing but its rows, its parameters and the caller.
func stable(q *ir.QueryExpr) bool {
	ok := true
	ir.WalkExprs(q, func(x ir.Expr) bool {
		switch x := x.(type) {
		case *ir.CallFn, *ir.CallExtern:
			ok = false
		case *ir.QueryExpr:
			ok = ok && x == q
		case *ir.Builtin:
			ok = ok && function.Of(x.Name).Pure
		}
		return ok
	})
	return ok
}
