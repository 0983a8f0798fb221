package value

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"
)

// EqualOptional compares optionals: null equals null.
func EqualOptional[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// EqualTime compares optional times.
func EqualTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// EqualJSON compares json values by their canonical texts.
func EqualJSON(a, b json.RawMessage) bool { return bytes.Equal(Canonical(a), Canonical(b)) }

// Equal compares values of any type. An empty list equals nil.
func Equal[T any](a, b T) bool { return equal(reflect.ValueOf(&a).Elem(), reflect.ValueOf(&b).Elem()) }

func equal(a, b reflect.Value) bool {
	switch x := a.Interface().(type) {
	case time.Time:
		return x.Equal(b.Interface().(time.Time))
	case json.RawMessage:
		return EqualJSON(x, b.Interface().(json.RawMessage))
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		if a.Elem().Type() != b.Elem().Type() {
			return false
		}
		return equal(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if a.Len() != b.Len() {
			return false
		}
		for _, k := range a.MapKeys() {
			if v := b.MapIndex(k); !v.IsValid() || !equal(a.MapIndex(k), v) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// CompareOptional orders optionals: null is before all other values.
func CompareOptional[T any](a, b *T, compare func(T, T) int) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return compare(*a, *b)
}

// CompareBool orders false before true.
func CompareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// At is an element of a list. It fails if there is no such element.
func At[T any](list []T, i int64) (T, error) {
	if i < 0 || i >= int64(len(list)) {
		var zero T
		return zero, ErrIndex
	}
	return list[i], nil
}

// Lookup is the value for a key of a map, or nil.
func Lookup[T any](m map[string]T, key string) *T {
	if v, ok := m[key]; ok {
		return &v
	}
	return nil
}

// Or is the value of an optional, or otherwise if it is null.
func Or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// Present is a member of a patch: it may be absent, which differs from null.
type Present[T any] struct {
	Set   bool
	Value T
}

// Optional is the value of the member, or nil if it is absent.
func (p Present[T]) Optional() *T {
	if !p.Set {
		return nil
	}
	return &p.Value
}
