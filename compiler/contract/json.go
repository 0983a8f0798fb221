package contract

import (
	"bytes"
	"encoding/json"
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
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := compact(m.name)
		if err != nil {
			return nil, err
		}
		value, err := compact(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// compact writes a value without spaces, and with <, > and & as they are: what is read by people is not hidden in a page.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// pretty writes a value for people, with a newline at its end.
func pretty(v any) []byte {
	plain, err := compact(v)
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
