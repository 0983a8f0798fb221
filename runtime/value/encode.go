package value

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/livec-lang/livec/relation/function"
)

// The functions below are those of append.go as functions of a pointer: func(dst []byte, v *T) []byte.

// EncodeString appends a string.
func EncodeString(dst []byte, v *string) []byte { return AppendString(dst, *v) }

// EncodeInt appends an int.
func EncodeInt(dst []byte, v *int64) []byte { return AppendInt(dst, *v) }

// EncodeFloat appends a float.
func EncodeFloat(dst []byte, v *float64) []byte { return AppendFloat(dst, *v) }

// EncodeBool appends a bool.
func EncodeBool(dst []byte, v *bool) []byte { return AppendBool(dst, *v) }

// EncodeTime appends a time.
func EncodeTime(dst []byte, v *time.Time) []byte { return AppendTime(dst, *v) }

// EncodeDuration appends a duration.
func EncodeDuration(dst []byte, v *time.Duration) []byte { return AppendDuration(dst, *v) }

// EncodeBytes appends bytes.
func EncodeBytes(dst []byte, v *[]byte) []byte { return AppendBytes(dst, *v) }

// EncodeJSON appends a json value.
func EncodeJSON(dst []byte, v *json.RawMessage) []byte { return AppendJSON(dst, *v) }

// ToJSON is a value as JSON. If that is too large, it panics like Cat.
func ToJSON[T any](v T, encode func([]byte, *T) []byte) json.RawMessage {
	text := encode(nil, &v)
	if len(text) > function.MaxJoined {
		panic(function.ErrSize)
	}
	return text
}

// Text is a value as JSON text.
func Text[T any](v T, encode func([]byte, *T) []byte) string { return string(encode(nil, &v)) }

// Topic is a JSON array of values that are JSON already.
func Topic(parts ...[]byte) []byte {
	dst := []byte{'['}
	for i, p := range parts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, p...)
	}
	return append(dst, ']')
}

// Digest encodes the hidden parameters of a stream as one part of its topic: the SHA-256 (FIPS 180-4) of the array of their JSON, with all
// secret fields, as a JSON string. They cannot be read from a topic.
func Digest(parts ...[]byte) []byte {
	sum := sha256.Sum256(Topic(parts...))
	dst := hex.AppendEncode([]byte{'"'}, sum[:])
	return append(dst, '"')
}

// JoinKey makes one text of the parts of a key.
func JoinKey(parts ...string) string {
	dst := []byte{'['}
	for i, p := range parts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendString(dst, p)
	}
	return string(append(dst, ']'))
}

// EndPatch ends a record whose members start at start, each after a comma.
func EndPatch(dst []byte, start int) []byte {
	if len(dst) == start {
		return append(dst, "{}"...)
	}
	dst[start] = '{'
	return append(dst, '}')
}

// Keys are the keys of a map in order.
func Keys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// Values are the values of a map in the order of their keys.
func Values[T any](m map[string]T) []T {
	out := make([]T, 0, len(m))
	for _, k := range Keys(m) {
		out = append(out, m[k])
	}
	return out
}

// Has reports whether a map has a key.
func Has[T any](m map[string]T, key string) bool {
	_, ok := m[key]
	return ok
}

// EncodeText appends a value of an enum.
func EncodeText[T ~string](dst []byte, v *T) []byte { return AppendString(dst, string(*v)) }

// EncodeNull appends null, whatever the value.
func EncodeNull[T any](dst []byte, _ *T) []byte { return AppendNull(dst) }

// EncodeOptional turns a function that appends a value into one that appends an optional.
func EncodeOptional[T any](encode func([]byte, *T) []byte) func([]byte, **T) []byte {
	return func(dst []byte, v **T) []byte {
		if *v == nil {
			return AppendNull(dst)
		}
		return encode(dst, *v)
	}
}

// EncodeList turns a function that appends a value into one that appends a list.
func EncodeList[T any](encode func([]byte, *T) []byte) func([]byte, *[]T) []byte {
	return func(dst []byte, v *[]T) []byte {
		dst = append(dst, '[')
		for i := range *v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = encode(dst, &(*v)[i])
		}
		return append(dst, ']')
	}
}

// EncodeMap turns a function that appends a value into one that appends a map, ordered by key.
func EncodeMap[T any](encode func([]byte, *T) []byte) func([]byte, *map[string]T) []byte {
	return func(dst []byte, v *map[string]T) []byte {
		dst = append(dst, '{')
		for i, k := range Keys(*v) {
			if i > 0 {
				dst = append(dst, ',')
			}
			x := (*v)[k]
			dst = encode(append(AppendString(dst, k), ':'), &x)
		}
		return append(dst, '}')
	}
}
