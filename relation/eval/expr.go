package eval

import (
	"errors"
	"fmt"
	"slices"

	"github.com/livec-lang/livec/relation"
)

// Expr computes an expression over one row.
type Expr func(p *Params, row relation.Row) (relation.Value, error)

// Params are the parameters of a query, with values that are computed from them once. Only one goroutine may use them at a time.
type Params struct {
	Values []relation.Value
	sets   map[setID]map[string]struct{}

	around []relation.Row // the enclosing rows, innermost last
	source Source         // the source of the rows, while a plan runs
}

type setID struct {
	param int
	kind  relation.Kind
}

// contains reports whether x is an element of the list in a parameter.
func (p *Params) contains(param int, k relation.Kind, x relation.Value) bool {
	id := setID{param, k}
	set, ok := p.sets[id]
	if !ok {
		set = map[string]struct{}{}
		for _, v := range List(p.Values[param], k) {
			set[string(AppendKey(nil, v))] = struct{}{}
		}
		if p.sets == nil {
			p.sets = map[setID]map[string]struct{}{}
		}
		p.sets[id] = set
	}
	var buf [64]byte
	_, ok = set[string(AppendKey(buf[:0], x))]
	return ok
}

// ErrNotPure is the error of Compile for an expression that reads other rows than its own.
var ErrNotPure = errors.New("the expression reads other rows")

// Compile returns a function for an expression that depends only on one row.
func Compile(x relation.Expr) (Expr, error) { return (&compiler{}).expr(x) }

// compiler turns expressions and plans into functions.
type compiler struct {
	plans bool              // expressions may read other rows
	rows  []relation.Schema // with plans: the rows that expressions may refer to, innermost last
}

func (k *compiler) expr(x relation.Expr) (Expr, error) {
	switch x := x.(type) {
	case *relation.Col:
		return k.column(x)
	case *relation.Param:
		i := x.Index
		return func(p *Params, _ relation.Row) (relation.Value, error) { return p.Values[i], nil }, nil
	case *relation.Const:
		v := x.Value
		return func(*Params, relation.Row) (relation.Value, error) { return v, nil }, nil
	case *relation.Unary:
		return k.unary(x)
	case *relation.Binary:
		return k.operator(x)
	case *relation.Cond:
		return k.cond(x)
	case *relation.Func:
		return k.call(x)
	case *relation.InList:
		return k.inList(x)
	case *relation.InPlan:
		return k.inPlan(x)
	case *relation.Sub:
		return k.sub(x)
	}
	return nil, fmt.Errorf("an expression of type %T", x)
}

func (k *compiler) column(x *relation.Col) (Expr, error) {
	if x.Depth != 0 && !k.plans {
		return nil, ErrNotPure
	}
	path := x.Path
	var fields []int // the fields of nested records
	if k.plans {
		if x.Depth >= len(k.rows) {
			return nil, fmt.Errorf("a column of a row that is not there")
		}
		c := k.rows[len(k.rows)-1-x.Depth][x.Index]
		for c.Kind == relation.Record && len(path) > 0 {
			i := slices.IndexFunc(c.Fields, func(f relation.Column) bool { return f.Name == path[0] })
			if i < 0 {
				return nil, fmt.Errorf("the record has no field `%s`", path[0])
			}
			c, path, fields = c.Fields[i], path[1:], append(fields, i)
		}
	}
	i, depth, kind := x.Index, x.Depth, x.Kind
	if depth == 0 && len(path) == 0 && len(fields) == 0 {
		return func(_ *Params, row relation.Row) (relation.Value, error) { return row[i], nil }, nil
	}
	return func(p *Params, row relation.Row) (relation.Value, error) {
		if depth > 0 {
			row = p.around[len(p.around)-depth]
		}
		v := row[i]
		for _, f := range fields {
			record, _ := v.(relation.Row)
			if record == nil {
				return nil, nil
			}
			v = record[f]
		}
		if len(path) == 0 {
			return v, nil
		}
		return Member(v, path, kind), nil
	}, nil
}

func (k *compiler) unary(x *relation.Unary) (Expr, error) {
	in, err := k.expr(x.X)
	if err != nil {
		return nil, err
	}
	switch x.Op {
	case relation.Not:
		return func(p *Params, row relation.Row) (relation.Value, error) {
			v, err := in(p, row)
			return v != true, err
		}, nil
	case relation.Neg:
		return func(p *Params, row relation.Row) (relation.Value, error) {
			v, err := in(p, row)
			switch v := v.(type) {
			case int64:
				return -v, err
			case float64:
				return 0 - v, err
			}
			return nil, err
		}, nil
	}
	return nil, fmt.Errorf("the operator %s", x.Op)
}

