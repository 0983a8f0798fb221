package sqlite

import (
	sqldriver "database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"sync"

	driver "modernc.org/sqlite"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	flavour "github.com/livec-lang/livec/relation/sqlite"
)

// functions is the driver with the functions that the SQL of package relation/sqlite calls.
var functions = sync.OnceValue(func() *driver.Driver {
	d := &driver.Driver{}
	for _, f := range eval.Functions {
		scalar(d, f.Name, f.Args, f.Call)
	}
	for _, op := range []relation.Op{relation.Add, relation.Subt, relation.Mul, relation.Div, relation.IDiv, relation.Mod} {
		for _, float := range []bool{false, true} {
			scalar(d, flavour.ArithName(op, float), 2, func(a []relation.Value) (relation.Value, error) { return eval.Arith(op, float, a[0], a[1]) })
		}
	}
	scalar(d, "int", 1, func(a []relation.Value) (relation.Value, error) {
		n, ok := a[0].(int64)
		if !ok {
			return nil, eval.ErrRange // the sum has overflowed to a float
		}
		return eval.Int(n)
	})
	scalar(d, "number", 1, func(a []relation.Value) (relation.Value, error) {
		s, _ := a[0].(string)
		return strconv.ParseFloat(s, 64)
	})
	scalar(d, "field", 2, func(a []relation.Value) (relation.Value, error) {
		b, _ := a[0].([]byte)
		at, _ := a[1].(int64)
		return packedField(b, at)
	})
	variadic(d, "row", func(a []sqldriver.Value) (relation.Value, error) { return packRow(a), nil })
	variadic(d, "member", func(a []sqldriver.Value) (relation.Value, error) {
		if len(a) < 3 {
			return nil, fmt.Errorf("live_member has %d arguments", len(a))
		}
		kind, _ := a[0].(int64)
		path := make([]string, len(a)-2)
		for i, p := range a[2:] {
			s, _ := p.(string)
			path[i] = s
		}
		return eval.Member(a[1], path, relation.Kind(kind)), nil
	})
	variadic(d, "in", func(a []sqldriver.Value) (relation.Value, error) {
		if len(a) != 3 {
			return nil, fmt.Errorf("live_in has %d arguments", len(a))
		}
		kind, _ := a[0].(int64)
		x := a[1]
		switch n := x.(type) {
		case int64:
			if relation.Kind(kind) == relation.Bool {
				x = n != 0
			}
		case string:
			if relation.Kind(kind) == relation.JSONKind {
				x = relation.JSON(n)
			}
		}
		return eval.In(x, a[2], relation.Kind(kind)), nil
	})
	aggregate(d, "sum", func(s *floatSum) (sqldriver.Value, error) { return s.sum.Float() })
	aggregate(d, "exact_sum", func(s *floatSum) (sqldriver.Value, error) { return s.sum.Bytes(), nil })
	aggregate(d, "avg", func(s *floatSum) (sqldriver.Value, error) { return s.sum.Avg(s.n) })
	return d
})

// scalar registers a function that returns null if an argument is null.
func scalar(d *driver.Driver, name string, args int, call func([]relation.Value) (relation.Value, error)) {
	register(d, name, int32(args), func(a []sqldriver.Value) (relation.Value, error) {
		values := make([]relation.Value, len(a))
		for i, v := range a {
			if v == nil {
				return nil, nil
			}
			values[i] = v
		}
		return call(values)
	})
}

func variadic(d *driver.Driver, name string, call func([]sqldriver.Value) (relation.Value, error)) {
	register(d, name, -1, call)
}

// register registers a function. Its arguments are only valid during the call (VolatileArgs), which also keeps texts with NUL whole.
func register(d *driver.Driver, name string, args int32, call func([]sqldriver.Value) (relation.Value, error)) {
	d.MustRegisterFunction("live_"+name, &driver.FunctionImpl{
		NArgs: args, Deterministic: true, VolatileArgs: true,
		Scalar: func(_ *driver.FunctionContext, a []sqldriver.Value) (sqldriver.Value, error) {
			v, err := call(a)
			if err != nil {
				return nil, err
			}
			if s, ok := v.(string); ok {
				return strings.Clone(s), nil
			}
			return bind(v)
		},
	})
}

// floatSum is an exact sum over rows.
type floatSum struct {
	sum    eval.Sum
	n      int64
	result func(*floatSum) (sqldriver.Value, error)
}

func aggregate(d *driver.Driver, name string, result func(*floatSum) (sqldriver.Value, error)) {
	d.MustRegisterFunction("live_"+name, &driver.FunctionImpl{
		NArgs: 1, Deterministic: true, VolatileArgs: true,
		MakeAggregate: func(driver.FunctionContext) (driver.AggregateFunction, error) { return &floatSum{result: result}, nil },
	})
}

func (s *floatSum) step(a []sqldriver.Value, sign int) {
	switch x := a[0].(type) {
	case float64:
		s.sum.Add(x, sign)
	case int64:
		s.sum.Add(float64(x), sign)
	default:
		return
	}
	s.n += int64(sign)
}

// Step is part of driver.AggregateFunction.
func (s *floatSum) Step(_ *driver.FunctionContext, a []sqldriver.Value) error {
	s.step(a, 1)
	return nil
}

// WindowInverse is part of driver.AggregateFunction.
func (s *floatSum) WindowInverse(_ *driver.FunctionContext, a []sqldriver.Value) error {
	s.step(a, -1)
	return nil
}

// WindowValue is part of driver.AggregateFunction.
func (s *floatSum) WindowValue(*driver.FunctionContext) (sqldriver.Value, error) { return s.result(s) }

// Final is part of driver.AggregateFunction.
func (s *floatSum) Final(*driver.FunctionContext) {}
