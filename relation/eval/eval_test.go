package eval

import (
	"bytes"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
)

var finite = rapid.Float64().Filter(func(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) })

// TestSumIsExact adds floats of all sizes in any order, removes some again, and compares the sum with one of unlimited
// precision that is rounded once.
func TestSumIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		summands := rapid.SliceOf(finite).Draw(t, "summands")
		gone := rapid.SliceOf(finite).Draw(t, "gone")
		var s Sum
		want := new(big.Float).SetPrec(4096)
		for _, x := range gone {
			s.Add(x, 1)
		}
		for _, x := range summands {
			s.Add(x, 1)
			want.Add(want, new(big.Float).SetFloat64(x))
		}
		for _, x := range rapid.Permutation(gone).Draw(t, "order") {
			s.Add(x, -1)
		}
		x, _ := want.Float64()
		for _, sum := range []*Sum{&s, SumOf(s.Bytes())} {
			got, err := sum.Float()
			if math.IsInf(x, 0) != (err != nil) || err == nil && got != x {
				t.Fatalf("the sum of %v is %v, %v; want %v", summands, got, err, x)
			}
		}
	})
}

func value(t *rapid.T) relation.Value {
	return rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }), rapid.Map(rapid.Int64Range(-3, 3),
			func(n int64) any { return n }),
		rapid.Map(rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, 0.5}), func(x float64) any { return x }),
		rapid.Map(rapid.SampledFrom([]string{"", "a", "ab", "b", "é"}), func(s string) any { return s }),
		rapid.Map(rapid.SampledFrom([]string{"", "a"}), func(s string) any { return []byte(s) }),
		rapid.Map(rapid.SampledFrom([]string{"[]", "1"}), func(s string) any { return relation.JSON(s) }),
	).Draw(t, "value")
}

// TestKeysDistinguishValues expects equal values to have equal keys and other values to have other keys, and no key to be
// the beginning of another.
func TestKeysDistinguishValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a, b []relation.Value
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			a = append(a, value(t))
		}
		for range rapid.IntRange(0, 3).Draw(t, "m") {
			b = append(b, value(t))
		}
		same := len(a) == len(b)
		for i := range a {
			if same && !sameForm(a[i], b[i]) {
				same = false
			}
		}
		var ka, kb []byte
		for _, v := range a {
			ka = AppendKey(ka, v)
		}
		for _, v := range b {
			kb = AppendKey(kb, v)
		}
		if bytes.Equal(ka, kb) != same {
			t.Fatalf("the keys of %#v and %#v are %q and %q", a, b, ka, kb)
		}
	})
}

// sameForm is Equal for values of one column, which have the same form.
func sameForm(a, b relation.Value) bool {
	_, x := a.(float64)
	_, y := b.(float64)
	return x == y && Equal(a, b)
}

func TestCompare(t *testing.T) {
	levels := []string{"low", "mid", "high"}
	for _, c := range []struct {
		k    relation.Kind
		less []relation.Value // in order
	}{
		{relation.Bool, []relation.Value{nil, false, true}},
		{relation.Int, []relation.Value{nil, int64(-1), int64(0), int64(7)}},
		{relation.Float, []relation.Value{nil, -0.5, 0.0, 1e300}},
		{relation.Text, []relation.Value{nil, "", "B", "a", "é", "𝄞"}},
		{relation.Enum, []relation.Value{nil, "low", "mid", "high", "unknown"}},
		{relation.Bytes, []relation.Value{nil, []byte{}, []byte{0}, []byte{255}}},
	} {
		for i, a := range c.less {
			for j, b := range c.less {
				got := Compare(c.k, levels, a, b)
				if (got < 0) != (i < j) || (got > 0) != (i > j) {
					t.Errorf("Compare(%v, %v) = %d", a, b, got)
				}
			}
		}
	}
}

func TestArith(t *testing.T) {
	const most = int64(1<<53 - 1)
	for _, c := range []struct {
		op    relation.Op
		float bool
		l, r  relation.Value
		want  relation.Value // nil for an error
	}{
		{relation.Add, false, most, int64(0), most},
		{relation.Add, false, most, int64(1), nil},
		{relation.Mul, false, int64(1 << 40), int64(1 << 40), nil},
		{relation.Mul, false, int64(-3), int64(4), int64(-12)},
		{relation.IDiv, false, int64(-7), int64(2), int64(-3)},
		{relation.Mod, false, int64(-7), int64(2), int64(-1)},
		{relation.IDiv, false, int64(1), int64(0), nil},
		{relation.Div, true, 1.0, 0.0, nil},
		{relation.Div, true, 1.0, 4.0, 0.25},
		{relation.Mul, true, 1e300, 1e300, nil},
	} {
		got, err := Arith(c.op, c.float, c.l, c.r)
		if (err != nil) != (c.want == nil) || got != c.want {
			t.Errorf("%v %s %v = %v, %v; want %v", c.l, c.op, c.r, got, err, c.want)
		}
	}
}
