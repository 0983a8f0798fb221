package value

import (
	"encoding/json"
	"hash/maphash"
	"reflect"
	"slices"
	"time"
)

// Unique is a list without the elements that equal an earlier one. It compares only elements with the same hash, so that it takes a time
// that grows with the length of the list, and not with its square.
func Unique[T any](list []T) []T {
	out := []T{}
	seed := maphash.MakeSeed()
	seen := map[uint64][]int{} // positions in out
	for i := range list {
		var h maphash.Hash
		h.SetSeed(seed)
		hash(&h, reflect.ValueOf(&list[i]).Elem())
		sum := h.Sum64()
		if !slices.ContainsFunc(seen[sum], func(at int) bool { return Equal(out[at], list[i]) }) {
			seen[sum] = append(seen[sum], len(out))
			out = append(out, list[i])
		}
	}
	return out
}

// hash adds a value to a hash so that values that equal finds equal have the same hash.
func hash(h *maphash.Hash, v reflect.Value) {
	switch x := v.Interface().(type) {
	case time.Time:
		maphash.WriteComparable(h, x.UnixNano())
		return
	case json.RawMessage:
		maphash.WriteComparable(h, string(Canonical(x)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			hash(h, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			hash(h, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			hash(h, v.Field(i))
		}
	case reflect.Map:
		maphash.WriteComparable(h, v.Len()) // its order is not fixed
	default:
		maphash.WriteComparable(h, v.Interface())
	}
}
