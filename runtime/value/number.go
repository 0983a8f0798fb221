package value

import (
	"errors"
	"math"
	"math/bits"
	"time"
)

// MaxInt is the largest int of the language; the smallest is -MaxInt. JSON numbers of that size are exact in every client (RFC 8259 §6).
const MaxInt = 1<<53 - 1

// Errors of computing. They are bugs of the app, so clients see INTERNAL.
var (
	ErrOverflow = errors.New("the result is out of range")
	ErrZero     = errors.New("division by zero")
	ErrIndex    = errors.New("the index is out of range")
)

func inRange(n int64) (int64, error) {
	if n < -MaxInt || n > MaxInt {
		return 0, ErrOverflow
	}
	return n, nil
}

// Add is a + b. It fails if the result is outside of ±MaxInt, as Sub and Mul do.
func Add(a, b int64) (int64, error) { return inRange(a + b) }

// Sub is a - b.
func Sub(a, b int64) (int64, error) { return inRange(a - b) }

// Mul is a * b.
func Mul(a, b int64) (int64, error) {
	hi, lo := bits.Mul64(uint64(max(a, -a)), uint64(max(b, -b)))
	if hi != 0 || lo > MaxInt {
		return 0, ErrOverflow
	}
	return a * b, nil
}

// IntDiv is the built-in div: a / b, truncated toward zero.
func IntDiv(a, b int64) (int64, error) {
	if b == 0 {
		return 0, ErrZero
	}
	return a / b, nil
}

// Mod is a % b, with the sign of a.
func Mod(a, b int64) (int64, error) {
	if b == 0 {
		return 0, ErrZero
	}
	return a % b, nil
}

// Finite fails for infinities and NaN, which JSON does not have.
func Finite(x float64) (float64, error) {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return 0, ErrOverflow
	}
	return x, nil
}

// Div is a / b.
func Div(a, b float64) (float64, error) {
	if b == 0 {
		return 0, ErrZero
	}
	return Finite(a / b)
}

// FloatMod is a % b of floats, with the sign of a.
func FloatMod(a, b float64) (float64, error) {
	if b == 0 {
		return 0, ErrZero
	}
	return math.Mod(a, b), nil
}

// ToInt converts a rounded float to an int. It fails outside of ±MaxInt.
func ToInt(x float64) (int64, error) {
	if !(x >= -MaxInt && x <= MaxInt) {
		return 0, ErrOverflow
	}
	return int64(x), nil
}

// Bounds of times, so that all have an RFC 3339 form.
var (
	minTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	maxTime = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)
)

// Shift is t + d. It fails outside of the years 1 to 9999.
func Shift(t time.Time, d time.Duration) (time.Time, error) {
	t = t.Add(d)
	if t.Before(minTime) || t.After(maxTime) {
		return time.Time{}, ErrOverflow
	}
	return t, nil
}

// Between is t - u. It fails for differences of more than 292 years.
func Between(t, u time.Time) (time.Duration, error) {
	d := t.Sub(u)
	if d == math.MaxInt64 || d == math.MinInt64 { // the result of Sub is saturated
		return 0, ErrOverflow
	}
	return d, nil
}

// AddDuration is a + b.
func AddDuration(a, b time.Duration) (time.Duration, error) {
	c := a + b
	if (c > a) != (b > 0) && b != 0 {
		return 0, ErrOverflow
	}
	return c, nil
}

// Times is d * n.
func Times(d time.Duration, n int64) (time.Duration, error) {
	hi, lo := bits.Mul64(uint64(max(d, -d)), uint64(max(n, -n)))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, ErrOverflow
	}
	return d * time.Duration(n), nil
}
