package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/relation/function"
)

// block checks `{ statements }` in a scope of its own. What the block proves also holds after it.
func (b *body) block(x *ast.Block) *ir.Block {
	out := &ir.Block{}
	if x == nil {
		return out
	}
	b.push()
	defer b.pop()
	reported := false
	for i, s := range x.Stmts {
		if i == len(x.Stmts)-1 {
			b.last = s
		}
		if s, broken := s.(*ast.BadStmt); broken { // the rest of it may extend to the next statement
			upTo := x.Span.End
			if i+1 < len(x.Stmts) {
				upTo = x.Stmts[i+1].Where().Start
			}
			b.unread = append(b.unread, source.Span{Start: s.Span.Start, End: max(upTo, s.Span.End)})
		}
		rest := b.stray || b.lost && i > 0 && b.oneLine(x.Stmts[i-1], s) // this is the rest of a misread statement
		b.stray, b.lost = false, false
		if _, ok := s.(*ast.ExprStmt); ok && rest {
			b.unread = append(b.unread, s.Where())
			b.broken, b.lost = true, true
			continue
		}
		if !b.alive && !reported {
			if _, broken := s.(*ast.BadStmt); !broken && !b.broken {
				b.errorf(s.Where(), diag.CodeUnreachable, "this is never reached").
					help("the statement before it always ends the body; remove one of the two")
				reported = true
			}
		}
		if st := b.stmt(s); st != nil {
			out.Stmts = append(out.Stmts, st)
		}
	}
	return out
}

// oneLine reports whether two statements are on the same line.
func (b *body) oneLine(first, second ast.Stmt) bool {
	return !strings.Contains(b.m.src.Text[first.Where().Start:second.Where().Start], "\n")
}

func (b *body) stmt(s ast.Stmt) ir.Stmt {
	switch s := s.(type) {
	case *ast.BadStmt:
		b.broken = true
		return nil
	case *ast.Let:
		return b.let(s)
	case *ast.If:
		return b.ifStmt(s)
	case *ast.For:
		return b.forStmt(s)
	case *ast.Return:
		return b.returnStmt(s)
	case *ast.Fail:
		b.errorCode(&s.Code)
		st := &ir.Fail{Pos: b.pos(s), Code: s.Code.Name, Message: b.message(s.Message)}
		b.alive = false
		return st
	case *ast.Require:
		b.errorCode(&s.Code)
		st := &ir.Require{Pos: b.pos(s), Cond: b.expr(s.Cond, types.Bool), Code: s.Code.Name, Message: b.message(s.Message)}
		b.facts = b.facts.With(flow.Proves(st.Cond, true))
		return st
	case *ast.Log:
		return b.log(s)
	case *ast.ExprStmt:
		return b.exprStmt(s)
	case *ast.Publish:
		return b.publish(s)
	case *ast.SendSignal:
		return b.sendSignal(s)
	case *ast.MatchStmt:
		return b.matchStmt(s)
	case *ast.Block:
		in := b.block(s)
		return &ir.If{Pos: b.pos(s), Cond: &ir.Lit{At: b.at(s, types.Bool), Value: true}, Then: in}
	case *ast.Expect:
		b.expect(s)
		return nil
	}
	panic(fmt.Sprintf("a statement of kind %T is not checked", s))
}

func (b *body) message(x ast.Expr) ir.Expr {
	if x == nil {
		return nil
	}
	out := b.text(x)
	return out
}

var errorCode = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)

// reserved are the error codes that only the system uses.
var reserved = []string{"INTERNAL", "MALFORMED", "OVERLOADED", "USE_HTTP", "DISCONNECTED", "QUEUE_FULL", "STALE"}

func (b *body) errorCode(code *ast.Ident) {
	switch {
	case code.Name == "":
	case !errorCode.MatchString(code.Name):
		b.errorf(code.Span, diag.CodeErrorCode, "an error code must be in SCREAMING_CASE").help("write it as in `NOT_FOUND`")
	case slices.Contains(reserved, code.Name):
		b.errorf(code.Span, diag.CodeErrorCode, "`%s` is reserved: only the system fails with it", code.Name).help("choose another code")
	default:
		b.c.codes[code.Name] = true
		b.m.useOwn(code.Span, index.ErrorCode, code.Name, nil)
	}
}

