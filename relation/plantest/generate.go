// Package plantest draws random plans for property tests, with the tables that they read.
package plantest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
)

// Generator draws random plans of the forms that the planner makes.
type Generator struct {
	t      *rapid.T
	Params []relation.Column // parameters of the plan; Values has their values
	Values []relation.Value
}

// New makes a generator of one plan.
func New(t *rapid.T) *Generator { return &Generator{t: t} }

// Chance draws whether something is the case, with a probability in percent.
func (g *Generator) Chance(percent int, what string) bool {
	return rapid.IntRange(0, 99).Draw(g.t, what) < percent
}

func (g *Generator) pick(n int, what string) int { return rapid.IntRange(0, n-1).Draw(g.t, what) }

// Value draws a value of a column.
func Value(t *rapid.T, c relation.Column) relation.Value {
	if c.Nullable && rapid.IntRange(0, 3).Draw(t, "null") == 0 {
		return nil
	}
	switch c.Name {
	case "id", "post":
		return rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i"}).Draw(t, c.Name)
	case "author", "user":
		return rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(t, c.Name)
	case "room":
		return rapid.SampledFrom([]string{"x", "y"}).Draw(t, c.Name)
	}
	switch c.Kind {
	case relation.Bool:
		return rapid.Bool().Draw(t, c.Name)
	case relation.Int:
		return int64(rapid.IntRange(-2, 4).Draw(t, c.Name))
	case relation.Time:
		return int64(rapid.SampledFrom([]int{0, 1000, 1700000000123}).Draw(t, c.Name))
	case relation.Float:
		return rapid.SampledFrom([]float64{0, 0.1, 0.2, -0.3, 1e16, 1, 2.5}).Draw(t, c.Name)
	case relation.Enum:
		return rapid.SampledFrom(c.Enum).Draw(t, c.Name)
	case relation.JSONKind:
		return relation.JSON(rapid.SampledFrom([]string{`[]`, `["a"]`, `["a","b"]`, `["é",null]`}).Draw(t, c.Name))
	}
	return rapid.SampledFrom([]string{"", "a", "B", "é", "Éa", "𝄞", "ﬀ"}).Draw(t, c.Name)
}

// Row draws a row of a table.
func Row(t *rapid.T, table *relation.Table) relation.Row {
	r := make(relation.Row, len(table.Columns))
	for i, c := range table.Columns {
		r[i] = Value(t, c)
	}
	return r
}

// param adds a parameter with a value for a column.
func (g *Generator) param(c relation.Column) relation.Expr {
	c.Nullable = false
	g.Params = append(g.Params, c)
	g.Values = append(g.Values, Value(g.t, c))
	return &relation.Param{Index: len(g.Params) - 1, Kind: c.Kind, Enum: c.Enum}
}

func (g *Generator) constant(c relation.Column) relation.Expr {
	return &relation.Const{Value: Value(g.t, c), Kind: c.Kind}
}

// Col returns a column of the row that is depth levels out.
func Col(s relation.Schema, depth, i int) *relation.Col {
	return &relation.Col{Depth: depth, Index: i, Kind: s[i].Kind, Enum: s[i].Enum}
}

// Compare returns a comparison of two values of the kind of a column.
func Compare(op relation.Op, of relation.Column, l, r relation.Expr) relation.Expr {
	return &relation.Binary{Op: op, L: l, R: r, Kind: relation.Bool, Of: of.Kind, Enum: of.Enum}
}

// scalars returns the columns of a schema that are not records.
func scalars(s relation.Schema) []int {
	var out []int
	for i, c := range s {
		if c.Kind != relation.Record {
			out = append(out, i)
		}
	}
	return out
}

