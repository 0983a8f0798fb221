package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// typeDecl returns the type of a declaration. Records may refer to themselves; other types may not.
func (c *checker) typeDecl(m *module, d *ast.TypeDecl) ir.Type {
	if t, ok := c.types[d]; ok {
		return t
	}
	if c.resolving[d] {
		c.errorf(m, d.Name.Span, diag.CodeRecursiveType, "the type `%s` contains itself", d.Name.Name).
			help("put a record with an optional field or a list in between")
		return types.Bad
	}
	c.resolving[d] = true
	defer delete(c.resolving, d)
	var t ir.Type
	switch x := d.Type.(type) {
	case *ast.RecordType:
		r := &ir.Record{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc}
		c.types[d] = r
		m.ir.Types = append(m.ir.Types, r)
		c.fields(m, r, x.Fields)
		c.contains(m, x.Fields, r)
		return r
	case *ast.UnionType:
		t = c.union(m, x, d, naming{d.Name.Name})
	case *ast.LiteralType:
		t = &ir.Enum{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc, Values: []string{constant.Text(x.Value)}}
		c.declareMember(m, t.(*ir.Enum), x, constant.Text(x.Value))
	default:
		t = c.typ(m, d.Type, naming{d.Name.Name})
	}
	switch t := t.(type) {
	case *ir.Enum, *ir.Union:
		if !slices.Contains(m.ir.Types, ir.Type(t)) {
			m.ir.Types = append(m.ir.Types, t)
		}
	}
	c.types[d] = t
	return t
}

// contains reports a record that contains itself without an optional, a list or a map in between: its values would be
// infinite.
func (c *checker) contains(m *module, fields []*ast.Field, r *ir.Record) {
	seen := map[*ir.Record]bool{}
	var holds func(t ir.Type) bool
	holds = func(t ir.Type) bool {
		in, ok := t.(*ir.Record)
		if !ok || types.IsBad(t) || seen[in] && in != r {
			return false
		}
		if in == r {
			return true
		}
		seen[in] = true
		for _, f := range in.Fields {
			if f.Type != nil && holds(f.Type) {
				return true
			}
		}
		return false
	}
	for i, f := range r.Fields {
		if f.Type != nil && holds(f.Type) {
			c.errorf(m, fields[i].Name.Span, diag.CodeRecursiveType, "`%s` contains itself without end", r.Name).
				help("make the field optional, with `?`, or a list")
			f.Type = types.Bad
		}
	}
}

// fields sets the fields of a record.
func (c *checker) fields(m *module, r *ir.Record, fields []*ast.Field) {
	for _, f := range fields {
		c.spelled(m, &f.Name, "field", resolve.Camel)
		if old := types.FieldOf(r, f.Name.Name); old != nil && f.Name.Name != "" {
			c.errorf(m, f.Name.Span, diag.CodeDuplicateField, "the field `%s` appears twice", f.Name.Name).also(old.Pos, "first here")
		}
		field := &ir.Field{Pos: m.pos(&f.Name), Name: f.Name.Name, Doc: f.Doc, Column: -1}
		r.Fields = append(r.Fields, field)
		field.Type = c.typ(m, f.Type, naming{r.Name + resolve.Pascal.Of(f.Name.Name)})
		c.modifiers(m, field, f, false)
		c.declareField(field)
	}
}

func (c *checker) spelled(m *module, name *ast.Ident, kind string, want resolve.Case) {
	if d, wrong := resolve.Spelling(m.src, name, kind, want); wrong {
		c.list = append(c.list, d)
	}
}

func (c *checker) modifiers(m *module, field *ir.Field, f *ast.Field, table bool) {
	for _, modifier := range f.Modifiers {
		switch modifier.Name {
		case "server":
			field.Server = true
		case "secret":
			field.Secret = true
		case "key", "unique":
			if !table {
				c.errorf(m, modifier.Span, diag.CodeClause, "only fields of a table can be `%s`", modifier.Name)
			}
		default:
			c.errorf(m, modifier.Span, diag.CodeClause, "unknown modifier `%s`", modifier.Name).
				suggest(m, modifier.Span, modifier.Name, ast.ModifierWords).
				help("a field can be `key`, `unique`, `server` or `secret`")
		}
	}
}

