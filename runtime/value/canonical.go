package value

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/livec-lang/livec/runtime/wire"
)

// Canonical writes a json value so that equal values have equal texts: without white space, with sorted members, and with numbers as
// AppendFloat writes them. Text that is not JSON becomes null.
func Canonical(v json.RawMessage) []byte {
	if len(v) == 0 {
		return []byte("null")
	}
	parsed, err := wire.Parse(v)
	if err != nil {
		return []byte("null")
	}
	return appendAny(make([]byte, 0, len(v)), parsed)
}

func appendAny(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return AppendString(dst, v)
	case bool:
		return AppendBool(dst, v)
	case json.Number:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return AppendInt(dst, n) // also beyond ±MaxInt it is exact
		}
		x, err := v.Float64()
		if err != nil {
			return append(dst, v...)
		}
		return AppendFloat(dst, x)
	case []any:
		dst = append(dst, '[')
		for i, x := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendAny(dst, x)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for i, k := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(AppendString(dst, k), ':')
			dst = appendAny(dst, v[k])
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}
