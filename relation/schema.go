package relation

// SchemaOf is the columns of the rows that a plan gives. A Reduce gives rows of one column without a name; that of First holds a record.
func SchemaOf(n Node) Schema {
	switch n := n.(type) {
	case *Scan:
		return n.Table.Columns
	case *Filter:
		return SchemaOf(n.Input)
	case *Sort:
		return SchemaOf(n.Input)
	case *Limit:
		return SchemaOf(n.Input)
	case *Page:
		return SchemaOf(n.Input)
	case *Join:
		return n.schema()
	case *Map:
		out := make(Schema, len(n.Exprs))
		for i, x := range n.Exprs {
			out[i] = x.Column
		}
		return out
	case *Group:
		out := make(Schema, 0, len(n.Keys)+len(n.Aggs))
		for _, k := range n.Keys {
			out = append(out, k.Column)
		}
		for _, a := range n.Aggs {
			out = append(out, a.Column)
		}
		return out
	case *Reduce:
		return Schema{n.column()}
	}
	return nil
}

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
	case Count:
		return Column{Kind: Int}
	case Any, All:
		return Column{Kind: Bool}
	case First:
		return Column{Kind: Record, Nullable: true, Fields: SchemaOf(r.Input)}
	case Avg:
		return Column{Kind: Float, Nullable: true}
	}
	c := Column{Kind: KindOf(r.Agg.Expr), Nullable: r.Agg.Func != Sum}
	if col, ok := r.Agg.Expr.(*Col); ok {
		c.Enum = col.Enum
	}
	return c
}

// KindOf is the kind of an expression's values.
func KindOf(x Expr) Kind {
	switch x := x.(type) {
	case *Col:
		return x.Kind
	case *Param:
		return x.Kind
	case *Const:
		return x.Kind
	case *Unary:
		return x.Kind
	case *Binary:
		return x.Kind
	case *Cond:
		return x.Kind
	case *Func:
		return x.Kind
	case *Sub:
		return x.Kind
	}
	return Bool
}
