package check

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
)

// systemCall is a call of a function by code whose queries read as the system.
type systemCall struct {
	call *ir.CallFn
	m    *module // that declares the function
	d    *ast.Fn
}

// systemFns gives the calls of policies, and of code without a caller, a second form of each function that queries a table
// with a policy, directly or through others. In that form the queries read as the system, like those of its caller.
func (c *checker) systemFns() {
	for i := 0; i < len(c.systemCalls); i++ { // the second forms call others
		s := c.systemCalls[i]
		if !readsProtected(c.fns[s.d], map[*ir.Fn]bool{}) {
			continue
		}
		if c.systemFn[s.d] == nil {
			c.systemFn[s.d] = c.formAsSystem(s.m, s.d)
		}
		s.call.Fn = c.systemFn[s.d]
	}
}

func (c *checker) formAsSystem(m *module, d *ast.Fn) *ir.Fn {
	f := *c.fns[d]
	f.System, f.Body = true, nil
	b := c.body(m, "fn", m.Name+"/"+f.Name+"AsSystem")
	b.declareParams(f.Params, d.Params)
	b.pure, b.policy, b.result = true, true, f.Result
	f.Body = b.valueOrBlock(d.Value, d.Body)
	m.ir.Fns = append(m.ir.Fns, &f)
	return &f
}

// readsProtected reports whether a function queries a table with a read policy.
func readsProtected(f *ir.Fn, seen map[*ir.Fn]bool) bool {
	if seen[f] {
		return false
	}
	seen[f] = true
	found := false
	protected := func(t *ir.Table) { found = found || t != nil && t.ReadIf != nil }
	ir.Walk(f.Body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallFn:
			found = found || readsProtected(n.Fn, seen)
		case *ir.Query:
			protected(n.Pipeline.Table)
			for _, s := range n.Pipeline.Stages {
				if j, ok := s.(*ir.JoinStage); ok {
					protected(j.Right)
				}
			}
		}
		return !found
	})
	return found
}
