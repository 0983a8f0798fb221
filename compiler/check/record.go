package check

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

var fieldName = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)

// memberInit is one member of a record literal, before it is converted to the type of its field.
type memberInit struct {
	name string
	at   source.Span
	ast  ast.Expr // set for a member that is written out
	expr ir.Expr  // set for a member of a spread
}

// recordLit checks `{ … }` and `T { … }`.
func (b *body) recordLit(x *ast.RecordLit, hint ir.Type) ir.Expr {
	if x.Type != nil {
		t := b.c.namedType(b.m, &ast.NamedType{At: x.Type.At, Name: *x.Type})
		r, ok := t.(*ir.Record)
		if types.IsBad(t) || !ok {
			if !types.IsBad(t) {
				b.errorf(x.Type.Span, diag.CodeTypeMismatch, "`%s` is not a record", x.Type.Name)
			}
			b.unknownRecord(x)
			return b.bad(b.pos(x))
		}
		return b.recordOf(x, r)
	}
	switch t := types.Elem(types.OrVoid(hint)).(type) {
	case *ir.Record:
		if t.PatchOf != nil {
			return b.patchLit(x, t)
		}
		if !types.IsBad(t) {
			return b.recordOf(x, t)
		}
	case *ir.Union:
		r, known := b.variant(x, t)
		if r != nil {
			return b.recordOf(x, r)
		}
		if !known {
			b.unknownRecord(x)
			return b.bad(b.pos(x))
		}
	case *ir.Map:
		return b.mapLit(x, t.Elem)
	}
	for _, m := range x.Members {
		if m.Key != nil {
			return b.mapLit(x, nil)
		}
	}
	return b.anonymous(x)
}

// variant finds the record of a union that a literal means, by its tag. known is false if it has reported that there is no
// such record.
func (b *body) variant(x *ast.RecordLit, u *ir.Union) (r *ir.Record, known bool) {
	for _, m := range x.Members {
		lit, ok := m.Value.(*ast.StringLit)
		if !ok || m.Name.Name != u.Tag {
			continue
		}
		var values []string
		for _, v := range u.Variants {
			if v.Value == constant.Text(lit) {
				return v.Record, true
			}
			values = append(values, v.Value)
		}
		f := b.errorf(lit.Span, diag.CodeTypeMismatch, "%q is not one of the records of `%s`", constant.Text(lit), u.Name).
			help("its values are %s", diag.Quoted(values))
		if best, ok := spelling.Suggest(constant.Text(lit), values); ok {
			f.fix(b.m, lit.Span, "write \""+best+"\"", "\""+best+"\"")
		}
		return nil, false
	}
	return nil, true
}

// members reads the members of a literal. It expands spreads.
func (b *body) members(x *ast.RecordLit) (out []memberInit, ok bool) {
	ok = true
	seen := map[string]int{}
	add := func(g memberInit, spread bool) {
		i, twice := seen[g.name]
		switch {
		case !twice:
			seen[g.name] = len(out)
			out = append(out, g)
		case out[i].expr != nil && out[i].ast == nil: // it replaces a member of a spread
			out[i] = g
		case !spread:
			b.errorf(g.at, diag.CodeDuplicateField, "the field `%s` appears twice", g.name)
		}
	}
	for _, m := range x.Members {
		switch {
		case m.Spread:
			row := b.part(m.Value, nil)
			r, is := row.Type().(*ir.Record)
			if !is || types.IsBad(row.Type()) {
				if types.Nullable(row.Type()) && !types.IsBad(row.Type()) {
					b.mayBeNull(row, m.Value.Where())
				} else if !types.IsBad(row.Type()) {
					b.errorf(m.Value.Where(), diag.CodeTypeMismatch, "`%s` is not a record, so it cannot be spread", ir.TypeString(row.Type()))
				}
				ok = false
				continue
			}
			for _, f := range r.Fields {
				if !f.Sent() && b.sent(row) { // clients do not send it
					continue
				}
				add(memberInit{name: f.Name, at: m.Span, expr: b.known(&ir.FieldOf{At: b.at(m, f.Type), X: row, Field: f})}, true)
			}
		case m.Key != nil:
			f := b.errorf(m.Span, diag.CodeTypeMismatch, "this is the key of a map, but it is inside a record").help("remove the quotes")
			if k := m.Key; fieldName.MatchString(constant.Text(k)) {
				f.fix(b.m, k.Span, "remove the quotes", constant.Text(k))
			}
			if m.Value != nil {
				b.infer(m.Value, nil)
			}
			ok = false
		case m.Value != nil:
			add(memberInit{name: m.Name.Name, at: m.Name.Span, ast: m.Value}, false)
		case m.Row:
			add(memberInit{name: m.Name.Name, at: m.Name.Span, ast: &ast.RowField{At: m.At, Name: m.Name}}, false)
		case m.Name.Name != "":
			add(memberInit{name: m.Name.Name, at: m.Name.Span, ast: b.shorthand(&m.Name)}, false)
		}
	}
	return out, ok
}

