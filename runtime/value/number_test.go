package value

import (
	"errors"
	"math"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestInts computes with ints as with numbers of any size, within the bounds of the language.
func TestInts(t *testing.T) {
	bound := big.NewInt(MaxInt)
	for name, op := range map[string]struct {
		got  func(a, b int64) (int64, error)
		want func(z, a, b *big.Int) *big.Int
	}{
		"+": {Add, (*big.Int).Add}, "-": {Sub, (*big.Int).Sub}, "*": {Mul, (*big.Int).Mul}, "div": {IntDiv, (*big.Int).Quo},
		"%": {Mod, (*big.Int).Rem},
	} {
		rapid.Check(t, func(t *rapid.T) {
			side := rapid.OneOf(rapid.Int64Range(-MaxInt, MaxInt), rapid.Int64Range(-1e8, 1e8),
				rapid.SampledFrom([]int64{0, 1, -1, MaxInt, -MaxInt}))
			a, b := side.Draw(t, "a"), side.Draw(t, "b")
			got, err := op.got(a, b)
			if (name == "div" || name == "%") && b == 0 {
				if !errors.Is(err, ErrZero) {
					t.Fatalf("%d %s 0 gives %d, %v", a, name, got, err)
				}
				return
			}
			want := op.want(new(big.Int), big.NewInt(a), big.NewInt(b))
			if fits := want.CmpAbs(bound) <= 0; fits != (err == nil) || fits && got != want.Int64() {
				t.Fatalf("%d %s %d gives %d, %v, want %v", a, name, b, got, err, want)
			}
		})
	}
}

// TestBounds computes at the bounds of floats, times and durations.
func TestBounds(t *testing.T) {
	for name, err := range map[string]error{
		"float over": second(Finite(math.Inf(1))), "zero": second(Div(1, 0)), "float mod zero": second(FloatMod(1, 0)),
		"int of a float": second(ToInt(1e16)), "int of none": second(ToInt(math.NaN())),
		"year 10000": second(Shift(maxTime, time.Millisecond)), "before year 1": second(Shift(minTime, -time.Millisecond)),
		"long span": second(Between(maxTime, minTime)),
		"durations": second(AddDuration(math.MaxInt64, 1)), "durations below": second(AddDuration(math.MinInt64, -1)),
		"times": second(Times(math.MaxInt64/2, 3)), "root": second(Sqrt(-1)),
		"index": second(At([]int{1}, 1)), "index below": second(At([]int{1}, -1)),
		"repeat below": second(Repeat("", -1)),
	} {
		if err == nil {
			t.Errorf("%s does not fail", name)
		}
	}
	if d, err := AddDuration(5, -7); d != -2 || err != nil {
		t.Errorf("5 + -7 gives %d, %v", d, err)
	}
	if d, err := Times(-3, 4); d != -12 || err != nil {
		t.Errorf("-3 * 4 gives %d, %v", d, err)
	}
}

func second[T any](_ T, err error) error { return err }
