package eval

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/function"
)

// Function is a built-in scalar function for certain kinds of arguments. If an argument is null, so is the result.
// Arguments may come from the database, where a bool is 0 or 1 and JSON is text.
type Function struct {
	Name string // unique; in the database it is called live_NAME
	Args int
	Call func(args []relation.Value) (relation.Value, error)
}

// Functions are all built-in functions that pipelines may call.
var Functions = functions()

// byName has the functions by name.
var byName = func() map[string]*Function {
	m := map[string]*Function{}
	for i := range Functions {
		m[Functions[i].Name] = &Functions[i]
	}
	return m
}()

// Resolve returns the function for a call; nil if the call returns its only argument unchanged. It returns an error if
// pipelines cannot call the function.
func Resolve(f *relation.Func) (*Function, error) {
	kinds := make([]relation.Kind, len(f.Args))
	for i, a := range f.Args {
		kinds[i] = relation.KindOf(a)
	}
	if len(kinds) == 1 {
		switch {
		case f.Name == "reveal", f.Name == "millis", f.Name == "id",
			f.Name == "string" && isText(kinds[0]),
			f.Name == "float" && kinds[0] == relation.Float,
			f.Name == "int" && kinds[0] == relation.Int:
			return nil, nil
		}
	}
	name := f.Name
	if f.Name == "slice" && len(kinds) == 2 {
		name = "slice_from"
	}
	if len(kinds) > 0 {
		if suffix := kindSuffix[kinds[0]]; suffix != "" && byName[name+suffix] != nil {
			name += suffix
		}
		if kinds[0] == relation.JSONKind && !strings.HasSuffix(name, "_list") {
			name = "" // the name means a function of texts, and there is none of lists
		}
	}
	fn := byName[name]
	if fn == nil || fn.Args != len(f.Args) {
		return nil, fmt.Errorf("the database cannot compute `%s` for each row", f.Name)
	}
	return fn, nil
}

var kindSuffix = map[relation.Kind]string{
	relation.JSONKind: "_list", relation.Bool: "_bool", relation.Float: "_float", relation.Time: "_time",
	relation.Bytes: "_bytes", relation.Duration: "_duration",
}

func isText(k relation.Kind) bool {
	return k == relation.Text || k == relation.ID || k == relation.Enum
}

func functions() []Function {
	text := func(name string, fn func(string) relation.Value) Function {
		return Function{name, 1, func(a []relation.Value) (relation.Value, error) { return fn(str(a[0])), nil }}
	}
	texts := func(name string, fn func(a, b string) relation.Value) Function {
		return Function{name, 2, func(a []relation.Value) (relation.Value, error) { return fn(str(a[0]), str(a[1])), nil }}
	}
	float := func(name string, fn func(float64) float64) Function {
		return Function{name, 1, func(a []relation.Value) (relation.Value, error) { return Float(fn(number(a[0]))) }}
	}
	toInt := func(name string, fn func(float64) float64) Function {
		return Function{name, 1, func(a []relation.Value) (relation.Value, error) { return floatToInt(fn(number(a[0]))) }}
	}
	part := func(name string, fn func(time.Time) int) Function {
		return Function{name, 1, func(a []relation.Value) (relation.Value, error) {
			return int64(fn(time.UnixMilli(integer(a[0])).UTC())), nil
		}}
	}
	return []Function{
		text("lower", func(s string) relation.Value { return strings.ToLower(s) }),
		text("upper", func(s string) relation.Value { return strings.ToUpper(s) }),
		text("trim", func(s string) relation.Value { return strings.TrimSpace(s) }),
		text("length", func(s string) relation.Value { return int64(utf8.RuneCountInString(s)) }),
		text("string", func(s string) relation.Value { return s }),
		texts("contains", func(a, b string) relation.Value { return strings.Contains(a, b) }),
		texts("startsWith", func(a, b string) relation.Value { return strings.HasPrefix(a, b) }),
		texts("endsWith", func(a, b string) relation.Value { return strings.HasSuffix(a, b) }),
		{"replace", 3, func(a []relation.Value) (relation.Value, error) {
			return made(function.Replace(str(a[0]), str(a[1]), str(a[2])))
		}},
		{"slice", 3, func(a []relation.Value) (relation.Value, error) {
			return slice(str(a[0]), integer(a[1]), integer(a[2])), nil
		}},
		{"slice_from", 2, func(a []relation.Value) (relation.Value, error) {
			return slice(str(a[0]), integer(a[1]), math.MaxInt64), nil
		}},
		{"repeat", 2, func(a []relation.Value) (relation.Value, error) { return repeat(str(a[0]), integer(a[1])) }},
		{"padStart", 3, func(a []relation.Value) (relation.Value, error) {
			return made(function.PadStart(str(a[0]), integer(a[1]), str(a[2])))
		}},
		{"length_bytes", 1, func(a []relation.Value) (relation.Value, error) {
			b, _ := a[0].([]byte)
			return int64(len(b)), nil
		}},
		{"length_list", 1, func(a []relation.Value) (relation.Value, error) { return listLength(a[0]), nil }},
		{"string_bool", 1, func(a []relation.Value) (relation.Value, error) { return strconv.FormatBool(boolean(a[0])), nil }},
		{"string_float", 1, func(a []relation.Value) (relation.Value, error) { return FormatFloat(number(a[0])), nil }},
		{"string_time", 1, func(a []relation.Value) (relation.Value, error) {
			return time.UnixMilli(integer(a[0])).UTC().Format("2006-01-02T15:04:05.000Z"), nil
		}},
		{"string_duration", 1, func(a []relation.Value) (relation.Value, error) { return durationText(integer(a[0])), nil }},
		{"float", 1, func(a []relation.Value) (relation.Value, error) { return number(a[0]), nil }},
		toInt("int_float", math.Trunc),
		toInt("floor", math.Floor), toInt("ceil", math.Ceil), toInt("round", math.Round),
		float("sqrt", math.Sqrt),
		{"abs", 1, func(a []relation.Value) (relation.Value, error) {
			if n := integer(a[0]); n < 0 {
				return -n, nil
			}
			return integer(a[0]), nil
		}},
		float("abs_float", math.Abs),
		{"min", 2, func(a []relation.Value) (relation.Value, error) {
			if Compare(0, nil, a[1], a[0]) < 0 {
				return a[1], nil
			}
			return a[0], nil
		}},
		{"max", 2, func(a []relation.Value) (relation.Value, error) {
			if Compare(0, nil, a[1], a[0]) > 0 {
				return a[1], nil
			}
			return a[0], nil
		}},
		{"div", 2, func(a []relation.Value) (relation.Value, error) { return Arith(relation.IDiv, false, a[0], a[1]) }},
		part("year", time.Time.Year), part("month", func(t time.Time) int { return int(t.Month()) }), part("day", time.Time.Day),
		part("hour", time.Time.Hour), part("minute", time.Time.Minute), part("second", time.Time.Second),
		part("weekday", func(t time.Time) int { return int(t.Weekday()+6)%7 + 1 }), // ISO 8601: 1 for Monday
		{"duration", 1, func(a []relation.Value) (relation.Value, error) {
			if n := integer(a[0]); n <= maxMillis && n >= -maxMillis {
				return n, nil
			}
			return nil, ErrRange
		}},
	}
}

