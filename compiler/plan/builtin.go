package plan

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/function"
)

// builtin lowers the call of a built-in function that depends on a row.
func (l *lowerer) builtin(x *ir.Builtin) (relation.Expr, error) {
	switch {
	case !function.Of(x.Name).Relational:
		return nil, unplannablef(x.Pos, "the database cannot compute `%s` for each row", x.Name)
	case x.Name == "reveal": // only the checker uses it
		return l.expr(x.Args[0])
	case x.Name == "contains" && kindOf(x.Args[0].Type()) == relation.JSONKind:
		return l.in(&ir.In{At: x.At, X: x.Args[1], List: x.Args[0]})
	case x.Name == "sameText": // lowered to ==, so that indexes and the routing of changes apply
		return l.sameText(x)
	}
	return l.function(x.Name, x.T, x.Args...)
}

func (l *lowerer) sameText(x *ir.Builtin) (relation.Expr, error) {
	left, err := l.expr(x.Args[0])
	if err != nil {
		return nil, err
	}
	right, err := l.expr(x.Args[1])
	if err != nil {
		return nil, err
	}
	return &relation.Binary{Op: relation.Eq, L: left, R: right, Kind: relation.Bool, Of: relation.Text, NotNull: true}, nil
}

func (l *lowerer) function(name string, t ir.Type, args ...ir.Expr) (relation.Expr, error) {
	f := &relation.Func{Name: name, Kind: kindOf(t)}
	for _, a := range args {
		x, err := l.expr(a)
		if err != nil {
			return nil, err
		}
		f.Args = append(f.Args, x)
	}
	return f, nil
}
