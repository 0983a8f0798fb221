package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// channel declares the signature of a channel, which publishers need.
func (c *checker) channel(m *module, d *ast.Channel) {
	ch := &ir.Channel{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc, Params: c.params(m, d.Params, d.Name.Name),
		Declared: types.Bad, Value: types.Bad}
	c.channels[d] = ch
	m.ir.Channels = append(m.ir.Channels, ch)
	if d.Result != nil {
		ch.Declared = c.typ(m, d.Result, naming{d.Name.Name + "Data"})
	} else {
		c.errorf(m, d.Name.Span, diag.CodeNoType, "channel `%s` does not say what it carries", d.Name.Name).help("write `-> { field: type }`")
	}
	b := c.body(m, "channel", m.Name+"/"+d.Name.Name)
	kind := ir.MergeSet
	if x := clause[*ast.MergeClause](d.Clauses); x != nil {
		kind = ir.MergeKind(x.Kind.Name)
	}
	switch kind {
	case ir.MergePresence, ir.MergeCursor:
		ch.Value = types.Bad
		if r, ok := ch.Declared.(*ir.Record); ok && !types.IsBad(r) {
			ch.Value = &ir.List{Elem: c.keyed(m, r, d.Name.Name+"Entry")}
		} else if !types.IsBad(ch.Declared) {
			c.errorf(m, d.Result.Where(), diag.CodeMerge, "`merge %s` needs records", kind)
		}
	case ir.MergeCrud, ir.MergeLatest:
		ch.Value = &ir.List{Elem: ch.Declared}
	default:
		ch.Value = types.Optional(ch.Declared)
	}
	ch.Merge = b.merge(d.Clauses, ch.Value)
	if ch.Merge.Kind == ir.MergeSet {
		ch.Merge.Item = ch.Value
	}
}

// keyed returns a record with the additional first field `key`, which the server sets.
func (c *checker) keyed(m *module, r *ir.Record, name string) *ir.Record {
	if k := types.FieldOf(r, "key"); k != nil {
		return r
	}
	out := &ir.Record{Pos: r.Pos, Module: m.Name, Name: c.shape(m, name), Doc: r.Doc, Anonymous: true}
	out.Fields = append(out.Fields, &ir.Field{Pos: r.Pos, Name: "key",
		Doc: []string{"The key of the user it belongs to, or of the connection where there is no user."}, Type: types.String, Column: -1})
	for _, f := range r.Fields {
		out.Fields = append(out.Fields, &ir.Field{Pos: f.Pos, Name: f.Name, Doc: f.Doc, Type: f.Type, Default: f.Default, Secret: f.Secret,
			Column: -1})
	}
	m.ir.Shapes = append(m.ir.Shapes, out)
	return out
}

// channelBody checks the clauses of a channel.
func (c *checker) channelBody(m *module, d *ast.Channel) {
	ch := c.channels[d]
	b := c.body(m, "channel", m.Name+"/"+d.Name.Name)
	b.declareParams(ch.Params, d.Params)
	b.input(ch.Params, d.Params)
	b.once(d.Clauses, "channel", "public", "guard", "access", "gate", "rate", "merge", "key", "prepend", "writable", "expire", "on subscribe",
		"on unsubscribe", "replay")
	ch.Access = b.access(d, d.Clauses)
	ch.Rates = b.rates(d.Clauses)
	if x := clause[*ast.WritableClause](d.Clauses); x != nil {
		ch.Writable = true
		if d.Result != nil {
			c.sendable(m, d.Result, ch.Declared, false)
		}
		facts, added := b.facts, b.added
		ch.Writers.Guards = slices.Clone(ch.Access.Guards)
		b.guardUses(&ch.Writers, x.Guards)
		ch.Writers.Guards = ch.Writers.Guards[len(ch.Access.Guards):]
		b.facts, b.added = facts, added
		if r, ok := ch.Declared.(*ir.Record); ok && ch.Merge.Kind != ir.MergeCrud && types.FieldOf(r, "key") != nil &&
			(ch.Merge.Kind == ir.MergePresence || ch.Merge.Kind == ir.MergeCursor) {
			b.errorf(types.FieldOf(r, "key").Pos.Span, diag.CodeMerge, "the server sets the field `key`").help("remove the field `key`")
		}
	}
	if x := valueOf(d.Clauses, "expire"); x != nil {
		ch.Expire = b.duration(x.X, "`expire`")
	}
	ch.OnSubscribe, ch.OnUnsubscribe = b.lifecycle(d.Clauses)
}
