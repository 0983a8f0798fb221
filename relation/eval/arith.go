package eval

import (
	"errors"
	"math"

	"github.com/livec-lang/livec/relation"
)

// ErrRange is the error of a computation whose result is not a value of its type: an int beyond ±(2⁵³−1), a float that
// is not finite, or a division by zero.
var ErrRange = errors.New("the result is out of range, or a division by zero")

const maxInt = 1<<53 - 1

// Int returns n if it is in the range of int.
func Int(n int64) (relation.Value, error) {
	if n < -maxInt || n > maxInt {
		return nil, ErrRange
	}
	return n, nil
}

// Float returns x if it is finite.
func Float(x float64) (relation.Value, error) {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil, ErrRange
	}
	return x, nil
}

// Arith computes l op r for the arithmetic operators. If float is set, the operands are converted to floats.
func Arith(op relation.Op, float bool, l, r relation.Value) (relation.Value, error) {
	if l == nil || r == nil {
		return nil, nil
	}
	if float || op == relation.Div {
		a, b := number(l), number(r)
		switch op {
		case relation.Add:
			return Float(a + b)
		case relation.Subt:
			return Float(a - b)
		case relation.Mul:
			return Float(a * b)
		case relation.Div:
			return Float(a / b)
		case relation.Mod:
			return Float(math.Mod(a, b))
		case relation.IDiv:
			return Float(math.Trunc(a / b))
		}
		return nil, ErrRange
	}
	a, aok := l.(int64)
	b, bok := r.(int64)
	if !aok || !bok {
		return Arith(op, true, l, r)
	}
	switch op {
	case relation.Add:
		return Int(a + b) // cannot overflow: both are below 2⁵³
	case relation.Subt:
		return Int(a - b)
	case relation.Mul:
		if p := float64(a) * float64(b); p > 2*maxInt || p < -2*maxInt {
			return nil, ErrRange
		}
		return Int(a * b)
	case relation.IDiv:
		if b == 0 {
			return nil, ErrRange
		}
		return Int(a / b)
	case relation.Mod:
		if b == 0 {
			return nil, ErrRange
		}
		return Int(a % b)
	}
	return nil, ErrRange
}

// IsArith reports whether op is an arithmetic operator, which may fail.
func IsArith(op relation.Op) bool {
	switch op {
	case relation.Add, relation.Subt, relation.Mul, relation.Div, relation.IDiv, relation.Mod:
		return true
	}
	return false
}