func (b *body) let(s *ast.Let) ir.Stmt {
	var want ir.Type
	if s.Type != nil {
		want = b.c.typ(b.m, s.Type, naming{b.shapeBase() + "_" + s.Name.Name})
	}
	before := b.resultOf
	b.resultOf = "_" + s.Name.Name
	if s.Init == nil {
		b.misspelt = true
	}
	b.parts = want == nil // uses of the variable are checked like uses of its value
	x := b.expr(s.Init, want)
	b.resultOf = before
	t := x.Type()
	switch t.(type) {
	case *ir.Null:
		if want != nil { // the type is unknown
			t = types.Bad
			break
		}
		b.errorf(s.Init.Where(), diag.CodeNoType, "the type of `null` cannot be inferred").help("name the type: `let %s: T? = null`", s.Name.Name)
		t = types.Bad
	case *ir.Void:
		b.errorf(s.Init.Where(), diag.CodeTypeMismatch, "this has no value to name").help("remove the `let`")
		t = types.Bad
	}
	if want != nil {
		t = want
	}
	v := b.declareVar(&s.Name, t, true)
	if l := b.scope.names[s.Name.Name]; l != nil && types.IsBad(x.Type()) { // so that the mistake is reported once
		l.used = true
	}
	if b.sent(x) {
		b.inputs[v] = true
	}
	if b.own(x) {
		if b.owned == nil {
			b.owned = map[*ir.Var]bool{}
		}
		b.owned[v] = true
	}
	if p, ok := ir.PathOf(x); ok && types.Nullable(t) && b.facts[p] {
		b.facts = b.facts.With(flow.NotNull(&ir.Local{At: ir.At{T: t}, Var: v}))
	}
	if flow.Wrapped(x) {
		b.facts = b.facts.With(flow.NotNull(&ir.Local{At: ir.At{T: t}, Var: v}))
	}
	return &ir.Let{Pos: b.pos(s), Var: v, Init: x}
}

func (b *body) ifStmt(s *ast.If) ir.Stmt {
	st := &ir.If{Pos: b.pos(s), Cond: b.expr(s.Cond, types.Bool)}
	before, alive, out := b.facts, b.alive, b.trail
	b.facts = before.With(flow.Proves(st.Cond, true))
	st.Then = b.block(s.Then)
	then := b.pathState()
	b.facts, b.alive, b.trail = before.With(flow.Proves(st.Cond, false)), alive, out
	switch e := s.Else.(type) {
	case *ast.Block:
		st.Else = b.block(e)
	case *ast.If:
		st.Else = &ir.Block{Stmts: []ir.Stmt{b.ifStmt(e)}}
	}
	b.join(then, b.pathState())
	return st
}

// pathState is what the checker knows at one place of a body.
type pathState struct {
	facts flow.Facts
	alive bool
	trail trail
}

func (b *body) pathState() pathState { return pathState{b.facts, b.alive, b.trail} }

// join combines the states of two paths that meet.
func (b *body) join(f, g pathState) {
	switch {
	case f.alive && g.alive:
		b.facts, b.trail = flow.Meet(f.facts, g.facts), f.trail.or(g.trail)
	case f.alive:
		b.facts, b.trail = f.facts, f.trail
	default:
		b.facts, b.trail = g.facts, g.trail
	}
	b.alive = f.alive || g.alive
}

func (b *body) forStmt(s *ast.For) ir.Stmt {
	over := b.part(s.Over, nil)
	st := &ir.For{Pos: b.pos(s), Over: over}
	b.push()
	defer b.pop()
	switch t := over.Type().(type) {
	case *ir.List:
		if s.Value != nil {
			b.errorf(s.Value.Span, diag.CodeTypeMismatch, "a list has elements, not keys and values").help("write `for %s in …`", s.Name.Name)
		}
		st.Var = b.declareVar(&s.Name, t.Elem, false)
		if b.sent(over) {
			b.inputs[st.Var] = true
		}
	case *ir.Map:
		st.Var = b.declareVar(&s.Name, types.String, false)
		if s.Value == nil {
			b.errorf(s.Name.Span, diag.CodeTypeMismatch, "a map has keys and values").help("write `for key, value in …`")
		} else {
			st.Value = b.declareVar(s.Value, t.Elem, false)
			if b.sent(over) {
				b.inputs[st.Value] = true
			}
		}
	default:
		if !types.IsBad(over.Type()) {
			if types.Nullable(over.Type()) {
				b.mayBeNull(over, s.Over.Where())
			} else {
				b.errorf(s.Over.Where(), diag.CodeTypeMismatch, "`%s` has no elements to loop over", ir.TypeString(over.Type())).
					help("`for` takes a list, a map or a pipeline")
			}
		}
		st.Var = b.declareVar(&s.Name, types.Bad, false)
		if s.Value != nil {
			st.Value = b.declareVar(s.Value, types.Bad, false)
		}
	}
	before := b.pathState()
	b.trail = trail{}
	st.Body = b.block(s.Body)
	if in := b.trail; b.alive && in.called != nil && in.wrote != nil { // the next iteration writes after the call
		b.externOrder(*in.called, *in.wrote, "written in the rounds of the loop before and after it")
		b.trail.called = nil
	}
	b.join(before, pathState{before.facts, b.alive, before.trail.then(b.trail)})
	b.facts, b.alive = before.facts, before.alive
	return st
}

