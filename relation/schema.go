package relation

import "fmt"

// SchemaOf returns the columns of the rows of a plan. The row of a Reduce has one column without a name; for First it contains a record.
func SchemaOf(n Node) Schema { return n.schema() }

func (n *Scan) schema() Schema   { return n.Table.Columns }
func (n *Filter) schema() Schema { return SchemaOf(n.Input) }
func (n *Sort) schema() Schema   { return SchemaOf(n.Input) }
func (n *Limit) schema() Schema  { return SchemaOf(n.Input) }
func (n *Page) schema() Schema   { return SchemaOf(n.Input) }

func (n *Map) schema() Schema {
	out := make(Schema, len(n.Exprs))
	for i, x := range n.Exprs {
		out[i] = x.Column
	}
	return out
}

func (n *Group) schema() Schema {
	out := make(Schema, 0, len(n.Keys)+len(n.Aggs))
	for _, k := range n.Keys {
		out = append(out, k.Column)
	}
	for _, a := range n.Aggs {
		out = append(out, a.Column)
	}
	return out
}

func (n *Reduce) schema() Schema { return Schema{n.column()} }

func (j *Join) schema() Schema {
	right := SchemaOf(j.Right)
	nested := Column{Name: j.As, Kind: Record, Nullable: j.Optional}
	for _, f := range j.Fields {
		nested.Fields = append(nested.Fields, right[f])
	}
	out := append(Schema(nil), SchemaOf(j.Input)...)
	if j.Replace >= 0 {
		out[j.Replace] = nested
		return out
	}
	return append(out, nested)
}

func (r *Reduce) column() Column {
	switch r.Agg.Func {
	case Count, Known:
		return Column{Kind: Int}
	case ExactSum:
		return Column{Kind: Bytes}
	case Any, All:
		return Column{Kind: Bool}
	case First:
		return Column{Kind: Record, Nullable: true, Fields: SchemaOf(r.Input)}
	case Avg:
		return Column{Kind: Float, Nullable: true}
	case Sum, Min, Max:
		c := Column{Kind: KindOf(r.Agg.Expr), Nullable: r.Agg.Func != Sum}
		if col, ok := r.Agg.Expr.(*Col); ok {
			c.Enum = col.Enum
		}
		return c
	}
	panic(fmt.Sprintf("the aggregate %d has no column", r.Agg.Func))
}
