package contract

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// object is a JSON object that keeps the order of its members: the same program gives the same bytes, and people find
// members where they expect them.
type object []member

type member struct {
	name  string
	value any
}

// list is a JSON array.
type list []any

// set adds a member.
func (o *object) set(name string, value any) { *o = append(*o, member{name, value}) }

// setText adds a member unless it would be empty.
func (o *object) setText(name, value string) {
	if value != "" {
		o.set(name, value)
	}
}

// setNames adds a list of strings unless it would be empty.
func (o *object) setNames(name string, values []string) {
	if len(values) > 0 {
		o.set(name, values)
	}
}

// with returns a copy of the object with one more member.
func (o object) with(name string, value any) object {
	return append(o[:len(o):len(o)], member{name, value})
}

// get returns the value of a member; nil if there is none.
func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) { return appendJSON(nil, o, flat), nil }

// pretty returns a value as indented JSON with a newline at the end.
func pretty(v any) []byte { return append(appendJSON(nil, v, 0), '\n') }

// flat is the depth of values that are written without whitespace.
const flat = -1

// appendJSON appends a value that is inside depth objects and lists. It does not escape <, > and &, so that people can
// read them. It writes objects in one pass: package json would copy each of them once for every object around it.
func appendJSON(b []byte, v any, depth int) []byte {
	switch v := v.(type) {
	case object:
		if len(v) == 0 {
			return append(b, "{}"...)
		}
		b = append(b, '{')
		in := deeper(depth)
		for i, m := range v {
			b = append(appendString(separate(b, i, in), m.name), ':')
			if in != flat {
				b = append(b, ' ')
			}
			b = appendJSON(b, m.value, in)
		}
		return append(newline(b, depth), '}')
	case list:
		return appendList(b, v, depth, appendJSON)
	case []string:
		return appendList(b, v, depth, func(b []byte, s string, _ int) []byte { return appendString(b, s) })
	case string:
		return appendString(b, v)
	}
	one, err := json.Marshal(v)
	if err != nil {
		panic("contract: " + err.Error()) // the remaining values are numbers and booleans, which cannot fail
	}
	return append(b, one...)
}

func appendList[T any](b []byte, all []T, depth int, one func([]byte, T, int) []byte) []byte {
	if len(all) == 0 {
		return append(b, "[]"...)
	}
	b = append(b, '[')
	in := deeper(depth)
	for i, x := range all {
		b = one(separate(b, i, in), x, in)
	}
	return append(newline(b, depth), ']')
}

// deeper returns the depth of the parts of a value.
func deeper(depth int) int {
	if depth == flat {
		return flat
	}
	return depth + 1
}

// separate begins value i of an object or a list.
func separate(b []byte, i, depth int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return newline(b, depth)
}

func newline(b []byte, depth int) []byte {
	if depth == flat {
		return b
	}
	b = append(b, '\n')
	for range depth {
		b = append(b, "  "...)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	if isPlain(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	var one bytes.Buffer
	e := json.NewEncoder(&one)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can always be encoded
	return append(b, bytes.TrimSuffix(one.Bytes(), []byte("\n"))...)
}

// isPlain reports whether JSON writes a string without escapes.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