// unknownRecord checks the members of a literal whose type is unknown.
func (b *body) unknownRecord(x *ast.RecordLit) {
	b.rows = append(b.rows, &rowScope{row: &ir.Var{Pos: b.pos(x), Name: "row", Type: types.Bad}, list: true})
	defer func() { b.rows = b.rows[:len(b.rows)-1] }()
	members, _ := b.members(x)
	for _, m := range members {
		if m.ast != nil {
			b.infer(m.ast, types.Bad)
		}
	}
}

// shorthand returns the variable named by a member without a value.
func (b *body) shorthand(name *ast.Ident) *ast.Name {
	x := &ast.Name{At: name.At, Name: name.Name}
	if b.short == nil {
		b.short = map[*ast.Name]bool{}
	}
	b.short[x] = true
	return x
}

// value checks a member against the type of its field.
func (b *body) value(g memberInit, t ir.Type, path string) ir.Expr {
	if g.ast != nil {
		return b.member(g.ast, t, path)
	}
	b.whole(g.expr)
	if t == nil {
		return g.expr
	}
	return b.fit(g.expr, t, path)
}

// recordOf checks a literal of a record type. All fields must be present, except those that have a default or may be null.
func (b *body) recordOf(x *ast.RecordLit, r *ir.Record) ir.Expr {
	members, whole := b.members(x)
	out := &ir.RecordLit{At: b.at(x, r)}
	values := b.matchFields(members, r, "")
	strays := b.strays
	var missing []string
	for _, f := range r.Fields {
		v, ok := values[f]
		switch {
		case ok:
		case f.Default != nil:
			v = f.Default
		case types.Nullable(f.Type):
			v = &ir.Lit{At: b.at(x, f.Type)}
		case types.LiteralOf(f.Type) != "": // a tag has only one value
			v = &ir.Lit{At: b.at(x, f.Type), Value: types.LiteralOf(f.Type)}
		default:
			if whole && !types.IsBad(f.Type) {
				missing = append(missing, f.Name)
			}
			v = b.bad(b.pos(x))
		}
		out.Fields = append(out.Fields, ir.FieldInit{Field: f, X: v})
	}
	if len(missing) > strays { // otherwise the author most likely means the superfluous members
		b.missing(x, r, missing)
	}
	return out
}

// patchLit checks a literal of `T.patch`. Fields that are not named are absent.
func (b *body) patchLit(x *ast.RecordLit, r *ir.Record) ir.Expr {
	members, _ := b.members(x)
	values := b.matchFields(members, r, "")
	out := &ir.RecordLit{At: b.at(x, r)}
	for _, f := range r.Fields {
		if v, named := values[f]; named {
			out.Fields = append(out.Fields, ir.FieldInit{Field: f, X: v})
		}
	}
	return out
}

func (b *body) missing(x *ast.RecordLit, r *ir.Record, missing []string) {
	at := x.Span
	if x.Type != nil {
		at = x.Type.Span
	}
	what := "the record"
	if !r.Anonymous {
		what = "`" + r.Name + "`"
	}
	b.errorf(at, diag.CodeMissingField, "%s needs %s", what, diag.And(missing)).also(types.FieldOf(r, missing[0]).Pos, "declared here").
		help("add `%s: …`", strings.Join(missing, ": …, "))
}

