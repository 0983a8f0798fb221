package value

import (
	"bytes"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/wire"
)

// AppendVisible appends the part that clients see of a value that is stored as JSON. Text that is not JSON becomes null.
func AppendVisible(dst []byte, text relation.JSON, v *relation.Visible) []byte {
	start, b := len(dst), []byte(text)
	for _, m := range [...]mode{fast, trusted} { // generated code writes the plain form
		s := sieve{d: Decoder{b: b, mode: m}, forms: v.Forms}
		if dst = s.append(dst[:start], 0); s.d.OK() {
			return dst
		}
	}
	return AppendNull(dst[:start])
}

// SameVisible reports whether two values that are stored as JSON are the same to clients.
func SameVisible(a, b relation.JSON, v *relation.Visible) bool {
	x, y := AppendVisible(nil, a, v), AppendVisible(nil, b, v)
	return bytes.Equal(x, y) || bytes.Equal(Canonical(x), Canonical(y)) // older rows may have their members in another order
}

// sieve copies the visible parts of a value.
type sieve struct {
	d     Decoder
	forms []relation.Form
}

// append copies the next value, whose form has this index.
func (s *sieve) append(dst []byte, at int) []byte {
	d := &s.d
	first := d.peek()
	if at == relation.Whole {
		from := d.i
		d.Skip()
		return append(dst, d.b[from:d.i]...)
	}
	f := &s.forms[at]
	switch {
	case f.Kind == relation.ListForm && first == '[':
		return s.list(dst, f)
	case f.Kind == relation.MapForm && first == '{':
		return s.members(dst, func(string) (int, bool) { return f.Elem, true })
	case f.Kind == relation.RecordForm && first == '{':
		return s.members(dst, f.Member)
	case f.Kind == relation.UnionForm && first == '{':
		tag := d.Tag(f.Tag)
		if tag == nil && d.mode == fast { // it may come later
			d.Refuse("")
			return dst
		}
		if form, known := f.Member(string(tag)); known {
			return s.append(dst, form)
		}
	}
	d.Skip()
	return AppendNull(dst)
}

func (s *sieve) list(dst []byte, f *relation.Form) []byte {
	dst = append(dst, '[')
	s.d.Array()
	for i := 0; s.d.Next(); i++ {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = s.append(dst, f.Elem)
	}
	s.d.End()
	return append(dst, ']')
}

// members copies the members of an object that form knows, each by its form.
func (s *sieve) members(dst []byte, form func(name string) (at int, known bool)) []byte {
	dst = append(dst, '{')
	n := 0
	for s.d.Object(); s.d.Member(); {
		name := string(s.d.Key())
		at, known := form(name)
		if !known {
			s.d.Skip()
			continue
		}
		if n++; n > 1 {
			dst = append(dst, ',')
		}
		dst = append(wire.AppendString(dst, name), ':')
		dst = s.append(dst, at)
	}
	s.d.End()
	return append(dst, '}')
}
