package contract

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// object is a JSON object that keeps the order of its members, so that the same program gives the same bytes and people find what they look for where they expect it.
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

// with is the object and one more member, which leaves o as it is.
func (o object) with(name string, value any) object {
	return append(o[:len(o):len(o)], member{name, value})
}

// get is the value of a member, or nil.
func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// MarshalJSON is part of json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) { return appendJSON(nil, o) }

// appendJSON appends a value without spaces, and with <, > and & as they are: what is read by people is not hidden in a page. Objects are written in one go: package json would copy each of them once
// for every object around it.
func appendJSON(b []byte, v any) (_ []byte, err error) {
	switch v := v.(type) {
	case object:
		b = append(b, '{')
		for i, m := range v {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendJSON(b, m.name); err != nil {
				return nil, err
			}
			if b, err = appendJSON(append(b, ':'), m.value); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	case list:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendJSON(b, x); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	case string:
		if isPlain(v) {
			return append(append(append(b, '"'), v...), '"'), nil
		}
	}
	var one bytes.Buffer
	e := json.NewEncoder(&one)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return append(b, bytes.TrimSuffix(one.Bytes(), []byte("\n"))...), nil
}

// isPlain tells whether JSON writes a text as it is.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// pretty writes a value for people, with a newline at its end.
func pretty(v any) []byte {
	plain, err := appendJSON(nil, v)
	var b bytes.Buffer
	if err == nil {
		err = json.Indent(&b, plain, "", "  ")
	}
	if err != nil {
		panic("contract: " + err.Error()) // all values are strings, numbers, booleans, lists and objects of them
	}
	b.WriteByte('\n')
	return b.Bytes()
}