// matchFields checks members against the fields of a record, and reports members that the record does not have.
func (b *body) matchFields(members []memberInit, r *ir.Record, path string) map[*ir.Field]ir.Expr {
	out := map[*ir.Field]ir.Expr{}
	strays := 0
	for _, g := range members {
		f := types.FieldOf(r, g.name)
		if f == nil {
			if g.ast == nil { // a member of a spread that does not fit is left out
				continue
			}
			if n, ok := g.ast.(*ast.Name); ok && b.short[n] && b.find(n.Name) == nil && b.m.lookup(n.Name) == nil {
				b.misspelt = true // the unknown variable is the same mistake
			} else {
				b.infer(g.ast, nil)
			}
			b.unknownFieldOf(&ast.Ident{At: ast.At{Span: g.at}, Name: g.name}, r)
			if best, ok := spelling.Suggest(g.name, types.FieldNames(r)); ok { // the field is there, with a misspelt name
				if f := types.FieldOf(r, best); out[f] == nil {
					out[f] = b.bad(ir.Pos{File: b.m.src, Span: g.at})
				}
			} else {
				strays++
			}
			continue
		}
		if g.ast == nil && !b.convertible(g.expr.Type(), f.Type) && f.Default != nil {
			continue
		}
		if g.ast == nil && ir.IsSecret(g.expr) && !f.Secret {
			b.uncovers(g.at, f).help("set `%s` to another value after the spread, or mark it `secret` there too", f.Name)
			out[f] = b.bad(ir.Pos{File: b.m.src, Span: g.at})
			continue
		}
		out[f] = b.value(g, f.Type, path+f.Name)
		if g.ast != nil {
			b.m.useField(g.at, f)
		}
	}
	b.strays = strays
	return out
}

// anonymous makes a record type for a literal.
func (b *body) anonymous(x *ast.RecordLit) ir.Expr {
	members, ok := b.members(x)
	r := &ir.Record{Pos: b.pos(x), Module: b.m.Name, Anonymous: true}
	out := &ir.RecordLit{At: b.at(x, r)}
	for _, g := range members {
		v := b.value(g, nil, g.name)
		t := types.Widen(v.Type())
		if flow.IsNull(v) {
			b.errorf(g.at, diag.CodeNoType, "the type of `%s` cannot be inferred from `null`", g.name).help("name the type of the whole record")
			t = types.Bad
		}
		if types.IsBad(t) {
			ok = false
		}
		f := &ir.Field{Pos: ir.Pos{File: b.m.src, Span: g.at}, Name: g.name, Type: t, Column: -1, Secret: ir.IsSecret(v)}
		r.Fields = append(r.Fields, f)
		if g.ast != nil {
			b.c.declareField(f)
		}
		out.Fields = append(out.Fields, ir.FieldInit{Field: f, X: b.fit(v, t, "")})
	}
	if !ok {
		return b.bad(b.pos(x))
	}
	out.T = b.nameShape(r, "")
	for i := range out.Fields {
		out.Fields[i].Field = out.T.(*ir.Record).Fields[i]
	}
	return out
}

func (b *body) mapLit(x *ast.RecordLit, elemType ir.Type) ir.Expr {
	out := &ir.MapLit{}
	var values []ast.Expr
	for _, m := range x.Members {
		switch {
		case m.Key != nil:
			out.Keys = append(out.Keys, b.text(m.Key))
			values = append(values, m.Value)
		case m.Spread:
			b.errorf(m.Span, diag.CodeTypeMismatch, "a map cannot be spread")
		default:
			v := m.Value
			if v == nil {
				v = b.shorthand(&m.Name)
			}
			out.Keys = append(out.Keys, &ir.Lit{At: b.at(&m.Name, types.String), Value: m.Name.Name})
			values = append(values, v)
		}
	}
	out.Values = b.inferAll(values, elemType)
	if elemType == nil {
		elemType = b.common(x, out.Values)
	}
	if types.IsBad(elemType) {
		return b.bad(b.pos(x))
	}
	for i, v := range out.Values {
		out.Values[i] = b.fit(v, elemType, "")
	}
	out.At = b.at(x, &ir.Map{Elem: elemType})
	return out
}

// listLit checks `[a, b]`.
func (b *body) listLit(x *ast.ListLit, hint ir.Type) ir.Expr {
	var want ir.Type
	if l, ok := types.Elem(types.OrVoid(hint)).(*ir.List); ok {
		want = l.Elem
	}
	out := &ir.ListLit{}
	out.Elems = b.inferAll(x.Elems, want)
	if want == nil {
		if len(out.Elems) == 0 {
			if hint == nil {
				b.errorf(x.Span, diag.CodeNoType, "the type of an empty list cannot be inferred").help("name the type: `let xs: [string] = []`")
			}
			return b.bad(b.pos(x))
		}
		want = b.common(x, out.Elems)
	}
	if types.IsBad(want) {
		return b.bad(b.pos(x))
	}
	for i, e := range out.Elems {
		out.Elems[i] = b.fit(e, want, strconv.Itoa(i))
	}
	out.At = b.at(x, &ir.List{Elem: want})
	return out
}
