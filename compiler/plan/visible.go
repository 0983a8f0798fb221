package plan

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// visible describes what clients see of stored values of type t. It is nil if the type contains no secret field, so
// that everything is visible.
func visible(t ir.Type) *relation.Visible {
	if !ir.HoldsSecret(t) {
		return nil
	}
	v := &visibility{out: &relation.Visible{Of: typeName(t)}, known: map[ir.Type]int{}}
	v.form(t)
	return v.out
}

// typeName returns a name for the result, from the first named type in t.
func typeName(t ir.Type) string {
	switch t := t.(type) {
	case *ir.Optional:
		return typeName(t.Elem)
	case *ir.List:
		return typeName(t.Elem)
	case *ir.Map:
		return typeName(t.Elem)
	case *ir.Record:
		return t.Name
	case *ir.Union:
		return t.Name
	case *ir.Scalar, *ir.Enum, *ir.Null, *ir.Void:
		return ""
	default:
		panic(ir.UnknownType(t))
	}
}

// visibility collects the forms of a type, one for each record and union.
type visibility struct {
	out   *relation.Visible
	known map[ir.Type]int
}

// form returns the position of the form of t, or relation.Whole.
func (v *visibility) form(t ir.Type) int {
	if !ir.HoldsSecret(t) {
		return relation.Whole
	}
	if o, ok := t.(*ir.Optional); ok {
		return v.form(o.Elem)
	}
	if at, ok := v.known[t]; ok {
		return at
	}
	at := len(v.out.Forms)
	v.known[t] = at
	v.out.Forms = append(v.out.Forms, relation.Form{}) // reserve the position before adding the forms that it refers to
	var f relation.Form
	switch t := t.(type) {
	case *ir.List:
		f = relation.Form{Kind: relation.ListForm, Elem: v.form(t.Elem)}
	case *ir.Map:
		f = relation.Form{Kind: relation.MapForm, Elem: v.form(t.Elem)}
	case *ir.Record:
		f = relation.Form{Kind: relation.RecordForm}
		for _, field := range t.Fields {
			if !field.Secret {
				f.Members = append(f.Members, relation.Member{Name: field.Name, Form: v.form(field.Type)})
			}
		}
	case *ir.Union:
		f = relation.Form{Kind: relation.UnionForm, Tag: t.Tag}
		for _, variant := range t.Variants {
			f.Members = append(f.Members, relation.Member{Name: variant.Value, Form: v.form(variant.Record)})
		}
	default: // other types hold no secret field
		panic(ir.UnknownType(t))
	}
	v.out.Forms[at] = f
	return at
}
