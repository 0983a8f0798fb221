package eval

import (
	"math"
	"math/big"

	"github.com/livec-lang/livec/relation"
)

// Sum is an exact sum of finite floats: a fixed-point number with enough bits for all of them. So the order of the summands does not
// matter, and a summand can be removed again. The result is rounded once (Kulisch, "Computer Arithmetic and Validity", 2008).
type Sum struct{ n big.Int }

// fixedPoint is the exponent of the unit of Sum: 2^fixedPoint is the smallest positive float.
const fixedPoint = -1074

// Add adds x, or removes it with sign −1.
func (s *Sum) Add(x float64, sign int) {
	if x == 0 {
		return
	}
	frac, exp := math.Frexp(x)
	m := int64(frac * (1 << 53)) // exact: a float has 53 bits
	exp -= 53
	var t big.Int
	t.SetInt64(m)
	if shift := exp - fixedPoint; shift >= 0 {
		t.Lsh(&t, uint(shift))
	} else {
		t.Rsh(&t, uint(-shift)) // subnormal: the low bits are zero
	}
	if sign < 0 {
		s.n.Sub(&s.n, &t)
	} else {
		s.n.Add(&s.n, &t)
	}
}

// Float returns the sum, rounded to nearest even.
func (s *Sum) Float() (float64, error) {
	if s.n.Sign() == 0 {
		return 0, nil
	}
	f := new(big.Float).SetInt(&s.n)
	f.SetMantExp(f, fixedPoint)
	x, _ := f.Float64()
	if math.IsInf(x, 0) {
		return 0, ErrRange
	}
	return x, nil
}

// Bytes returns the sum in the encoding that SumOf reads.
func (s *Sum) Bytes() []byte {
	b := []byte{1}
	if s.n.Sign() < 0 {
		b[0] = 0
	}
	return append(b, s.n.Bytes()...)
}

// SumOf decodes the result of Bytes.
func SumOf(b []byte) *Sum {
	s := &Sum{}
	if len(b) == 0 {
		return s
	}
	s.n.SetBytes(b[1:])
	if b[0] == 0 {
		s.n.Neg(&s.n)
	}
	return s
}

// Avg returns the average of n values whose sum is s; null if n is 0.
func (s *Sum) Avg(n int64) (relation.Value, error) {
	if n == 0 {
		return nil, nil
	}
	x, err := s.Float()
	if err != nil {
		return nil, err
	}
	return Float(x / float64(n))
}

// AvgInt returns the average of n ints whose sum is s; null if n is 0.
func AvgInt(s, n int64) relation.Value {
	if n == 0 {
		return nil
	}
	return float64(s) / float64(n)
}
