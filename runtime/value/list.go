package value

import (
	"slices"

	"github.com/livec-lang/livec/relation/function"
)

// Limit is the first n elements.
func Limit[T any](list []T, n int64) []T {
	return list[:max(0, min(n, int64(len(list))))]
}

// First is the first element, or nil.
func First[T any](list []T) *T {
	if len(list) == 0 {
		return nil
	}
	return new(list[0])
}

// Last is the last element, or nil.
func Last[T any](list []T) *T {
	if len(list) == 0 {
		return nil
	}
	return new(list[len(list)-1])
}

// Reverse is a list in reverse order.
func Reverse[T any](list []T) []T {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// cut gives the bounds of a slice of n elements. A negative bound counts from the end, and one that is out of range is moved to the nearest
// end.
func cut(n int, from int64, to []int64) (int, int) {
	at := func(i int64) int {
		if i < 0 {
			i += int64(n)
		}
		return int(max(0, min(i, int64(n))))
	}
	end := n
	if len(to) > 0 {
		end = at(to[0])
	}
	return min(at(from), end), end
}

// Slice is the elements from one index up to another, which is excluded.
func Slice[T any](list []T, from int64, to ...int64) []T {
	start, end := cut(len(list), from, to)
	return list[start:end]
}

// Range is the ints from one up to another, which is excluded.
func Range(from, to int64) ([]int64, error) {
	if to-from > function.MaxMade {
		return nil, function.ErrSize
	}
	out := []int64{}
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out, nil
}

// Average is a sum divided by the number of its terms; null if there are none.
func Average(sum float64, n int) *float64 {
	if n == 0 {
		return nil
	}
	return new(sum / float64(n))
}

// PresentIf is a member of a patch that is present unless the optional is null.
func PresentIf[T any](p *T) Present[T] {
	if p == nil {
		return Present[T]{}
	}
	return Present[T]{Set: true, Value: *p}
}
