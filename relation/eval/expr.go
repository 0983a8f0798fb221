package eval

import (
	"errors"
	"fmt"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/function"
)

// Expr computes an expression over one row.
type Expr func(p *Params, row relation.Row) (relation.Value, error)

// Params are the parameters of a query, with what is made of them once. They are used by one goroutine at a time.
type Params struct {
	Values []relation.Value
	sets   map[setID]map[string]struct{}
}

type setID struct {
	param int
	kind  relation.Kind
}

// contains tells whether x is an element of the list that a parameter holds.
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

// ErrNotPure is why Compile gives no function for an expression that reads other rows than its own.
var ErrNotPure = errors.New("the expression reads other rows")

// Compile makes a function of an expression that depends on one row alone.
func Compile(x relation.Expr) (Expr, error) {
	switch x := x.(type) {
	case *relation.Col:
		return column(x)
	case *relation.Param:
		i := x.Index
		return func(p *Params, _ relation.Row) (relation.Value, error) { return p.Values[i], nil }, nil
	case *relation.Const:
		v := x.Value
		return func(*Params, relation.Row) (relation.Value, error) { return v, nil }, nil
	case *relation.Unary:
		return unary(x)
	case *relation.Binary:
		return operator(x)
	case *relation.Cond:
		return cond(x)
	case *relation.Func:
		return call(x)
	case *relation.InList:
		return inList(x)
	case *relation.InPlan, *relation.Sub:
		return nil, ErrNotPure
	}
	return nil, fmt.Errorf("an expression of type %T", x)
}

func column(x *relation.Col) (Expr, error) {
	if x.Depth != 0 {
		return nil, ErrNotPure
	}
	i, path, kind := x.Index, x.Path, x.Kind
	if len(path) == 0 {
		return func(_ *Params, row relation.Row) (relation.Value, error) { return row[i], nil }, nil
	}
	return func(_ *Params, row relation.Row) (relation.Value, error) { return Member(row[i], path, kind), nil }, nil
}

func unary(x *relation.Unary) (Expr, error) {
	in, err := Compile(x.X)
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

func operator(x *relation.Binary) (Expr, error) {
	l, err := Compile(x.L)
	if err != nil {
		return nil, err
	}
	r, err := Compile(x.R)
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
		k, enum := x.Of, x.Enum
		return both(func(a, b relation.Value) (relation.Value, error) { return fn(Compare(k, enum, a, b)), nil })
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

func cond(x *relation.Cond) (Expr, error) {
	test, err := Compile(x.If)
	if err != nil {
		return nil, err
	}
	then, err := Compile(x.Then)
	if err != nil {
		return nil, err
	}
	other, err := Compile(x.Else)
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

func call(x *relation.Func) (Expr, error) {
	fn, err := Resolve(x)
	if err != nil {
		return nil, err
	}
	args := make([]Expr, len(x.Args))
	for i, a := range x.Args {
		if args[i], err = Compile(a); err != nil {
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

func inList(x *relation.InList) (Expr, error) {
	in, err := Compile(x.X)
	if err != nil {
		return nil, err
	}
	k := x.Of
	if param, ok := x.List.(*relation.Param); ok {
		i := param.Index
		return func(p *Params, row relation.Row) (relation.Value, error) {
			v, err := in(p, row)
			if err != nil {
				return nil, err
			}
			if text, ok := p.Values[i].(relation.JSON); ok && len(text) > 0 && text[0] == '{' {
				return In(v, text, k), nil
			}
			return p.contains(i, k, v), nil
		}, nil
	}
	list, err := Compile(x.List)
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
		return In(v, l, k), nil
	}, nil
}

// total are the operators that have a value for all operands: what is left is arithmetic.
var total = map[relation.Op]bool{
	relation.Not: true, relation.Neg: true, relation.And: true, relation.Or: true, relation.Coal: true, relation.Cat: true,
	relation.Eq: true, relation.Ne: true, relation.Lt: true, relation.Le: true, relation.Gt: true, relation.Ge: true,
}

// Fallible tells whether the operator or function that x is may fail, for values outside of its range. What it does not know may.
func Fallible(x relation.Expr) bool {
	switch x := x.(type) {
	case *relation.Unary:
		return !total[x.Op]
	case *relation.Binary:
		return !total[x.Op]
	case *relation.Func:
		return function.Of(x.Name).MayFail
	case *relation.Col, *relation.Param, *relation.Const, *relation.Cond, *relation.InList, *relation.InPlan, *relation.Sub:
		return false
	}
	return true
}
