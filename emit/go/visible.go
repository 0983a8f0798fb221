package emitgo

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// visible returns the variable that describes what clients see of stored values. Equal descriptions share a variable.
func (g *gen) visible(v *relation.Visible) *jen.Statement {
	key := fmt.Sprintf("%+v", *v)
	name, known := g.visibleVar[key]
	if !known {
		name = g.names.take("visible" + exported(v.Of))
		g.visibleVar[key] = name
		g.visibles = append(g.visibles, visibleOf{name, v})
	}
	return jen.Id(name)
}

// visibleOf is such a variable.
type visibleOf struct {
	name string
	v    *relation.Visible
}

var formNames = map[relation.FormKind]string{
	relation.ListForm: "ListForm", relation.MapForm: "MapForm", relation.RecordForm: "RecordForm", relation.UnionForm: "UnionForm",
}

// declareVisibles writes the variables, when all uses are known.
func (g *gen) declareVisibles() {
	for _, x := range g.visibles {
		f := g.files.of("", "visible")
		f.gap()
		f.comment(x.name + " is what clients see of stored values of type " + x.v.Of + ": no secret field is in it.")
		f.body = append(f.body, jen.Var().Id(x.name).Op("=").Add(ref("Visible", true, func(add func(string, jen.Code)) {
			add("Of", jen.Lit(x.v.Of))
			add("Forms", jen.Index().Add(rel("Form")).CustomFunc(multi(true), func(b *jen.Group) {
				for i := range x.v.Forms {
					b.Add(formLit(&x.v.Forms[i]))
				}
			}))
		})))
	}
}

func formLit(f *relation.Form) *jen.Statement {
	return literal(jen.Null(), false, func(add func(string, jen.Code)) {
		name, known := formNames[f.Kind]
		if !known {
			fail(ir.Pos{}, "no Go for the form %d of a stored value", f.Kind)
		}
		add("Kind", rel(name))
		switch f.Kind {
		case relation.ListForm, relation.MapForm:
			add("Elem", formAt(f.Elem))
			return
		case relation.UnionForm:
			add("Tag", jen.Lit(f.Tag))
		}
		add("Members", jen.Index().Add(rel("Member")).ValuesFunc(func(b *jen.Group) {
			for _, m := range f.Members {
				b.Add(literal(jen.Null(), false, func(add func(string, jen.Code)) {
					add("Name", jen.Lit(m.Name))
					add("Form", formAt(m.Form))
				}))
			}
		}))
	})
}

// formAt returns the literal for the position of a form.
func formAt(at int) jen.Code {
	if at == relation.Whole {
		return rel("Whole")
	}
	return jen.Lit(at)
}
