package check

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/stdlib"
)

// naming determines the name of a type without one.
type naming struct {
	base string
}

// typ returns the type of a type expression, or the bad type if it has none.
func (c *checker) typ(m *module, x ast.Type, n naming) ir.Type {
	t := c.typeOf(m, x, n)
	if x != nil {
		m.typed(x.Where(), t)
	}
	return t
}

func (c *checker) typeOf(m *module, x ast.Type, n naming) ir.Type {
	switch x := x.(type) {
	case nil, *ast.BadType:
		return types.Bad
	case *ast.NamedType:
		return c.namedType(m, x)
	case *ast.MemberType:
		return c.memberType(m, x)
	case *ast.OptionalType:
		return types.Optional(c.typ(m, x.Elem, n))
	case *ast.ListType:
		l := &ir.List{Elem: c.typ(m, x.Elem, n)}
		if x.Refine != nil {
			l.Refine = c.refine(m, x.Refine, l)
		}
		if types.IsBad(l.Elem) {
			return types.Bad
		}
		return l
	case *ast.MapType:
		if key := c.typ(m, x.Key, n); !types.IsBad(key) && !types.IsScalar(key, ir.String, ir.ID) {
			c.errorf(m, x.Key.Where(), diag.CodeTypeMismatch, "the keys of a map must be strings").help("write `[string: …]`")
		}
		return &ir.Map{Elem: c.typ(m, x.Elem, n)}
	case *ast.RecordType:
		r := &ir.Record{Pos: m.pos(x), Module: m.Name, Name: c.shape(m, n.base), Anonymous: true}
		m.ir.Shapes = append(m.ir.Shapes, r)
		c.fields(m, r, x.Fields)
		for i, f := range x.Fields {
			c.fieldDefault(m, r, i, f)
		}
		return r
	case *ast.UnionType:
		return c.union(m, x, nil, n)
	case *ast.LiteralType:
		e := &ir.Enum{Pos: m.pos(x), Module: m.Name, Name: c.shape(m, n.base), Anonymous: true, Values: []string{constant.Text(x.Value)}}
		m.ir.Shapes = append(m.ir.Shapes, e)
		c.declareMember(m, e, x, e.Values[0])
		return e
	}
	panic(fmt.Sprintf("a type of kind %T is not checked", x))
}

func (c *checker) namedType(m *module, x *ast.NamedType) ir.Type {
	name := x.Name.Name
	if name == "" {
		return types.Bad
	}
	if s, ok := types.Scalars[name]; ok {
		m.useOwn(x.Name.Span, index.Scalar, name, s)
		if x.Refine == nil {
			return s
		}
		return &ir.Scalar{Kind: s.Kind, Refine: c.refine(m, x.Refine, s)}
	}
	s := m.refer(name, x.Name.Span)
	if s == nil {
		c.unknownType(m, x)
		return types.Bad
	}
	t := c.declaredType(s)
	if t == nil {
		if s.Known() {
			c.errorf(m, x.Name.Span, diag.CodeWrongKind, "`%s` is %s, not a type", name, diag.Article(s.Decl.Keyword())).
				also(c.home(s).namePos(s.Decl), "declared here")
		}
		return types.Bad
	}
	if x.Refine != nil {
		if sc, ok := t.(*ir.Scalar); ok && sc.Refine == nil {
			return &ir.Scalar{Kind: sc.Kind, Refine: c.refine(m, x.Refine, sc)}
		}
		c.errorf(m, x.Refine.Span, diag.CodeBadRefinement, "`%s` cannot be refined here", name).help("refine it where it is declared")
	}
	return t
}

func (c *checker) unknownType(m *module, x *ast.NamedType) {
	names := []string{}
	for n := range types.Scalars {
		names = append(names, n)
	}
	for _, n := range m.Names() {
		if c.declaresType(m.Module.Lookup(n)) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	f := c.errorf(m, x.Name.Span, diag.CodeUnknownName, "there is no type `%s`", x.Name.Name)
	if foreignType(f, m, &x.Name) {
		return
	}
	f.meant(m, x.Name.Span, x.Name.Name, names)
}

// elsewhere finds a module that declares a name which this module does not import.
func (c *checker) elsewhere(m *module, name string) string {
	for _, o := range c.order {
		if o == m {
			continue
		}
		if s := o.Module.Lookup(name); s.Known() && s.Module == o.Module {
			m.used[s] = true // the author means it
			return o.Name
		}
	}
	in, _ := stdlib.Declares(name)
	return in
}

func (c *checker) declaresType(s *resolve.Symbol) bool {
	if s == nil {
		return false
	}
	switch s.Decl.(type) {
	case *ast.TypeDecl, *ast.Table:
		return true
	}
	return false
}

// declaredType returns the type that a symbol names; nil if it does not name a type.
func (c *checker) declaredType(s *resolve.Symbol) ir.Type {
	switch d := s.Decl.(type) {
	case *ast.TypeDecl:
		return c.typeDecl(c.home(s), d)
	case *ast.Table:
		return c.table(c.home(s), d).Row
	}
	if s.Decl == nil {
		return types.Bad
	}
	if _, broken := s.Decl.(*ast.BadDecl); broken {
		return types.Bad
	}
	return nil
}

func (c *checker) memberType(m *module, x *ast.MemberType) ir.Type {
	t := c.namedType(m, &ast.NamedType{At: x.Name.At, Name: x.Name})
	if types.IsBad(t) {
		return types.Bad
	}
	r, ok := t.(*ir.Record)
	if !ok {
		c.errorf(m, x.Name.Span, diag.CodeUnknownField, "`%s` has no fields", x.Name.Name)
		return types.Bad
	}
	if x.Member.Name == "patch" && types.FieldOf(r, "patch") == nil {
		return c.patch(r)
	}
	f := types.FieldOf(r, x.Member.Name)
	if f == nil {
		if x.Member.Name != "" {
			c.unknownField(m, &x.Member, r)
		}
		return types.Bad
	}
	if f.Type == nil { // the record is incomplete
		c.errorf(m, x.Span, diag.CodeRecursiveType, "the type of `%s.%s` depends on itself", x.Name.Name, x.Member.Name).
			help("write the type itself")
		return types.Bad
	}
	m.useField(x.Member.Span, f)
	return f.Type
}

func (c *checker) unknownField(m *module, name *ast.Ident, r *ir.Record) {
	what := "`" + ir.TypeString(r) + "`"
	if r.Anonymous && r.PatchOf == nil {
		what = "the record"
	}
	f := c.errorf(m, name.Span, diag.CodeUnknownField, "%s has no field `%s`", what, name.Name).
		suggest(m, name.Span, name.Name, types.FieldNames(r)).
		help("it has %s", diag.And(types.FieldNames(r)))
	unpatched(f, r, name.Name)
}
