package types

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// VariantOf is the literal that tells a record from the others of a union; empty if it is none of them.
func VariantOf(u *ir.Union, r *ir.Record) string {
	for _, v := range u.Variants {
		if v.Record == r {
			return v.Value
		}
	}
	return ""
}

// AppType is the first type of the app's own in t; nil if it is made of the language's alone.
func AppType(t ir.Type) ir.Type {
	switch t := t.(type) {
	case *ir.Optional:
		return AppType(t.Elem)
	case *ir.List:
		return AppType(t.Elem)
	case *ir.Map:
		return AppType(t.Elem)
	case *ir.Record, *ir.Enum, *ir.Union:
		if !IsBad(t) {
			return t
		}
	}
	return nil
}

// Values are all values of a type, as keys of patterns; nil if there is no end of them.
func Values(t ir.Type) []string {
	var out []string
	switch e := Elem(t).(type) {
	case *ir.Enum:
		for _, v := range e.Values {
			out = append(out, `"`+v+`"`)
		}
	case *ir.Union:
		for _, v := range e.Variants {
			out = append(out, v.Record.Name)
		}
	case *ir.Scalar:
		if e.Kind != ir.Bool {
			return nil
		}
		out = []string{"false", "true"}
	default:
		return nil
	}
	if Nullable(t) {
		out = append(out, "null")
	}
	return out
}

// PatchFields sets the fields of a patch. Fields that it already has are kept.
func PatchFields(p *ir.Record, before []*ir.Field) {
	for _, f := range p.PatchOf.Fields {
		if f.Type == nil || !Patchable(p.PatchOf, f) { // without a type, the field is under way
			continue
		}
		i := slices.IndexFunc(before, func(b *ir.Field) bool { return b.Name == f.Name })
		if i >= 0 {
			p.Fields = append(p.Fields, before[i])
			continue
		}
		p.Fields = append(p.Fields, &ir.Field{Pos: f.Pos, Name: f.Name, Doc: f.Doc, Type: Optional(f.Type), Column: f.Column})
	}
}

// Patchable reports whether a client may change a field by a patch: not the key, nor what only the server sets. Nor a record that holds
// something of that: a patch replaces the whole record, and would reset it.
func Patchable(r *ir.Record, f *ir.Field) bool {
	return f.Sent() && !ir.HoldsUnsent(f.Type) && (r.Table == nil || !slices.Contains(r.Table.Key, f))
}

// FieldNames are the names of a record's fields.
func FieldNames(r *ir.Record) []string {
	return Names(r.Fields)
}

// RowIn finds a row of a table in a type, and the field of a record that holds it, if there is one.
func RowIn(t ir.Type, seen map[ir.Type]bool) (row *ir.Record, in *ir.Field) {
	if seen[t] || IsBad(t) {
		return nil, nil
	}
	seen[t] = true
	switch t := t.(type) {
	case *ir.Optional:
		return RowIn(t.Elem, seen)
	case *ir.List:
		return RowIn(t.Elem, seen)
	case *ir.Map:
		return RowIn(t.Elem, seen)
	case *ir.Union:
		for _, v := range t.Variants {
			if row, in = RowIn(v.Record, seen); row != nil {
				return row, in
			}
		}
	case *ir.Record:
		if t.Table != nil {
			return t, nil
		}
		for _, f := range t.Fields {
			if row, in = RowIn(f.Type, seen); row == nil {
				continue
			}
			if in == nil {
				in = f
			}
			return row, in
		}
	}
	return nil, nil
}

// MarkOf is the mark by which no client gives a field.
func ModifierOf(f *ir.Field) string {
	if f.Server {
		return "server"
	}
	return "secret"
}

// Unset finds, in a type that clients send, a record for which asked holds, and its field that no client gives and that has no value of
// its own.
func Unset(t ir.Type, asked func(*ir.Record) bool, seen map[ir.Type]bool) (*ir.Record, *ir.Field) {
	if seen[t] || IsBad(t) {
		return nil, nil
	}
	seen[t] = true
	switch t := t.(type) {
	case *ir.Optional:
		return Unset(t.Elem, asked, seen)
	case *ir.List:
		return Unset(t.Elem, asked, seen)
	case *ir.Map:
		return Unset(t.Elem, asked, seen)
	case *ir.Union:
		for _, v := range t.Variants {
			if r, f := Unset(v.Record, asked, seen); f != nil {
				return r, f
			}
		}
	case *ir.Record:
		for _, f := range t.Fields {
			if !f.Sent() {
				if asked(t) && f.Default == nil && !Nullable(f.Type) {
					return t, f
				}
				continue
			}
			if r, in := Unset(f.Type, asked, seen); in != nil {
				return r, in
			}
		}
	}
	return nil, nil
}

// Names are the names of fields.
func Names(fields []*ir.Field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}

// TagOf is the name of the first field that is a literal in all records, a different one in each.
func TagOf(records []*ir.Record) string {
	if len(records) == 0 {
		return ""
	}
next:
	for _, f := range records[0].Fields {
		seen := map[string]bool{}
		for _, r := range records {
			o := FieldOf(r, f.Name)
			if o == nil {
				continue next
			}
			e, ok := o.Type.(*ir.Enum)
			if !ok || len(e.Values) != 1 || seen[e.Values[0]] {
				continue next
			}
			seen[e.Values[0]] = true
		}
		return f.Name
	}
	return ""
}

// FieldOf is the field of a name; nil if the record has none.
func FieldOf(r *ir.Record, name string) *ir.Field {
	for _, f := range r.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Columns are the positions of fields in their table.
func Columns(fields []*ir.Field) []int {
	out := make([]int, len(fields))
	for i, f := range fields {
		out[i] = f.Column
	}
	return out
}