// union makes an enum of literals or a union of records. d is nil for a type without a name.
func (c *checker) union(m *module, x *ast.UnionType, d *ast.TypeDecl, n naming) ir.Type {
	literals := 0
	for _, mem := range x.Members {
		if _, ok := mem.(*ast.LiteralType); ok {
			literals++
		}
	}
	if literals == len(x.Members) {
		return c.enum(m, x, d, n)
	}
	if literals > 0 {
		c.errorf(m, x.Span, diag.CodeBadUnion, "a union must have either strings or records, not both")
		return types.Bad
	}
	u := &ir.Union{Pos: m.pos(x), Module: m.Name, Name: n.base}
	if d != nil {
		u.Pos, u.Doc = m.namePos(d), d.Doc
	} else {
		c.errorf(m, x.Span, diag.CodeBadUnion, "a union of records needs a name").help("declare it: `type Shape = Circle | Square`")
		return types.Bad
	}
	var records []*ir.Record
	for _, mem := range x.Members {
		t := c.typ(m, mem, n)
		r, ok := t.(*ir.Record)
		if types.IsBad(t) {
			return types.Bad
		}
		if !ok {
			c.errorf(m, mem.Where(), diag.CodeBadUnion, "`%s` is not a record", ir.TypeString(t)).
				help("the members of a union must be records with a literal field that distinguishes them")
			return types.Bad
		}
		records = append(records, r)
	}
	u.Tag = types.TagOf(records)
	if u.Tag == "" {
		c.errorf(m, x.Span, diag.CodeBadUnion, "no field distinguishes the members of this union").
			help("give each of them a field with the same name and a different literal, such as `kind: \"circle\"`")
		return types.Bad
	}
	for _, r := range records {
		if tag := types.FieldOf(r, u.Tag); tag.Secret {
			c.errorf(m, tag.Pos.Span, diag.CodeSecretDecides, "`%s` distinguishes the members of a union, so it cannot be secret", tag.Name).
				help("remove `secret`")
		}
		r.TagOf = u
		u.Variants = append(u.Variants, ir.Variant{Value: types.FieldOf(r, u.Tag).Type.(*ir.Enum).Values[0], Record: r})
	}
	return u
}

func (c *checker) enum(m *module, x *ast.UnionType, d *ast.TypeDecl, n naming) ir.Type {
	e := &ir.Enum{Pos: m.pos(x), Module: m.Name}
	for _, mem := range x.Members {
		v := constant.Text(mem.(*ast.LiteralType).Value)
		if slices.Contains(e.Values, v) {
			c.errorf(m, mem.Where(), diag.CodeBadUnion, "`%q` appears twice", v).help("remove one of the two")
			continue
		}
		e.Values = append(e.Values, v)
		c.declareMember(m, e, mem, v)
	}
	if d != nil {
		e.Pos, e.Name, e.Doc = m.namePos(d), d.Name.Name, d.Doc
		return e
	}
	e.Name, e.Anonymous = c.shape(m, n.base), true
	m.ir.Shapes = append(m.ir.Shapes, e)
	return e
}

// typeDefaults checks the defaults of a record's fields.
func (c *checker) typeDefaults(m *module, d *ast.TypeDecl) {
	x, ok := d.Type.(*ast.RecordType)
	r, is := c.types[d].(*ir.Record)
	if !ok || !is {
		return
	}
	for i, f := range x.Fields {
		c.fieldDefault(m, r, i, f)
	}
}

// fieldDefault checks the default of field i: a constant, or a call that is evaluated for each new record.
func (c *checker) fieldDefault(m *module, r *ir.Record, i int, f *ast.Field) {
	if f.Default == nil || i >= len(r.Fields) {
		return
	}
	b := c.body(m, "default", "")
	x := b.expr(f.Default, r.Fields[i].Type)
	if !constant.Is(x) {
		c.errorf(m, f.Default.Where(), diag.CodeDefault, "a default must be a constant").
			help("use a literal, a list or a record of literals, `now()`, `newId()`, `newSecret()` or `env.NAME`")
		x = b.bad(m.pos(f.Default)) // so that records without the field are not reported as well
	}
	r.Fields[i].Default = x
}
