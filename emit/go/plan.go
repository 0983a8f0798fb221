package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// queryLit writes the literal of a query with its plan. The store makes the SQL when it opens.
func (g *gen) queryLit(q *relation.Query, live bool) *jen.Statement {
	name := "NewQuery"
	if live {
		name = "NewLiveQuery"
	}
	args := []jen.Code{jen.Lit(q.Name), g.node(q.Plan)}
	for _, c := range q.Params {
		args = append(args, g.columnLit(rel("Column"), c))
	}
	return jen.Qual(chainPath, name).Call(args...)
}

// ref writes &relation.NAME{…}.
func ref(name string, long bool, fields func(add func(string, jen.Code))) *jen.Statement {
	return jen.Op("&").Add(literal(rel(name), long, fields))
}

// tableRef returns the variable of a table. Plans refer to a table by its address.
func (g *gen) tableRef(t *relation.Table) *jen.Statement {
	x := g.tableOf[t]
	if x == nil {
		fail(ir.Pos{}, "a plan has the table %s, which no module declares", t.Name)
	}
	return jen.Id(g.tableVar[x])
}

// node writes a plan.
func (g *gen) node(n relation.Node) *jen.Statement {
	switch n := n.(type) {
	case *relation.Scan:
		return ref("Scan", false, func(add func(string, jen.Code)) { add("Table", g.tableRef(n.Table)) })
	case *relation.Filter:
		return ref("Filter", true, func(add func(string, jen.Code)) {
			add("Input", g.node(n.Input))
			add("Cond", g.planExpr(n.Cond))
		})
	case *relation.Sort:
		return ref("Sort", true, func(add func(string, jen.Code)) {
			add("Input", g.node(n.Input))
			add("By", jen.Index().Add(rel("SortKey")).CustomFunc(multi(true), func(b *jen.Group) {
				for _, k := range n.By {
					b.Add(literal(jen.Null(), false, func(add func(string, jen.Code)) {
						add("Expr", g.planExpr(k.Expr))
						if k.Desc {
							add("Desc", jen.True())
						}
					}))
				}
			}))
		})
	case *relation.Limit:
		return ref("Limit", true, func(add func(string, jen.Code)) {
			add("Input", g.node(n.Input))
			add("N", jen.Lit(n.N))
		})
	case *relation.Page:
		return ref("Page", true, func(add func(string, jen.Code)) {
			add("Input", g.node(n.Input))
			add("N", jen.Lit(n.N))
		})
	case *relation.Join:
		return ref("Join", true, func(add func(string, jen.Code)) {
			add("Input", g.node(n.Input))
			add("Right", g.node(n.Right))
			add("LeftOn", g.planExprs(n.LeftOn))
			add("RightOn", ints(n.RightOn))
			if n.Optional {
				add("Optional", jen.True())
			}
			add("Fields", ints(n.Fields))
			add("As", jen.Lit(n.As))
			add("Replace", jen.Lit(n.Replace))
		})
	case *relation.Map:
		return ref("Map", true, func(add func(string, jen.Code)) {
			add("Input", g.node(n.Input))
			add("Exprs", g.namedExprs(n.Exprs))
		})
	case *relation.Group:
		return ref("Group", true, func(add func(string, jen.Code)) {
			add("Input", g.node(n.Input))
			add("Keys", g.namedExprs(n.Keys))
			add("Aggs", jen.Index().Add(rel("NamedAgg")).CustomFunc(multi(true), func(b *jen.Group) {
				for _, a := range n.Aggs {
					b.Add(literal(jen.Null(), false, func(add func(string, jen.Code)) {
						add("Column", g.columnLit(rel("Column"), a.Column))
						add("Agg", g.agg(a.Agg))
					}))
				}
			}))
		})
	case *relation.Reduce:
		return ref("Reduce", true, func(add func(string, jen.Code)) {
			add("Input", g.node(n.Input))
			add("Agg", g.agg(n.Agg))
		})
	}
	fail(ir.Pos{}, "no Go for the plan node %T", n)
	return nil
}

func (g *gen) namedExprs(list []relation.Named) *jen.Statement {
	return jen.Index().Add(rel("Named")).CustomFunc(multi(true), func(b *jen.Group) {
		for _, x := range list {
			b.Add(literal(jen.Null(), false, func(add func(string, jen.Code)) {
				add("Column", g.columnLit(rel("Column"), x.Column))
				add("Expr", g.planExpr(x.Expr))
			}))
		}
	})
}

var aggNames = map[relation.AggFunc]string{
	relation.Count: "Count", relation.Sum: "Sum", relation.Avg: "Avg", relation.Min: "Min", relation.Max: "Max",
	relation.First: "First", relation.Any: "Any", relation.All: "All",
}