// Plan draws a plan. page is the number of rows per page, or 0 if its rows are not those of pages.
func (g *Generator) Plan() (plan relation.Node, page int) {
	var n relation.Node = &relation.Scan{Table: Posts}
	s := Posts.Columns
	joined, limited, mapped, groups := false, false, false, 0
	if g.Chance(40, "in a room") {
		n = &relation.Filter{Input: n, Cond: Compare(relation.Eq, s[1], Col(s, 0, 1), g.param(s[1]))}
	}
	for i := range rapid.IntRange(0, 6).Draw(g.t, "stages") {
		switch k := g.pick(10, fmt.Sprintf("stage %d", i)); {
		case k <= 2:
			n = &relation.Filter{Input: n, Cond: g.cond(s, 0)}
		case k <= 4 && (!limited || g.Chance(10, "sort again")):
			n = g.sort(n, s)
		case k == 5 && !limited && g.Chance(40, "paged early"):
			page = rapid.IntRange(1, 3).Draw(g.t, "page")
			n, limited = &relation.Page{Input: g.sort(n, s), N: page}, true
		case k == 5 && (!limited || g.Chance(10, "limit again")):
			n = g.limit(n, s)
			limited = true
		case k >= 6 && k < 8 && !joined && groups == 0 && g.Chance(60, "join"):
			j := &relation.Join{
				Input:    n,
				Right:    &relation.Scan{Table: Users},
				RightOn:  []int{0},
				Optional: g.Chance(50, "optional"),
				Fields:   []int{1, 3, 4, 0},
				As:       "author",
				Replace:  -1,
			}
			for at, c := range s {
				if c.Name == "author" {
					j.LeftOn, j.Replace = []relation.Expr{Col(s, 0, at)}, at
				}
			}
			if j.LeftOn == nil {
				continue
			}
			if g.Chance(40, "policy") {
				j.Right = &relation.Filter{Input: j.Right, Cond: Col(Users.Columns, 0, 3)}
			}
			if g.Chance(20, "policy that looks up") {
				j.Right = &relation.Filter{Input: j.Right, Cond: &relation.InPlan{X: Col(Users.Columns, 0, 0), Of: relation.ID, Plan: g.likers()}}
			}
			n, joined = j, true
			s = relation.SchemaOf(n)
			if g.Chance(25, "join on the joined") && s[0].Name == "id" {
				at := slices.IndexFunc(s, func(c relation.Column) bool { return c.Kind == relation.Record })
				n = &relation.Join{
					Input: n, Right: &relation.Scan{Table: Likes}, RightOn: []int{0, 1}, Optional: g.Chance(60, "optional"),
					Fields: []int{2}, As: "own", Replace: -1,
					LeftOn: []relation.Expr{Col(s, 0, 0), &relation.Col{Index: at, Kind: relation.ID, Path: []string{"id"}}},
				}
				s = relation.SchemaOf(n)
			}
		case k >= 7 && k < 9 && !mapped && g.Chance(60, "map"):
			n, mapped = g.mapping(n, s), true
			s = relation.SchemaOf(n)
		case k == 9 && groups == 0 && !mapped && !joined && g.Chance(60, "group"), k >= 8 && groups == 1 && g.Chance(60, "group again"):
			if len(scalars(s)) == 0 {
				continue
			}
			n, groups, page = g.group(n, s), groups+1, 0
			s = relation.SchemaOf(n)
		}
	}
	if g.Chance(25, "value") {
		return g.reduce(n, s), 0
	}
	if !limited && g.Chance(40, "paged") {
		page = rapid.IntRange(1, 3).Draw(g.t, "page")
		return &relation.Page{Input: g.sort(n, s), N: page}, page
	}
	if !limited && g.Chance(60, "limited") {
		return g.limit(g.sort(n, s), s), 0
	}
	return n, page
}

// Pages returns a plan with this number of rows in its pages, and one that returns the rows that its pages take, up to one more.
func Pages(n relation.Node, rows int) (longer, further relation.Node) {
	if page, ok := n.(*relation.Page); ok {
		return &relation.Limit{Input: page.Input, N: rows}, &relation.Limit{Input: page.Input, N: rows + 1}
	}
	longer, further = Pages(relation.Input(n), rows)
	return relation.OnInput(n, longer), further
}

func (g *Generator) sort(n relation.Node, s relation.Schema) relation.Node {
	cols := scalars(s)
	if len(cols) == 0 {
		return n
	}
	var by []relation.SortKey
	for range rapid.IntRange(1, 2).Draw(g.t, "keys") {
		i := rapid.SampledFrom(cols).Draw(g.t, "by")
		by = append(by, relation.SortKey{Expr: Col(s, 0, i), Desc: rapid.Bool().Draw(g.t, "desc")})
	}
	for i, c := range s {
		if c.Kind == relation.Record && len(c.Fields) > 0 && g.Chance(30, "by joined") {
			by = append([]relation.SortKey{{Expr: &relation.Col{Index: i, Kind: c.Fields[0].Kind, Path: []string{c.Fields[0].Name}}}}, by...)
		}
	}
	return &relation.Sort{Input: n, By: by}
}

func (g *Generator) limit(n relation.Node, s relation.Schema) relation.Node {
	return &relation.Limit{Input: n, N: rapid.IntRange(1, 4).Draw(g.t, "limit")}
}

