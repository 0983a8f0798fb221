package check

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/stdlib"
)

// bad is the type of what has none because of a mistake. It fits everything.
var bad ir.Type = &ir.Record{Name: "?", Anonymous: true}

func isBad(t ir.Type) bool {
	switch t := t.(type) {
	case *ir.Optional:
		return isBad(t.Elem)
	case *ir.List:
		return isBad(t.Elem)
	}
	return t == bad
}

// The unrefined scalars.
var (
	stringT   = &ir.Scalar{Kind: ir.String}
	intT      = &ir.Scalar{Kind: ir.Int}
	floatT    = &ir.Scalar{Kind: ir.Float}
	boolT     = &ir.Scalar{Kind: ir.Bool}
	timeT     = &ir.Scalar{Kind: ir.Time}
	durationT = &ir.Scalar{Kind: ir.Duration}
	bytesT    = &ir.Scalar{Kind: ir.Bytes}
	idT       = &ir.Scalar{Kind: ir.ID}
	jsonT     = &ir.Scalar{Kind: ir.JSON}
	nullT     = &ir.Null{}
	voidT     = &ir.Void{}
)

var scalars = map[string]*ir.Scalar{
	"string": stringT, "int": intT, "float": floatT, "bool": boolT, "time": timeT, "duration": durationT, "bytes": bytesT, "id": idT, "json": jsonT,
}

func isScalar(t ir.Type, kinds ...ir.ScalarKind) bool {
	s, ok := t.(*ir.Scalar)
	return ok && slices.Contains(kinds, s.Kind)
}

func optional(t ir.Type) ir.Type {
	switch t.(type) {
	case *ir.Optional, *ir.Null:
		return t
	}
	if isBad(t) {
		return t
	}
	return &ir.Optional{Elem: t}
}

// elem is the type without its optional.
func elem(t ir.Type) ir.Type {
	if o, ok := t.(*ir.Optional); ok {
		return o.Elem
	}
	return t
}

// plain is the type without refinements.
func plain(t ir.Type) ir.Type {
	if s, ok := t.(*ir.Scalar); ok && s.Refine != nil {
		return &ir.Scalar{Kind: s.Kind}
	}
	if l, ok := t.(*ir.List); ok && l.Refine != nil {
		return &ir.List{Elem: l.Elem}
	}
	return t
}

// same tells whether two types are one, refinements aside.
func same(a, b ir.Type) bool {
	if isBad(a) || isBad(b) {
		return true
	}
	switch a := a.(type) {
	case *ir.Scalar:
		b, ok := b.(*ir.Scalar)
		return ok && a.Kind == b.Kind
	case *ir.Optional:
		b, ok := b.(*ir.Optional)
		return ok && same(a.Elem, b.Elem)
	case *ir.List:
		b, ok := b.(*ir.List)
		return ok && same(a.Elem, b.Elem)
	case *ir.Map:
		b, ok := b.(*ir.Map)
		return ok && same(a.Elem, b.Elem)
	case *ir.Enum:
		b, ok := b.(*ir.Enum)
		return ok && (a == b || (a.Anonymous || b.Anonymous) && slices.Equal(a.Values, b.Values))
	case *ir.Null:
		_, ok := b.(*ir.Null)
		return ok
	case *ir.Void:
		_, ok := b.(*ir.Void)
		return ok
	}
	return a == b
}

// naming says what a type without a name of its own is called after.
type naming struct {
	base string
}

// typ gives the type of a type expression; bad where it has none.
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
		return bad
	case *ast.NamedType:
		return c.namedType(m, x)
	case *ast.MemberType:
		return c.memberType(m, x)
	case *ast.OptionalType:
		return optional(c.typ(m, x.Elem, n))
	case *ast.ListType:
		l := &ir.List{Elem: c.typ(m, x.Elem, n)}
		if x.Refine != nil {
			l.Refine = c.refine(m, x.Refine, l)
		}
		if isBad(l.Elem) {
			return bad
		}
		return l
	case *ast.MapType:
		if key := c.typ(m, x.Key, n); !isBad(key) && !isScalar(key, ir.String, ir.ID) {
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
		e := &ir.Enum{Pos: m.pos(x), Module: m.Name, Name: c.shape(m, n.base), Anonymous: true, Values: []string{literalText(x.Value)}}
		m.ir.Shapes = append(m.ir.Shapes, e)
		c.declareMember(m, e, x, e.Values[0])
		return e
	}
	panic(fmt.Sprintf("a type of kind %T is not checked", x))
}

