package check

import (
	"github.com/livec-lang/livec/compiler/ir"
)

// known unwraps an optional that is known not to be null.
func (b *body) known(x ir.Expr) ir.Expr {
	o, ok := x.Type().(*ir.Optional)
	if !ok {
		return x
	}
	if _, user := x.(*ir.CtxUser); user && b.trusts {
		return &ir.Unwrap{At: ir.At{Pos: x.Where(), T: o.Elem}, X: x}
	}
	if p, is := ir.PathOf(x); is && b.facts[p] {
		return &ir.Unwrap{At: ir.At{Pos: x.Where(), T: o.Elem}, X: x}
	}
	return x
}
