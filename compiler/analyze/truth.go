package analyze

import (
	"fmt"
	"maps"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// truths is a set of conditions that hold, by their texts.
type truths struct {
	hold    map[string]bool
	refuted map[string]bool // conditions that are known not to follow
}

func newTruths() *truths { return &truths{map[string]bool{}, map[string]bool{}} }

// clone returns a copy to which more can be added.
func (t *truths) clone() *truths { return &truths{maps.Clone(t.hold), map[string]bool{}} }

// add adds a condition with everything that follows from it.
func (t *truths) add(s *scope, x ir.Expr, depth int) {
	b := s.resolved(x)
	s, x = b.in, b.x
	text := s.text(x)
	if t.hold[text] {
		return
	}
	t.hold[text] = true
	if wider, ok := s.amongAll(x); ok {
		t.hold[wider] = true
	}
	switch x := x.(type) {
	case *ir.Binary:
		if x.Op == relation.And {
			t.add(s, x.L, depth)
			t.add(s, x.R, depth)
		}
	case *ir.CallFn:
		if in, body := s.unfold(x); body != nil && depth < maxUnfold {
			t.add(in, body, depth+1)
		}
	}
}

// amongAll returns the text of a condition that follows from x: x asks whether the caller sees some row, the condition
// whether there is one. The queries of policies, which read as the system, ask that.
func (s *scope) amongAll(x ir.Expr) (text string, ok bool) {
	all := func(x ir.Expr) (string, bool) {
		b := s.resolved(x)
		q, is := b.x.(*ir.QueryExpr)
		if !is || q.Query.System || b.in.sender || newChanges().in(q) {
			return "", false
		}
		for _, st := range q.Query.Pipeline.Stages {
			switch st := st.(type) {
			case *ir.FilterStage, *ir.FindStage:
			case *ir.ReduceStage:
				if st.Func != "first" && st.Func != "any" {
					return "", false
				}
			default: // fewer rows may mean others
				return "", false
			}
		}
		wider := *q.Query
		wider.System = true
		return b.in.query(&wider), true
	}
	switch x := x.(type) {
	case *ir.QueryExpr: // ends in any
		return all(x)
	case *ir.Binary:
		if x.Op != relation.Ne {
			break
		}
		for _, side := range [][2]ir.Expr{{x.L, x.R}, {x.R, x.L}} {
			if !isNull(side[1]) {
				continue
			}
			if found, is := all(side[0]); is {
				sides := []string{found, s.text(side[1])}
				slices.Sort(sides)
				return fmt.Sprintf("%v(%s,%s)", x.Op, sides[0], sides[1]), true
			}
		}
	}
	return "", false
}

// maxUnfold is how deep nested function calls are expanded. It also ends the expansion of recursive functions.
const maxUnfold = 4

// unfold returns the expression of a function with the arguments inserted; nil if the function has statements or runs for
// another caller.
func (s *scope) unfold(x *ir.CallFn) (*scope, ir.Expr) {
	if s.sender || x.Fn.Body == nil || len(x.Fn.Body.Stmts) != 1 {
		return nil, nil
	}
	r, ok := x.Fn.Body.Stmts[0].(*ir.Return)
	if !ok || r.X == nil {
		return nil, nil
	}
	in := newScope()
	for i, p := range x.Fn.Params {
		in.vars[p] = bound{x.Args[i], s}
	}
	return in, r.X
}

// imply reports whether a condition certainly follows from those that hold.
func (t *truths) imply(s *scope, x ir.Expr, depth int) bool {
	b := s.resolved(x)
	s, x = b.in, b.x
	text := s.text(x)
	switch {
	case t.hold[text], text == "true":
		return true
	case t.refuted[text]:
		return false
	}
	follows := t.follow(s, x, depth)
	t.refuted[text] = !follows
	return follows
}

// follow examines the parts of a condition that is not known as a whole.
func (t *truths) follow(s *scope, x ir.Expr, depth int) bool {
	switch x := x.(type) {
	case *ir.Binary:
		switch x.Op {
		case relation.And:
			return t.imply(s, x.L, depth) && t.imply(s, x.R, depth)
		case relation.Or:
			return t.imply(s, x.L, depth) || t.imply(s, x.R, depth)
		case relation.Eq:
			return s.text(x.L) == s.text(x.R)
		}
	case *ir.CallFn:
		in, body := s.unfold(x)
		return body != nil && depth < maxUnfold && t.imply(in, body, depth+1)
	}
	return false
}

// access adds what is certain about everybody who has passed an access: its expression, and the requirements of its guards.
// s contains the parameters of the entry point.
func (t *truths) access(s *scope, a *ir.Access) {
	for _, use := range a.Guards {
		in := newScope()
		in.added = s.added
		for i, p := range use.Guard.Params {
			in.vars[p] = bound{use.Args[i], s}
		}
		t.guard(in, s, use.Guard.Body)
	}
	if a.Allow != nil {
		t.add(s, a.Allow, 0)
	}
}

// guard adds the requirements in a guard that are checked on every path.
func (t *truths) guard(in, outer *scope, b *ir.Block) {
	for _, st := range b.Stmts {
		switch st := st.(type) {
		case *ir.Let:
			in.vars[st.Var] = bound{st.Init, in}
		case *ir.Require:
			t.add(in, st.Cond, 0)
		case *ir.Return:
			if r, ok := st.X.(*ir.RecordLit); ok {
				for _, f := range r.Fields {
					outer.added[f.Field] = bound{f.X, in}
				}
			}
			return
		case *ir.Log, *ir.Do, *ir.Fail:
		default:
			if mayReturn(st) {
				return
			}
		}
	}
}

// mayReturn reports whether a statement may end the body without a failure.
func mayReturn(s ir.Stmt) bool {
	found := false
	ir.Walk(s, func(n ir.Node) bool {
		_, is := n.(*ir.Return)
		found = found || is
		return !found
	})
	return found
}