func (g *Generator) mapping(n relation.Node, s relation.Schema) relation.Node {
	if cols := scalars(s); len(cols) > 0 && g.Chance(15, "bare") {
		i := rapid.SampledFrom(cols).Draw(g.t, "of")
		c := s[i]
		c.Name = ""
		return &relation.Map{Input: n, Exprs: []relation.Named{{Column: c, Expr: Col(s, 0, i)}}}
	}
	m := &relation.Map{Input: n}
	for i, c := range s {
		if i > 0 && g.Chance(40, "drop "+c.Name) || i == 0 && g.Chance(10, "drop key") {
			continue
		}
		m.Exprs = append(m.Exprs, relation.Named{Column: c, Expr: Col(s, 0, i)})
	}
	if s[0].Name == "id" && g.Chance(50, "likes") {
		m.Exprs = append(m.Exprs, relation.Named{Column: relation.Column{Name: "likes", Kind: relation.Int}, Expr: g.sub(s)})
	}
	if s[0].Name == "id" && g.Chance(20, "first") {
		in := &relation.Sort{
			Input: &relation.Filter{
				Input: &relation.Scan{Table: Likes},
				Cond:  Compare(relation.Eq, Likes.Columns[0], Col(Likes.Columns, 0, 0), Col(s, 1, 0)),
			},
			By: []relation.SortKey{{Expr: Col(Likes.Columns, 0, 2), Desc: true}},
		}
		m.Exprs = append(
			m.Exprs,
			relation.Named{Column: relation.Column{Name: "best", Kind: relation.Record, Nullable: true, Fields: Likes.Columns},
				Expr: &relation.Sub{Plan: &relation.Reduce{Input: in, Agg: relation.Agg{Func: relation.First}}, Kind: relation.Record}},
		)
	}
	if i := slices.IndexFunc(s, func(c relation.Column) bool { return c.Name == "score" }); i >= 0 {
		m.Exprs = append(m.Exprs, relation.Named{Column: relation.Column{Name: "twice", Kind: relation.Int},
			Expr: &relation.Binary{
				Op:   relation.Mul,
				L:    Col(s, 0, i),
				R:    &relation.Const{Value: int64(2), Kind: relation.Int},
				Kind: relation.Int,
				Of:   relation.Int,
			}})
	}
	if len(m.Exprs) == 0 {
		m.Exprs = append(m.Exprs, relation.Named{Column: s[0], Expr: Col(s, 0, 0)})
	}
	return m
}

func (g *Generator) aggregate(s relation.Schema) relation.Agg {
	switch g.pick(8, "aggregate") {
	case 0:
		return relation.Agg{Func: relation.Count}
	case 6, 7: // of a value that is computed from other rows
		if s[0].Name == "id" {
			fn := rapid.SampledFrom([]relation.AggFunc{relation.Sum, relation.Avg, relation.Min, relation.Max}).Draw(g.t, "func")
			return relation.Agg{Func: fn, Expr: g.sub(s)}
		}
	case 1:
		return relation.Agg{Func: rapid.SampledFrom([]relation.AggFunc{relation.Any, relation.All}).Draw(g.t, "any"), Expr: g.cond(s, 1)}
	}
	var of []int
	for i, c := range s {
		switch c.Kind {
		case relation.Int, relation.Float:
			of = append(of, i)
		}
	}
	if len(of) == 0 || g.Chance(30, "extremum") {
		cols := scalars(s)
		if len(cols) == 0 {
			return relation.Agg{Func: relation.Count}
		}
		return relation.Agg{
			Func: rapid.SampledFrom([]relation.AggFunc{relation.Min, relation.Max}).Draw(g.t, "extremum"),
			Expr: Col(s, 0, rapid.SampledFrom(cols).Draw(g.t, "of")),
		}
	}
	fn := rapid.SampledFrom([]relation.AggFunc{relation.Sum, relation.Avg, relation.Min, relation.Max}).Draw(g.t, "func")
	return relation.Agg{Func: fn, Expr: Col(s, 0, rapid.SampledFrom(of).Draw(g.t, "of"))}
}

func (g *Generator) group(n relation.Node, s relation.Schema) relation.Node {
	out := &relation.Group{Input: n}
	cols := scalars(s)
	for i := range rapid.IntRange(1, 2).Draw(g.t, "keys") {
		col, x := relation.Column{Kind: relation.Int}, relation.Expr(nil)
		if s[0].Name == "id" && g.Chance(10, "computed key") {
			x = g.sub(s)
		} else {
			c := rapid.SampledFrom(cols).Draw(g.t, "key")
			col, x = s[c], Col(s, 0, c)
		}
		col.Name = fmt.Sprintf("k%d", i)
		out.Keys = append(out.Keys, relation.Named{Column: col, Expr: x})
	}
	for i := range rapid.IntRange(0, 2).Draw(g.t, "aggregates") {
		a := g.aggregate(s)
		c := relation.SchemaOf(&relation.Reduce{Input: n, Agg: a})[0]
		c.Name = fmt.Sprintf("a%d", i)
		out.Aggs = append(out.Aggs, relation.NamedAgg{Column: c, Agg: a})
	}
	return out
}

func (g *Generator) reduce(n relation.Node, s relation.Schema) relation.Node {
	if g.Chance(25, "first") {
		return &relation.Reduce{Input: n, Agg: relation.Agg{Func: relation.First}}
	}
	return &relation.Reduce{Input: n, Agg: g.aggregate(s)}
}
