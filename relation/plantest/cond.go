package plantest

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
)

// cond draws a condition over rows of a schema.
func (g *Generator) cond(s relation.Schema, depth int) relation.Expr {
	cols := scalars(s)
	kind := g.pick(15, "cond")
	if len(cols) == 0 {
		kind = 10
	}
	var i int
	if len(cols) > 0 {
		i = rapid.SampledFrom(cols).Draw(g.t, "column")
	}
	c := relation.Column{}
	if len(cols) > 0 {
		c = s[i]
	}
	switch kind {
	case 0, 1, 2:
		var r relation.Expr
		if g.Chance(50, "param") {
			r = g.param(c)
		} else {
			r = g.constant(c)
		}
		return Compare(
			rapid.SampledFrom([]relation.Op{relation.Eq, relation.Ne, relation.Lt, relation.Le, relation.Gt, relation.Ge}).Draw(g.t, "op"),
			c,
			Col(s, 0, i),
			r,
		)
	case 3:
		if depth < 2 {
			op := rapid.SampledFrom([]relation.Op{relation.And, relation.Or}).Draw(g.t, "op")
			return &relation.Binary{Op: op, L: g.cond(s, depth+1), R: g.cond(s, depth+1), Kind: relation.Bool, Of: relation.Bool}
		}
	case 4:
		return &relation.Unary{Op: relation.Not, X: g.cond(s, depth+1), Kind: relation.Bool}
	case 5, 6:
		// x in (Like | filter … | map .post)
		if c.Kind == relation.ID && depth < 2 {
			var in relation.Node = &relation.Scan{Table: Likes}
			if g.Chance(70, "narrow") {
				in = &relation.Filter{Input: in, Cond: Compare(relation.Eq, Likes.Columns[1], Col(Likes.Columns, 0, 1), g.param(Likes.Columns[1]))}
			}
			if g.Chance(30, "further") {
				in = &relation.Filter{Input: in, Cond: Compare(relation.Gt, Likes.Columns[2], Col(Likes.Columns, 0, 2), g.constant(Likes.Columns[2]))}
			}
			out := 0
			if c.Name == "author" {
				out = 1
			}
			return &relation.InPlan{
				X:  Col(s, 0, i),
				Of: c.Kind,
				Plan: &relation.Map{
					Input: in,
					Exprs: []relation.Named{{Column: relation.Column{Kind: relation.ID}, Expr: Col(Likes.Columns, 0, out)}},
				},
			}
		}
	case 7:
		if j := slices.IndexFunc(s, func(c relation.Column) bool { return c.Name == "tags" }); j >= 0 {
			return &relation.InList{X: &relation.Const{Value: "a", Kind: relation.Text}, List: Col(s, 0, j), Of: relation.Text}
		}
	case 8:
		if c.Kind == relation.Text || c.Kind == relation.ID {
			g.Params = append(g.Params, relation.Column{Name: "list", Kind: relation.JSONKind})
			g.Values = append(g.Values, relation.JSON(rapid.SampledFrom([]string{`["a","b"]`, `["x"]`, `[]`, `["c","y",null]`}).Draw(g.t, "list")))
			return &relation.InList{X: Col(s, 0, i), List: &relation.Param{Index: len(g.Params) - 1, Kind: relation.JSONKind}, Of: c.Kind}
		}
	case 9:
		if c.Kind == relation.Text {
			return Compare(relation.Eq, c, &relation.Func{Name: "lower", Args: []relation.Expr{Col(s, 0, i)}, Kind: relation.Text}, g.constant(c))
		}
	case 12:
		if c.Kind == relation.Text || c.Kind == relation.ID {
			return &relation.Binary{Op: relation.Eq, L: Col(s, 0, i), R: g.sameAs(c), Kind: relation.Bool, Of: c.Kind, NotNull: true}
		}
	case 13, 14:
		return g.between(c, Col(s, 0, i))
	case 10:
		// a field of a joined record
		for j, c := range s {
			if c.Kind == relation.Record && len(c.Fields) > 0 {
				f := c.Fields[0]
				return Compare(
					rapid.SampledFrom([]relation.Op{relation.Eq, relation.Ne, relation.Lt}).Draw(g.t, "op"),
					f,
					&relation.Col{Index: j, Kind: f.Kind, Enum: f.Enum, Path: []string{f.Name}},
					g.constant(f),
				)
			}
		}
	case 11:
		if depth < 2 && s[0].Name == "id" {
			return Compare(relation.Ge, relation.Column{Kind: relation.Int}, g.sub(s), &relation.Const{Value: int64(1), Kind: relation.Int})
		}
	}
	return &relation.Const{Value: true, Kind: relation.Bool}
}