func (g *gen) agg(a relation.Agg) *jen.Statement {
	return literal(rel("Agg"), false, func(add func(string, jen.Code)) {
		name, ok := aggNames[a.Func]
		if !ok {
			fail(ir.Pos{}, "no Go for the aggregate %d of a plan", a.Func)
		}
		add("Func", rel(name))
		if a.Expr != nil {
			add("Expr", g.planExpr(a.Expr))
		}
	})
}

func (g *gen) planExprs(list []relation.Expr) *jen.Statement {
	return jen.Index().Add(rel("Expr")).ValuesFunc(func(b *jen.Group) {
		for _, x := range list {
			b.Add(g.planExpr(x))
		}
	})
}

var opNamesOf = map[relation.Op]string{
	relation.Not: "Not", relation.Neg: "Neg", relation.Eq: "Eq", relation.Ne: "Ne", relation.Lt: "Lt", relation.Le: "Le",
	relation.Gt: "Gt", relation.Ge: "Ge", relation.And: "And",
	relation.Or: "Or", relation.Add: "Add", relation.Subt: "Subt", relation.Mul: "Mul", relation.Div: "Div", relation.IDiv: "IDiv",
	relation.Mod: "Mod", relation.Coal: "Coal", relation.Cat: "Cat",
}

func opName(op relation.Op) string {
	name, ok := opNamesOf[op]
	if !ok {
		fail(ir.Pos{}, "no Go for the operator %s of a plan", op)
	}
	return name
}

// planExpr writes a scalar expression of a plan.
func (g *gen) planExpr(x relation.Expr) *jen.Statement {
	switch x := x.(type) {
	case *relation.Col:
		return ref("Col", false, func(add func(string, jen.Code)) {
			if x.Depth != 0 {
				add("Depth", jen.Lit(x.Depth))
			}
			add("Index", jen.Lit(x.Index))
			add("Kind", kindLit(x.Kind))
			if len(x.Path) > 0 {
				add("Path", texts(x.Path))
			}
			if len(x.Enum) > 0 {
				add("Enum", texts(x.Enum))
			}
		})
	case *relation.Param:
		return ref("Param", false, func(add func(string, jen.Code)) {
			add("Index", jen.Lit(x.Index))
			add("Kind", kindLit(x.Kind))
			if len(x.Enum) > 0 {
				add("Enum", texts(x.Enum))
			}
		})
	case *relation.Const:
		return ref("Const", false, func(add func(string, jen.Code)) {
			if x.Value != nil {
				add("Value", constLit(x.Value))
			}
			add("Kind", kindLit(x.Kind))
		})
	case *relation.Unary:
		return ref("Unary", false, func(add func(string, jen.Code)) {
			add("Op", rel(opName(x.Op)))
			add("X", g.planExpr(x.X))
			add("Kind", kindLit(x.Kind))
		})
	case *relation.Binary:
		return ref("Binary", true, func(add func(string, jen.Code)) {
			add("Op", rel(opName(x.Op)))
			add("L", g.planExpr(x.L))
			add("R", g.planExpr(x.R))
			add("Kind", kindLit(x.Kind))
			add("Of", kindLit(x.Of))
			if len(x.Enum) > 0 {
				add("Enum", texts(x.Enum))
			}
			if x.NotNull {
				add("NotNull", jen.True())
			}
		})
	case *relation.Cond:
		return ref("Cond", true, func(add func(string, jen.Code)) {
			add("If", g.planExpr(x.If))
			add("Then", g.planExpr(x.Then))
			add("Else", g.planExpr(x.Else))
			add("Kind", kindLit(x.Kind))
		})
	case *relation.Func:
		return ref("Func", false, func(add func(string, jen.Code)) {
			add("Name", jen.Lit(x.Name))
			add("Args", g.planExprs(x.Args))
			add("Kind", kindLit(x.Kind))
		})
	case *relation.InList:
		return ref("InList", true, func(add func(string, jen.Code)) {
			add("X", g.planExpr(x.X))
			add("List", g.planExpr(x.List))
			add("Of", kindLit(x.Of))
		})
	case *relation.InPlan:
		return ref("InPlan", true, func(add func(string, jen.Code)) {
			add("X", g.planExpr(x.X))
			add("Plan", g.node(x.Plan))
			add("Of", kindLit(x.Of))
		})
	case *relation.Sub:
		return ref("Sub", true, func(add func(string, jen.Code)) {
			add("Plan", g.node(x.Plan))
			add("Kind", kindLit(x.Kind))
		})
	}
	fail(ir.Pos{}, "no Go for the expression %T of a plan", x)
	return nil
}

// constLit writes a literal of a plan, with its exact type.
func constLit(v relation.Value) *jen.Statement {
	switch v := v.(type) {
	case relation.JSON:
		return rel("JSON").Call(jen.Lit(string(v)))
	case []byte:
		return jen.Index().Byte().Call(jen.Lit(string(v)))
	}
	return jen.Lit(v) // an int64, with a conversion
}
