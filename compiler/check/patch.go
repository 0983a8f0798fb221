package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// patch returns the type T.patch: the fields that clients may change, each optional.
func (c *checker) patch(r *ir.Record) ir.Type {
	if p := c.patches[r]; p != nil {
		return p
	}
	p := &ir.Record{Pos: r.Pos, Module: r.Module, Name: r.Name + "Patch", Doc: r.Doc, Anonymous: true, PatchOf: r}
	c.patches[r] = p
	types.PatchFields(p, nil)
	if o := c.byName[r.Module]; o != nil {
		o.ir.Shapes = append(o.ir.Shapes, p)
		o.shapes[p.Name] = true
	}
	return p
}

// completePatches adds the fields to the patches of all records, some of which were still incomplete. It ignores fields
// inside of a patch that only the server sets, in whatever order the patches come.
func (c *checker) completePatches() {
	before := map[*ir.Record][]*ir.Field{}
	for _, p := range c.patches {
		before[p], p.Fields = p.Fields, nil
	}
	for _, p := range c.patches {
		types.PatchFields(p, before[p])
	}
}

// unpatched adds to a diagnostic the reason why a patch does not have a field of its record.
func unpatched(found finding, r *ir.Record, name string) {
	if r.PatchOf == nil {
		return
	}
	if f := types.FieldOf(r.PatchOf, name); f != nil && f.Sent() && ir.HoldsUnsent(f.Type) {
		found.also(f.Pos, "clients cannot replace it, because it has fields that only the server sets")
		if _, record := f.Type.(*ir.Record); record {
			found.help("take the parts that may change as parameters, and keep the rest: `update row { %s }`", kept(f))
		} else {
			found.help("take the parts that may change as parameters")
		}
	}
}

// keeps reports a spread of a client's value that would replace stored values of fields that only the server sets: they
// would be reset.
func (b *body) keeps(members []memberInit, t *ir.Table) {
	reset := map[source.Span][]*ir.Field{}
	for _, g := range members {
		f := types.FieldOf(t.Row, g.name)
		if f != nil && g.ast == nil && b.sent(g.expr) && ir.HoldsUnsent(f.Type) {
			reset[g.at] = append(reset[g.at], f)
		}
	}
	for _, g := range members { // in their order
		fields := reset[g.at]
		if fields == nil {
			continue
		}
		delete(reset, g.at)
		f := fields[0]
		what := diag.And(types.FieldNames(&ir.Record{Fields: fields}))
		b.errorf(g.at, diag.CodeServerField, "this comes from a client, and would reset fields that only the server sets in %s", what).
			also(f.Pos, "this field contains fields marked `server` or `secret`").
			help("set it after the spread, and keep the stored value: `%s`", kept(f))
	}
}

// kept returns the source of a member that keeps the stored value of a field; in a record, it keeps all but some of the fields.
func kept(f *ir.Field) string {
	if _, ok := f.Type.(*ir.Record); ok {
		return f.Name + ": { ...row." + f.Name + ", field }"
	}
	return f.Name + ": row." + f.Name
}