// between draws a range of a column with two ends, which are parameters and may be null where the column may.
func (g *Generator) between(c relation.Column, x relation.Expr) relation.Expr {
	lower := rapid.SampledFrom([]relation.Op{relation.Gt, relation.Ge}).Draw(g.t, "lower")
	upper := rapid.SampledFrom([]relation.Op{relation.Lt, relation.Le}).Draw(g.t, "upper")
	l, r := Compare(lower, c, x, g.sameAs(c)), Compare(upper, c, x, g.sameAs(c))
	if g.Chance(30, "turned") {
		l = Compare(map[relation.Op]relation.Op{relation.Gt: relation.Lt, relation.Ge: relation.Le}[lower], c, g.sameAs(c), x)
	}
	return &relation.Binary{Op: relation.And, L: l, R: r, Kind: relation.Bool, Of: relation.Bool}
}

// Again draws other values for the parameters.
func (g *Generator) Again() []relation.Value {
	out := slices.Clone(g.Values)
	for i, c := range g.Params {
		if c.Kind != relation.JSONKind && g.Chance(70, "other value") {
			out[i] = Value(g.t, c)
		}
	}
	return out
}

// sameAs draws a parameter for a column that may be null where the column may, as what sameText compares a text with.
func (g *Generator) sameAs(c relation.Column) relation.Expr {
	g.Params = append(g.Params, c)
	g.Values = append(g.Values, Value(g.t, c))
	return &relation.Param{Index: len(g.Params) - 1, Kind: c.Kind}
}

// likers returns a plan for users who have given some stars.
func (g *Generator) likers() relation.Node {
	return &relation.Map{
		Input: &relation.Filter{
			Input: &relation.Scan{Table: Likes},
			Cond:  Compare(relation.Ge, Likes.Columns[2], Col(Likes.Columns, 0, 2), g.constant(Likes.Columns[2])),
		},
		Exprs: []relation.Named{{Column: relation.Column{Kind: relation.ID}, Expr: Col(Likes.Columns, 0, 1)}},
	}
}

// sub draws a value that is computed for each row from its Likes.
func (g *Generator) sub(s relation.Schema) relation.Expr {
	var in relation.Node = &relation.Filter{
		Input: &relation.Scan{Table: Likes},
		Cond:  Compare(relation.Eq, Likes.Columns[0], Col(Likes.Columns, 0, 0), Col(s, 1, 0)),
	}
	if g.Chance(30, "further") {
		in = &relation.Filter{Input: in, Cond: Compare(relation.Gt, Likes.Columns[2], Col(Likes.Columns, 0, 2), g.constant(Likes.Columns[2]))}
	}
	switch g.pick(8, "deeper") {
	case 0:
		in = &relation.Join{
			Input:   in,
			Right:   &relation.Filter{Input: &relation.Scan{Table: Users}, Cond: Col(Users.Columns, 0, 3)},
			LeftOn:  []relation.Expr{Col(Likes.Columns, 0, 1)},
			RightOn: []int{0},
			Fields:  []int{1},
			As:      "by",
			Replace: -1,
		}
	case 1:
		in = &relation.Filter{Input: in, Cond: &relation.InPlan{X: Col(Likes.Columns, 0, 1), Of: relation.ID, Plan: g.likers()}}
	case 2:
		in = g.limit(&relation.Sort{Input: in, By: []relation.SortKey{{Expr: Col(Likes.Columns, 0, 2)}}}, Likes.Columns)
	}
	agg := relation.Agg{Func: relation.Count}
	switch stars := Col(Likes.Columns, 0, 2); g.pick(10, "sum") {
	case 0, 1, 2:
		agg = relation.Agg{Func: relation.Sum, Expr: stars}
	case 3: // of a value that also depends on the row around it
		if i := slices.IndexFunc(s, func(c relation.Column) bool { return c.Name == "score" }); i >= 0 {
			agg = relation.Agg{Func: relation.Sum,
				Expr: &relation.Binary{Op: relation.Add, L: stars, R: Col(s, 1, i), Kind: relation.Int, Of: relation.Int}}
		}
	case 4: // of a value that is computed from other rows
		agg = relation.Agg{Func: relation.Sum, Expr: &relation.Sub{Kind: relation.Int, Plan: &relation.Reduce{
			Input: &relation.Filter{
				Input: &relation.Scan{Table: Users},
				Cond:  Compare(relation.Eq, Users.Columns[0], Col(Users.Columns, 0, 0), Col(Likes.Columns, 1, 1)),
			},
			Agg: relation.Agg{Func: relation.Count},
		}}}
	}
	return &relation.Sub{Plan: &relation.Reduce{Input: in, Agg: agg}, Kind: relation.Int}
}