func (b *body) returnStmt(s *ast.Return) ir.Stmt {
	st := &ir.Return{Pos: b.pos(s)}
	_, void := b.result.(*ir.Void)
	switch {
	case s.X == nil && b.result != nil && !void && !types.IsBad(b.result):
		b.errorf(s.Span, diag.CodeTypeMismatch, "the result, %s, must be returned here", diag.Article("`"+ir.TypeString(b.result)+"`")).
			help("write `return value`")
	case s.X != nil && void:
		x := b.infer(s.X, nil)
		_, nothing := x.Type().(*ir.Void)
		switch {
		case types.IsBad(x.Type()):
		case nothing:
			b.errorf(s.X.Where(), diag.CodeReturnValue, "this has no value to return").help("write it before the `return`")
		case b.guard:
			b.errorf(s.X.Where(), diag.CodeReturnValue, "a guard without a result type cannot return a value").
				help("write `require … else CODE`, or use a function that returns a bool in `access`")
		default:
			b.errorf(s.X.Where(), diag.CodeReturnValue, "%s without a result type cannot return a value", diag.Article(b.kind)).
				help("add the result type, `-> %s`, or remove the value", ir.TypeString(plainResult(x.Type())))
		}
	case s.X != nil && b.result == nil: // the first return determines the type
		x := b.infer(s.X, nil)
		b.result = types.Widen(x.Type())
		st.X = b.fit(x, b.result, "")
	case s.X != nil:
		st.X = b.member(s.X, b.result, "")
	}
	if st.X != nil {
		b.returned = append(b.returned, st.X)
	}
	if b.guard && b.alive {
		if b.exited {
			b.exits = flow.Meet(b.exits, b.facts)
		} else {
			b.exits, b.exited = b.facts.With(flow.Facts{ir.Path{}: true}), true
		}
	}
	b.alive = false
	return st
}

func plainResult(t ir.Type) ir.Type {
	if _, null := t.(*ir.Null); null {
		return types.Optional(types.JSON)
	}
	return t
}

var levels = []string{"debug", "info", "warn", "error"}

func (b *body) log(s *ast.Log) ir.Stmt {
	if !slices.Contains(levels, s.Level.Name) && s.Level.Name != "" {
		b.errorf(s.Level.Span, diag.CodeLogLevel, "there is no log level `%s`", s.Level.Name).
			suggest(b.m, s.Level.Span, s.Level.Name, levels).help("the levels are %s", diag.Or(levels))
	}
	st := &ir.Log{Pos: b.pos(s), Level: s.Level.Name, Message: b.text(s.Message)}
	if s.Fields == nil {
		return st
	}
	members, _ := b.members(s.Fields)
	for _, g := range members {
		x := b.value(g, nil, g.name)
		if types.IsBad(x.Type()) {
			continue
		}
		b.c.declareField(&ir.Field{Pos: ir.Pos{File: b.m.src, Span: g.at}, Name: g.name, Type: x.Type()})
		st.Fields = append(st.Fields, ir.FieldInit{Name: g.name, X: x})
	}
	return st
}

// exprStmt checks an expression that is used as a statement.
func (b *body) exprStmt(s *ast.ExprStmt) ir.Stmt {
	if c, ok := s.X.(*ast.Call); ok {
		if n, is := c.Fn.(*ast.Name); is && n.Name == "next" && b.next {
			b.m.useOwn(n.Span, index.Function, "next", nil)
			return &ir.Do{Pos: b.pos(s), X: &ir.Builtin{At: b.at(s.X, types.Void), Name: "next"}}
		}
	}
	x := b.infer(s.X, nil)
	if _, word := s.X.(*ast.Name); word {
		b.lost = types.IsBad(x.Type())
	}
	switch x := x.(type) {
	case *ir.Insert, *ir.Upsert, *ir.UpdateRow, *ir.UpdateWhere, *ir.DeleteRow, *ir.DeleteWhere, *ir.CallExtern:
	case *ir.Builtin:
		if function.Of(x.Name).Writes {
			break
		}
		b.noEffect(s, x)
	case *ir.CallFn:
		if !types.IsBad(x.T) {
			b.noEffect(s, x)
		}
	default:
		if !types.IsBad(x.Type()) && !b.test {
			b.noEffect(s, x)
		}
		return nil
	}
	return &ir.Do{Pos: b.pos(s), X: x}
}

func (b *body) noEffect(s *ast.ExprStmt, x ir.Expr) {
	if !b.alive { // it is reported as unreachable
		return
	}
	f := b.errorf(s.Span, diag.CodeNoEffect, "this does nothing, and its value is not used")
	if _, void := b.result.(*ir.Void); b.result != nil && !void && s == b.last && b.convertible(x.Type(), b.result) {
		f.help("a body returns its value with `return`").
			fix(b.m, source.Span{Start: s.Span.Start, End: s.Span.Start}, "write `return` in front", "return ")
		b.broken = true // so that the missing `return` is not reported as well
		return
	}
	f.help("name the value with `let`, return it with `return`, or remove it")
}