func literalText(s *ast.StringLit) string {
	text := ""
	if s != nil {
		for _, p := range s.Parts {
			text += p.Text
		}
	}
	return text
}

func (c *checker) namedType(m *module, x *ast.NamedType) ir.Type {
	name := x.Name.Name
	if name == "" {
		return bad
	}
	if s, ok := scalars[name]; ok {
		m.useOwn(x.Name.Span, index.Scalar, name, s)
		if x.Refine == nil {
			return s
		}
		return &ir.Scalar{Kind: s.Kind, Refine: c.refine(m, x.Refine, s)}
	}
	s := m.refer(name, x.Name.Span)
	if s == nil {
		c.unknownType(m, x)
		return bad
	}
	t := c.declaredType(s)
	if t == nil {
		if s.Known() {
			c.errorf(m, x.Name.Span, diag.CodeWrongKind, "`%s` is %s, not a type", name, article(s.Decl.Keyword())).also(c.home(s).namePos(s.Decl), "declared here")
		}
		return bad
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
	for n := range scalars {
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

// elsewhere finds a module that declares a name which this one does not use.
func (c *checker) elsewhere(m *module, name string) string {
	for _, o := range c.order {
		if o == m {
			continue
		}
		if s := o.Module.Lookup(name); s.Known() && s.Module == o.Module {
			m.used[s] = true // it was meant
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

// declaredType is the type that a symbol stands for; nil if none.
func (c *checker) declaredType(s *resolve.Symbol) ir.Type {
	switch d := s.Decl.(type) {
	case *ast.TypeDecl:
		return c.typeDecl(c.home(s), d)
	case *ast.Table:
		return c.table(c.home(s), d).Row
	}
	if s.Decl == nil {
		return bad
	}
	if _, broken := s.Decl.(*ast.BadDecl); broken {
		return bad
	}
	return nil
}

func (c *checker) memberType(m *module, x *ast.MemberType) ir.Type {
	t := c.namedType(m, &ast.NamedType{At: x.Name.At, Name: x.Name})
	if isBad(t) {
		return bad
	}
	r, ok := t.(*ir.Record)
	if !ok {
		c.errorf(m, x.Name.Span, diag.CodeUnknownField, "`%s` has no fields", x.Name.Name)
		return bad
	}
	if x.Member.Name == "patch" && fieldOf(r, "patch") == nil {
		return c.patch(r)
	}
	f := fieldOf(r, x.Member.Name)
	if f == nil {
		if x.Member.Name != "" {
			c.unknownField(m, &x.Member, r)
		}
		return bad
	}
	if f.Type == nil { // of a record under way
		c.errorf(m, x.Span, diag.CodeRecursiveType, "the type of `%s.%s` depends on itself", x.Name.Name, x.Member.Name).help("write the type itself")
		return bad
	}
	m.useField(x.Member.Span, f)
	return f.Type
}

func (c *checker) unknownField(m *module, name *ast.Ident, r *ir.Record) {
	what := "`" + ir.TypeString(r) + "`"
	if r.Anonymous && r.PatchOf == nil {
		what = "the record"
	}
	f := c.errorf(m, name.Span, diag.CodeUnknownField, "%s has no field `%s`", what, name.Name).suggest(m, name.Span, name.Name, fieldNames(r)).
		help("it has %s", choiceAnd(fieldNames(r)))
	unpatched(f, r, name.Name)
}

func choiceAnd(words []string) string {
	if len(words) == 0 {
		return "no fields"
	}
	if len(words) > 12 {
		words = append(slices.Clone(words[:12]), "…")
	}
	s := ""
	for i, w := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			s += " and "
		default:
			s += ", "
		}
		s += "`" + w + "`"
	}
	return s
}

func fieldOf(r *ir.Record, name string) *ir.Field {
	for _, f := range r.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}
