package analyze

import (
	"cmp"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// label is where a secret comes from: a secret field or setting, and the place that reads it.
type label struct {
	what     string // field or setting
	name     string
	declared ir.Pos
	read     ir.Pos
	short    bool // it may be guessed: a field, or a setting that is not a text
	form     form
	digest   bool // hashed with or as a key: a part of that says nothing about a part of the secret
}

// form is how much of a secret is left.
type form uint8

const (
	asIs      form = iota
	rewritten      // all of it, written in another way: as a text, in lower case, as a part of another text
	partial        // a part of it, or what an operator has made of it
)

// labels is a set of labels, in order of their places. Sets are not changed once they are made; nil is the empty one.
type labels []label

func compareLabels(a, b label) int {
	return cmp.Or(
		comparePos(a.read, b.read),
		comparePos(a.declared, b.declared),
		cmp.Compare(a.name, b.name),
		cmp.Compare(a.form, b.form),
		compareBool(a.digest, b.digest),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// fieldLabel is the label of a field that is marked secret.
func fieldLabel(f *ir.Field, read ir.Pos) labels {
	return labels{{what: "field", name: f.Name, declared: f.Pos, read: read, short: true}}
}

func comparePos(a, b ir.Pos) int {
	path := func(p ir.Pos) string {
		if p.File == nil {
			return ""
		}
		return p.File.Path
	}
	return cmp.Or(cmp.Compare(path(a), path(b)), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}

// in is the labels of what is left of secrets in another form.
func (s labels) in(to form) labels {
	var out labels
	for _, l := range s {
		l.form = max(l.form, to)
		out = union(out, labels{l})
	}
	return out
}

// digested is the labels of what secrets are hashed to.
func digested(s labels) labels {
	var out labels
	for _, l := range s {
		l.digest = true
		out = union(out, labels{l})
	}
	return out
}

// without is a set without the labels of another.
func (s labels) without(o labels) labels {
	return slices.DeleteFunc(slices.Clone(s), func(l label) bool { return slices.Contains(o, l) })
}

// digestless is the labels of secrets that are there otherwise than hashed.
func digestless(s labels) labels {
	return slices.DeleteFunc(slices.Clone(s), func(l label) bool { return l.digest && l.form == asIs })
}

// from are the labels of secrets that are in this form, or in one in which less is left.
func (s labels) from(least form) labels {
	return slices.DeleteFunc(slices.Clone(s), func(l label) bool { return l.form < least })
}

// union is the labels of all sets.
func union(sets ...labels) labels {
	var out labels
	shared := true // out is one of the sets
	for _, s := range sets {
		switch {
		case len(s) == 0:
		case len(out) == 0:
			out = s
		default:
			if shared {
				out, shared = slices.Clone(out), false
			}
			for _, l := range s {
				if i, found := slices.BinarySearchFunc(out, l, compareLabels); !found {
					out = slices.Insert(out, i, l)
				}
			}
		}
	}
	return out
}

// value is what the analysis knows of a value: which secrets are in it. Containers are transparent: a list, a map or an optional
// is described by what its elements have in common.
//
// Whether there is a value, and how many elements it has, may be known of a secret that is read as it is (`!= null`), and of
// nothing that was computed of one: see made.
type value struct {
	own    labels            // the value itself holds these, in each of its parts
	chosen labels            // these have decided that it is this value, that there is one, or how many elements it has
	fields map[string]*value // of a record whose fields were made one by one; a field that is not here has what own says
}

var clean = &value{}

// made is a value that was computed of secrets: all about it tells of them.
func made(of labels) *value {
	if len(of) == 0 {
		return clean
	}
	return &value{own: of, chosen: of}
}

// join is a value that may be any of several.
func join(values ...*value) *value {
	out := clean
	for _, v := range values {
		switch {
		case v == clean || v == out:
		case out == clean:
			out = v
		default:
			out = &value{own: union(out.own, v.own), chosen: union(out.chosen, v.chosen), fields: joinFields(out, v)}
		}
	}
	return out
}

func joinFields(a, b *value) map[string]*value {
	if a.fields == nil && b.fields == nil {
		return nil
	}
	out := map[string]*value{}
	for _, from := range [...]*value{a, b} {
		for name := range from.fields {
			if out[name] == nil {
				out[name] = join(a.member(name), b.member(name))
			}
		}
	}
	return out
}

// member is a field alone, without what has chosen the record.
func (v *value) member(name string) *value {
	if f := v.fields[name]; f != nil {
		if len(v.own) == 0 {
			return f
		}
		return &value{own: union(f.own, v.own), chosen: f.chosen, fields: f.fields}
	}
	return made(v.own)
}

// part is a field as one reads it.
func (v *value) part(name string) *value { return v.member(name).after(v.chosen) }

// holding is the value with more labels in it.
func (v *value) holding(more labels) *value {
	if len(more) == 0 {
		return v
	}
	return &value{own: union(v.own, more), chosen: v.chosen, fields: v.fields}
}

// after is the value where more has decided about it.
func (v *value) after(more labels) *value {
	if len(more) == 0 {
		return v
	}
	return &value{own: v.own, chosen: union(v.chosen, more), fields: v.fields}
}

// all is every label in the value.
func (v *value) all() labels {
	out := union(v.own, v.chosen)
	for _, f := range v.fields {
		out = union(out, f.all())
	}
	return out
}

// decided is every label of what has chosen the value or a part of it.
func (v *value) decided() labels {
	out := v.chosen
	for _, f := range v.fields {
		out = union(out, f.decided())
	}
	return out
}

// maxDepth is how deep the fields of fields are told apart. What is deeper is taken together, so that a function that nests its
// own result comes to an end.
const maxDepth = 8

// bounded is the value with its fields down to a depth. One without a secret is clean, however it is made.
func (v *value) bounded(depth int) *value {
	if len(v.all()) == 0 {
		return clean
	}
	if v.fields == nil {
		return v
	}
	if depth == 0 {
		return made(v.all())
	}
	out := &value{own: v.own, chosen: v.chosen, fields: make(map[string]*value, len(v.fields))}
	for name, f := range v.fields {
		out.fields[name] = f.bounded(depth - 1)
	}
	return out
}

// same reports whether two values are described alike.
func (v *value) same(o *value) bool {
	if v == o {
		return true
	}
	if !slices.Equal(v.own, o.own) || !slices.Equal(v.chosen, o.chosen) || len(v.fields) != len(o.fields) {
		return false
	}
	for name, f := range v.fields {
		if of := o.fields[name]; of == nil || !f.same(of) {
			return false
		}
	}
	return true
}
