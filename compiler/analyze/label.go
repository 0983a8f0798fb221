package analyze

import (
	"cmp"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// label identifies a secret by its source: a secret field or setting, and the place that reads it.
type label struct {
	what     string // the field or setting
	name     string
	declared ir.Pos
	read     ir.Pos
	short    bool // it can be guessed: it is a field, or a setting that is not a text
	form     form
	digest   bool // hashed with or as a key: a part of the digest reveals nothing about a part of the secret
}

// form is how much of a secret remains.
type form uint8

const (
	asIs      form = iota
	rewritten      // all of it, but changed: as a text, in lower case, inside of another text
	partial        // a part of it, or the result of an operator
)

// labels is a set of labels, sorted by position. Sets are immutable; nil is the empty set.
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

// fieldLabel returns the label of a field that is marked secret.
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

// in returns the labels for the secrets in another form, if that form is weaker.
func (s labels) in(to form) labels {
	var out labels
	for _, l := range s {
		l.form = max(l.form, to)
		out = union(out, labels{l})
	}
	return out
}

// digested returns the labels for digests of the secrets.
func digested(s labels) labels {
	var out labels
	for _, l := range s {
		l.digest = true
		out = union(out, labels{l})
	}
	return out
}

// without returns the set without the labels of another.
func (s labels) without(o labels) labels {
	return slices.DeleteFunc(slices.Clone(s), func(l label) bool { return slices.Contains(o, l) })
}

// digestless returns the labels of secrets that are not only present as a digest.
func digestless(s labels) labels {
	return slices.DeleteFunc(slices.Clone(s), func(l label) bool { return l.digest && l.form == asIs })
}

// from returns the labels of secrets that are in this form or a weaker one.
func (s labels) from(least form) labels {
	return slices.DeleteFunc(slices.Clone(s), func(l label) bool { return l.form < least })
}

// union returns the union of sets.
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

// value describes which secrets a value may contain. Containers are transparent: a list, a map or an optional is described
// by what its elements have in common.
//
// For a secret that is read as it is, it is not secret whether there is a value (`!= null`) and how many elements it has.
// For a value computed from a secret, both are secret: see made.
type value struct {
	own    labels            // the value itself contains these, in each of its parts
	chosen labels            // these decided which value it is, whether there is one, or how many elements it has
	fields map[string]*value // of a record whose fields are known one by one; all other fields have the labels in own
}

var clean = &value{}

// made describes a value that was computed from secrets: everything about it may reveal them.
func made(of labels) *value {
	if len(of) == 0 {
		return clean
	}
	return &value{own: of, chosen: of}
}

// join describes a value that may be any of several values.
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

// member describes a field alone, without the labels that chose the record.
func (v *value) member(name string) *value {
	if f := v.fields[name]; f != nil {
		if len(v.own) == 0 {
			return f
		}
		return &value{own: union(f.own, v.own), chosen: f.chosen, fields: f.fields}
	}
	return made(v.own)
}

// part describes a field that is read.
func (v *value) part(name string) *value { return v.member(name).after(v.chosen) }

// holding adds labels to own.
func (v *value) holding(more labels) *value {
	if len(more) == 0 {
		return v
	}
	return &value{own: union(v.own, more), chosen: v.chosen, fields: v.fields}
}

// after adds labels to chosen.
func (v *value) after(more labels) *value {
	if len(more) == 0 {
		return v
	}
	return &value{own: v.own, chosen: union(v.chosen, more), fields: v.fields}
}

// all returns all labels in the value.
func (v *value) all() labels {
	out := union(v.own, v.chosen)
	for _, f := range v.fields {
		out = union(out, f.all())
	}
	return out
}

// decided returns all labels that chose the value or a part of it.
func (v *value) decided() labels {
	out := v.chosen
	for _, f := range v.fields {
		out = union(out, f.decided())
	}
	return out
}

// maxDepth is the depth to which nested fields are described separately. Deeper fields are merged. Otherwise the analysis of
// a function that nests its own result would not end.
const maxDepth = 8

// bounded limits the description to a depth. A value without any secret becomes clean.
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

// same reports whether two descriptions are equal.
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
