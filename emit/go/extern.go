package emitgo

import (
	"path"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// nameExterns gives the packages of extern functions unique names.
func (g *gen) nameExterns(m *ir.Module) {
	if g.files.extern == nil {
		g.files.extern = map[string]string{}
	}
	for _, x := range m.Externs {
		if _, known := g.files.extern[x.Package]; known {
			continue
		}
		if _, known := importNames[x.Package]; known {
			continue
		}
		g.files.extern[x.Package] = g.names.take(unexported(path.Base(x.Package)), unexported(path.Base(x.Package))+"Pkg")
	}
}

// callExtern calls a function written in Go. Its package cannot import the types of the app, since the app imports the package. So
// records and enums are passed as their underlying Go types, which are assignable to types with the same fields.
func (b *body) callExtern(x *ir.CallExtern, want string) val {
	args := []jen.Code{jen.Id("c").Dot("Context").Call()}
	for i, v := range b.exprs(x.Args) {
		args = append(args, b.g.underlying(x.Extern.Params[i].Type, v))
	}
	fn := jen.Qual(x.Extern.Package, exportedExtern(x.Extern.Name)).Call(args...)
	if isVoid(x.Extern.Result) {
		b.check(live("ExternError").Call(fn))
		return simple(live("None").Values())
	}
	v := b.try(b.name(want, x.Extern.Name), live("Extern").Call(fn))
	switch x.Extern.Result.(type) {
	case *ir.Record, *ir.Enum:
		return call(b.g.goType(x.Extern.Result).Parens(v.any()))
	}
	return v
}

// exportedExtern returns the Go name of an extern function: the same name with an upper-case first letter.
func exportedExtern(name string) string {
	if name == "" {
		return "X"
	}
	first := name[0]
	if first >= 'a' && first <= 'z' {
		first -= 'a' - 'A'
	}
	return string(first) + name[1:]
}

// underlying returns a value as its underlying Go type.
func (g *gen) underlying(t ir.Type, v val) *jen.Statement {
	switch t := t.(type) {
	case *ir.Enum:
		return jen.String().Parens(v.any())
	case *ir.Record:
		return jen.StructFunc(func(s *jen.Group) {
			for _, f := range t.Fields {
				s.Id(g.field(f)).Add(g.fieldType(t, f))
			}
		}).Parens(v.any())
	}
	return v.any()
}