// maxMillis is the longest duration, in milliseconds, that Go can hold.
const maxMillis = math.MaxInt64 / int64(time.Millisecond)

func repeat(s string, n int64) (relation.Value, error) {
	if n < 0 {
		return nil, ErrRange
	}
	return made(function.Repeat(s, n))
}

// made is the result of a function that makes a text.
func made(text string, err error) (relation.Value, error) {
	if err != nil {
		return nil, err
	}
	return text, nil
}

// durationText returns a duration in the largest unit of the language that divides it: 90s, 500ms.
func durationText(ms int64) string {
	for _, u := range []struct {
		ms   int64
		name string
	}{{24 * 3600 * 1000, "d"}, {3600 * 1000, "h"}, {60 * 1000, "m"}, {1000, "s"}} {
		if ms != 0 && ms%u.ms == 0 {
			return strconv.FormatInt(ms/u.ms, 10) + u.name
		}
	}
	return strconv.FormatInt(ms, 10) + "ms"
}

func floatToInt(x float64) (relation.Value, error) {
	if math.IsNaN(x) || math.Abs(x) > maxInt {
		return nil, ErrRange
	}
	return int64(x), nil
}

// slice returns the text from code point from (inclusive) to code point to (exclusive). Negative positions count from
// the end, and positions beyond the ends are clamped.
func slice(s string, from, to int64) string {
	n := int64(utf8.RuneCountInString(s))
	at := func(i int64) int64 {
		if i < 0 {
			i += n
		}
		return max(0, min(i, n))
	}
	from, to = at(from), at(to)
	if from >= to {
		return ""
	}
	r := []rune(s)
	return string(r[from:to])
}

func listLength(v relation.Value) relation.Value {
	text, _ := jsonText(v)
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		var m map[string]json.RawMessage
		_ = json.Unmarshal([]byte(text), &m) // invalid JSON has no elements
		return int64(len(m))
	}
	var list []json.RawMessage
	_ = json.Unmarshal([]byte(text), &list)
	return int64(len(list))
}

// FormatFloat returns a float as JSON and JavaScript write it: the shortest form that parses to the same number (ECMA-262 §6.1.6.1.20).
func FormatFloat(x float64) string {
	if x == 0 {
		return "0"
	}
	if a := math.Abs(x); a >= 1e21 || a < 1e-6 {
		s := strconv.FormatFloat(x, 'e', -1, 64)
		// e-07 becomes e-7.
		if n := len(s); n >= 4 && s[n-4] == 'e' && s[n-2] == '0' {
			s = s[:n-2] + s[n-1:]
		}
		return s
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func str(v relation.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case relation.JSON:
		return string(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

func integer(v relation.Value) int64 {
	n, _ := v.(int64)
	return n
}

func boolean(v relation.Value) bool {
	switch v := v.(type) {
	case bool:
		return v
	case int64:
		return v != 0
	}
	return false
}
