package value

import (
	"math"
	"time"
)

// Truncate is the built-in int of a float: without its fraction.
func Truncate(x float64) (int64, error) { return ToInt(math.Trunc(x)) }

// Round is the nearest int, half away from zero.
func Round(x float64) (int64, error) { return ToInt(math.Round(x)) }

// Floor is the greatest int that is not greater.
func Floor(x float64) (int64, error) { return ToInt(math.Floor(x)) }

// Ceil is the least int that is not less.
func Ceil(x float64) (int64, error) { return ToInt(math.Ceil(x)) }

// Sqrt is the square root. It fails for negative numbers.
func Sqrt(x float64) (float64, error) { return Finite(math.Sqrt(x)) }

// Abs is a number without its sign.
func Abs[T int64 | float64 | time.Duration](x T) T {
	if x < 0 {
		return -x
	}
	return x
}

// Earlier is the earlier of two times.
func Earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Later is the later of two times.
func Later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Weekday is the day of the week, 1 for Monday to 7 for Sunday (ISO 8601).
func Weekday(t time.Time) int64 { return int64(t.Weekday()+6)%7 + 1 }

// Millis is a duration of this many milliseconds.
func Millis(n int64) (time.Duration, error) {
	if n > maxMillis || n < -maxMillis {
		return 0, ErrOverflow
	}
	return time.Duration(n) * time.Millisecond, nil
}
