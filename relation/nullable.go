package relation

import "fmt"

// Nullable reports whether an expression over rows of a schema may be null.
func Nullable(x Expr, params []Column, row Schema) bool {
	is := func(x Expr) bool { return Nullable(x, params, row) }
	switch x := x.(type) {
	case *Col:
		return x.Depth > 0 || nullableColumn(row[x.Index], x.Path)
	case *Param:
		return params[x.Index].Nullable
	case *Const:
		return x.Value == nil
	case *Unary:
		return x.Op != Not && is(x.X)
	case *Binary:
		switch x.Op {
		case Eq, Ne, Lt, Le, Gt, Ge, And, Or:
			return false
		case Coal:
			return is(x.R)
		}
		return is(x.L) || is(x.R)
	case *Cond:
		return is(x.Then) || is(x.Else)
	case *Func:
		for _, a := range x.Args {
			if is(a) {
				return true
			}
		}
		return false
	case *InList, *InPlan:
		return false
	case *Sub:
		return x.Plan.column().Nullable
	}
	panic(fmt.Sprintf("whether a %T may be null is not known", x))
}

// nullableColumn reports whether a member of a column may be null. A member of JSON may, since the database does not know its type.
func nullableColumn(c Column, path []string) bool {
	if len(path) == 0 {
		return c.Nullable
	}
	if c.Kind != Record {
		return true
	}
	for _, f := range c.Fields {
		if f.Name == path[0] {
			return c.Nullable || nullableColumn(f, path[1:])
		}
	}
	return true
}
