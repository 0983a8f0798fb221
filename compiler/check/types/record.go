package types

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// VariantOf returns the literal that distinguishes a record from the others of a union; empty if the record is not one of them.
func VariantOf(u *ir.Union, r *ir.Record) string {
	for _, v := range u.Variants {
		if v.Record == r {
			return v.Value
		}
	}
	return ""
}

// AppType returns the first type in t that the app declares; nil if t consists of built-in types only.
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
	case *ir.Scalar, *ir.Null, *ir.Void, nil: // nil is the type of a field that the checker has not reached yet
	default:
		panic(ir.UnknownType(t))
	}
	return nil
}

// Values returns all values of a type as they are written in patterns; nil if there are too many to list.
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
		if f.Type == nil || !Patchable(p.PatchOf, f) { // without a type, the field is still being checked
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

// Patchable reports whether a client may change a field by a patch. It may not change the key, fields that only the
// server sets, or a record that contains such fields: a patch replaces the whole record and would reset them.
func Patchable(r *ir.Record, f *ir.Field) bool {
	return f.Sent() && !ir.HoldsUnsent(f.Type) && (r.Table == nil || !slices.Contains(r.Table.Key, f))
}

// FieldNames returns the names of a record's fields.
func FieldNames(r *ir.Record) []string {
	return Names(r.Fields)
}

// RowIn finds a row of a table in a type. in is the field that contains it, if it is inside of a record.
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
	case *ir.Scalar, *ir.Enum, *ir.Null, *ir.Void, nil: // nil is the type of a field that the checker has not reached yet
	default:
		panic(ir.UnknownType(t))
	}
	return nil, nil
}

// ModifierOf returns the modifier because of which clients do not send a field.
func ModifierOf(f *ir.Field) string {
	if f.Server {
		return "server"
	}
	return "secret"
}

// Unset finds a field that clients do not send and that has no default, in a record for which asked holds. It searches the whole type t.
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
	case *ir.Scalar, *ir.Enum, *ir.Null, *ir.Void, nil: // nil is the type of a field that the checker has not reached yet
	default:
		panic(ir.UnknownType(t))
	}
	return nil, nil
}

// Names returns the names of fields.
func Names(fields []*ir.Field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.Name
	}
	return out
}

// TagOf returns the name of the first field that has a different literal in each record; empty if there is none.
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

// FieldOf returns the field with a name; nil if the record has none.
func FieldOf(r *ir.Record, name string) *ir.Field {
	for _, f := range r.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Columns returns the positions of fields in their table.
func Columns(fields []*ir.Field) []int {
	out := make([]int, len(fields))
	for i, f := range fields {
		out[i] = f.Column
	}
	return out
}
