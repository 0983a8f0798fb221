package analyze

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
)

// guessed reports an id that is stored in a secret field. Ids are derived from a seed that the caller sends, so the caller
// can predict the ids of its call.
func (a *flow) guessed(f *frame, x ir.Expr, field *ir.Field) {
	if ruled("predictable") && a.predictable(f, x) {
		a.out.errorf(x.Where(), diag.CodeSecretKept,
			"`%s` would not be secret: a caller knows the ids that `newId()` makes in the call", field.Name).
			also(field.Pos, "marked `secret` here").
			help("use `newSecret()`, which nobody can predict")
	}
}

// predictable reports whether a value is made of newId(), here or in a function or a guard. Keys of rows that are
// inserted along the way do not count, since they are not secrets.
func (a *flow) predictable(f *frame, x ir.Node) bool {
	return a.predictableIn(f, x, map[ir.Node]bool{})
}

func (a *flow) predictableIn(f *frame, n ir.Node, seen map[ir.Node]bool) (found bool) {
	into := func(b *ir.Block) {
		if !seen[b] {
			seen[b] = true
			found = found || a.predictableIn(f, b, seen)
		}
	}
	ir.Walk(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Builtin:
			found = found || n.Name == "newId"
		case *ir.Local:
			found = found || f.predictable[n.Var]
		case *ir.CallFn:
			into(n.Fn.Body)
		case *ir.CtxAdded:
			found = found || a.guessable[n.Guard]
			into(n.Guard.Body)
		case *ir.Insert, *ir.Upsert:
			return false
		}
		return !found
	})
	return found
}