func (k *compiler) operator(x *relation.Binary) (Expr, error) {
	l, err := k.expr(x.L)
	if err != nil {
		return nil, err
	}
	r, err := k.expr(x.R)
	if err != nil {
		return nil, err
	}
	both := func(fn func(a, b relation.Value) (relation.Value, error)) Expr {
		return func(p *Params, row relation.Row) (relation.Value, error) {
			a, err := l(p, row)
			if err != nil {
				return nil, err
			}
			b, err := r(p, row)
			if err != nil {
				return nil, err
			}
			return fn(a, b)
		}
	}
	compare := func(fn func(c int) bool) Expr {
		of, enum := x.Of, x.Enum
		return both(func(a, b relation.Value) (relation.Value, error) { return fn(Compare(of, enum, a, b)), nil })
	}
	switch x.Op {
	case relation.Eq:
		notNull := x.NotNull
		return both(func(a, b relation.Value) (relation.Value, error) { return Equal(a, b) && (a != nil || !notNull), nil }), nil
	case relation.Ne:
		return both(func(a, b relation.Value) (relation.Value, error) { return !Equal(a, b), nil }), nil
	case relation.Lt:
		return compare(func(c int) bool { return c < 0 }), nil
	case relation.Le:
		return compare(func(c int) bool { return c <= 0 }), nil
	case relation.Gt:
		return compare(func(c int) bool { return c > 0 }), nil
	case relation.Ge:
		return compare(func(c int) bool { return c >= 0 }), nil
	case relation.And:
		return func(p *Params, row relation.Row) (relation.Value, error) {
			if v, err := l(p, row); err != nil || v != true {
				return false, err
			}
			v, err := r(p, row)
			return v == true, err
		}, nil
	case relation.Or:
		return func(p *Params, row relation.Row) (relation.Value, error) {
			if v, err := l(p, row); err != nil || v == true {
				return v == true, err
			}
			v, err := r(p, row)
			return v == true, err
		}, nil
	case relation.Coal:
		return func(p *Params, row relation.Row) (relation.Value, error) {
			if v, err := l(p, row); err != nil || v != nil {
				return v, err
			}
			return r(p, row)
		}, nil
	case relation.Cat:
		return both(func(a, b relation.Value) (relation.Value, error) {
			if a == nil || b == nil {
				return nil, nil
			}
			return str(a) + str(b), nil
		}), nil
	}
	if IsArith(x.Op) {
		op, float := x.Op, x.Kind == relation.Float
		return both(func(a, b relation.Value) (relation.Value, error) { return Arith(op, float, a, b) }), nil
	}
	return nil, fmt.Errorf("the operator %s", x.Op)
}

func (k *compiler) cond(x *relation.Cond) (Expr, error) {
	test, err := k.expr(x.If)
	if err != nil {
		return nil, err
	}
	then, err := k.expr(x.Then)
	if err != nil {
		return nil, err
	}
	other, err := k.expr(x.Else)
	if err != nil {
		return nil, err
	}
	return func(p *Params, row relation.Row) (relation.Value, error) {
		v, err := test(p, row)
		if err != nil {
			return nil, err
		}
		if v == true {
			return then(p, row)
		}
		return other(p, row)
	}, nil
}

func (k *compiler) call(x *relation.Func) (Expr, error) {
	fn, err := Resolve(x)
	if err != nil {
		return nil, err
	}
	args := make([]Expr, len(x.Args))
	for i, a := range x.Args {
		if args[i], err = k.expr(a); err != nil {
			return nil, err
		}
	}
	if fn == nil {
		return args[0], nil
	}
	return func(p *Params, row relation.Row) (relation.Value, error) {
		values := make([]relation.Value, len(args))
		for i, a := range args {
			v, err := a(p, row)
			if err != nil || v == nil {
				return nil, err
			}
			values[i] = v
		}
		return fn.Call(values)
	}, nil
}

func (k *compiler) inList(x *relation.InList) (Expr, error) {
	in, err := k.expr(x.X)
	if err != nil {
		return nil, err
	}
	of := x.Of
	if param, ok := x.List.(*relation.Param); ok {
		i := param.Index
		return func(p *Params, row relation.Row) (relation.Value, error) {
			v, err := in(p, row)
			if err != nil {
				return nil, err
			}
			if text, ok := p.Values[i].(relation.JSON); ok && len(text) > 0 && text[0] == '{' {
				return In(v, text, of), nil
			}
			return p.contains(i, of, v), nil
		}, nil
	}
	list, err := k.expr(x.List)
	if err != nil {
		return nil, err
	}
	return func(p *Params, row relation.Row) (relation.Value, error) {
		v, err := in(p, row)
		if err != nil {
			return nil, err
		}
		l, err := list(p, row)
		if err != nil {
			return nil, err
		}
		return In(v, l, of), nil
	}, nil
}
