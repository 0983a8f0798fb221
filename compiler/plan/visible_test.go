package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// TestVisible makes the forms of a type that contains itself in every way. Types without secrets must have none.
func TestVisible(t *testing.T) {
	text := &ir.Scalar{Kind: ir.String}
	field := func(name string, typ ir.Type) *ir.Field { return &ir.Field{Name: name, Type: typ} }
	secret := func(name string, typ ir.Type) *ir.Field { return &ir.Field{Name: name, Type: typ, Secret: true} }
	plain := &ir.Record{Name: "Plain", Fields: []*ir.Field{field("a", text)}}
	plain.Fields = append(plain.Fields, field("again", &ir.Optional{Elem: plain}))
	round := &ir.Record{Name: "Round", Fields: []*ir.Field{field("kind", text), secret("key", plain)}}
	shape := &ir.Union{Name: "Shape", Tag: "kind", Variants: []ir.Variant{{Value: "round", Record: round}, {Value: "flat", Record: plain}}}
	tree := &ir.Record{Name: "Tree", Fields: []*ir.Field{field("name", text), secret("pin", text), field("plain", plain)}}
	tree.Fields = append(tree.Fields,
		field("kids", &ir.List{Elem: tree}), field("by", &ir.Map{Elem: &ir.Optional{Elem: tree}}),
		field("one", &ir.Optional{Elem: tree}), field("shape", shape))

	open := []ir.Type{text, plain, &ir.List{Elem: plain}, &ir.Map{Elem: plain}, &ir.Optional{Elem: plain}, &ir.Scalar{Kind: ir.JSON}}
	for _, typ := range open {
		if c := Column("c", typ); c.Visible != nil {
			t.Errorf("%s has a form: %v", ir.TypeString(typ), c.Visible)
		}
	}
	want := &relation.Visible{Of: "Tree", Forms: []relation.Form{
		{Kind: relation.ListForm, Elem: 1},
		{Kind: relation.RecordForm, Members: []relation.Member{
			{Name: "name", Form: -1}, {Name: "plain", Form: -1}, {Name: "kids", Form: 2}, {Name: "by", Form: 3}, {Name: "one",
				Form: 1}, {Name: "shape", Form: 4},
		}},
		{Kind: relation.ListForm, Elem: 1},
		{Kind: relation.MapForm, Elem: 1},
		{Kind: relation.UnionForm, Tag: "kind", Members: []relation.Member{{Name: "round", Form: 5}, {Name: "flat", Form: -1}}},
		{Kind: relation.RecordForm, Members: []relation.Member{{Name: "kind", Form: -1}}},
	}}
	c := Column("c", &ir.Optional{Elem: &ir.List{Elem: tree}})
	if diff := cmp.Diff(want, c.Visible); diff != "" {
		t.Errorf("forms (-want +got):\n%s", diff)
	}
	if c.Kind != relation.JSONKind || !c.Nullable {
		t.Errorf("column %+v", c)
	}
}
