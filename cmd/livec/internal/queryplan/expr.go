package queryplan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/relation"
)

// printer writes plans in the form of the language.
type printer struct {
	params []string // the text of each parameter
	tables map[*relation.Table]string
	rows   []relation.Schema // the rows that expressions may refer to, innermost last
}

// table is the name of a table in the language.
func (p *printer) table(t *relation.Table) string {
	if name := p.tables[t]; name != "" {
		return name
	}
	return t.Name
}

// stages returns a plan as its source and the stages after it.
func (p *printer) stages(n relation.Node) []string {
	switch n := n.(type) {
	case *relation.Scan:
		return []string{p.table(n.Table)}
	case *relation.Filter:
		return append(p.stages(n.Input), "filter "+p.over(n.Input, n.Cond))
	case *relation.Sort:
		var keys []string
		for _, k := range n.By {
			key := p.over(n.Input, k.Expr)
			if k.Desc {
				key += " desc"
			}
			keys = append(keys, key)
		}
		return append(p.stages(n.Input), "sort "+strings.Join(keys, ", "))
	case *relation.Limit:
		return append(p.stages(n.Input), "limit "+strconv.Itoa(n.N))
	case *relation.Page:
		return append(p.stages(n.Input), "page "+strconv.Itoa(n.N))
	case *relation.Join:
		return append(p.stages(n.Input), p.join(n))
	case *relation.Map:
		shape := p.named(n.Input, n.Exprs)
		if len(n.Exprs) != 1 || n.Exprs[0].Name != "" && n.Exprs[0].Name != "value" {
			shape = "{ " + shape + " }"
		}
		return append(p.stages(n.Input), "map "+strings.TrimPrefix(shape, "value: "))
	case *relation.Group:
		parts := []string{}
		if keys := p.named(n.Input, n.Keys); keys != "" {
			parts = append(parts, keys)
		}
		for _, a := range n.Aggs {
			parts = append(parts, a.Name+": "+p.agg(n.Input, a.Agg))
		}
		return append(p.stages(n.Input), "group { "+strings.Join(parts, ", ")+" }")
	case *relation.Reduce:
		return append(p.stages(n.Input), p.agg(n.Input, n.Agg))
	}
	panic(fmt.Sprintf("a %T has no text", n))
}

func (p *printer) join(n *relation.Join) string {
	right := relation.SchemaOf(n.Right)
	var on, kept []string
	for i, left := range n.LeftOn {
		on = append(on, p.over(n.Input, left)+" == "+n.As+"."+right[n.RightOn[i]].Name)
	}
	for _, f := range n.Fields {
		kept = append(kept, "."+right[f].Name)
	}
	optional := ""
	if n.Optional {
		optional = "?"
	}
	return fmt.Sprintf("join %s%s on %s as %s { %s }", p.inline(n.Right), optional, strings.Join(on, " && "), n.As, strings.Join(kept, ", "))
}

// inline returns a plan on one line, in parentheses unless it is a table.
func (p *printer) inline(n relation.Node) string {
	stages := p.stages(n)
	if len(stages) == 1 {
		return stages[0]
	}
	return "(" + strings.Join(stages, " | ") + ")"
}

func (p *printer) named(input relation.Node, all []relation.Named) string {
	var parts []string
	for _, x := range all {
		text := p.over(input, x.Expr)
		if x.Name != "" && text != "."+x.Name {
			text = x.Name + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

var aggNames = map[relation.AggFunc]string{
	relation.Count: "count", relation.Sum: "sum", relation.Avg: "avg", relation.Min: "min", relation.Max: "max",
	relation.First: "first", relation.Any: "any", relation.All: "all",
}

func (p *printer) agg(input relation.Node, a relation.Agg) string {
	if a.Expr == nil {
		return aggNames[a.Func] + "()"
	}
	return aggNames[a.Func] + "(" + p.over(input, a.Expr) + ")"
}

// over writes an expression over the rows of a plan.
func (p *printer) over(input relation.Node, x relation.Expr) string {
	p.rows = append(p.rows, relation.SchemaOf(input))
	defer func() { p.rows = p.rows[:len(p.rows)-1] }()
	return p.expr(x)
}

func (p *printer) expr(x relation.Expr) string {
	switch x := x.(type) {
	case *relation.Col:
		return p.column(x)
	case *relation.Param:
		return p.param(x.Index)
	case *relation.Const:
		return constant(x)
	case *relation.Unary:
		return strings.Replace(string(x.Op), "neg", "-", 1) + p.operand(x.X)
	case *relation.Binary:
		if x.NotNull {
			return "sameText(" + p.expr(x.L) + ", " + p.expr(x.R) + ")"
		}
		return p.operand(x.L) + " " + string(x.Op) + " " + p.operand(x.R)
	case *relation.Cond:
		return "if " + p.expr(x.If) + " then " + p.expr(x.Then) + " else " + p.expr(x.Else)
	case *relation.Func:
		var args []string
		for _, a := range x.Args {
			args = append(args, p.expr(a))
		}
		return x.Name + "(" + strings.Join(args, ", ") + ")"
	case *relation.InList:
		return p.operand(x.X) + " in " + p.operand(x.List)
	case *relation.InPlan:
		return p.operand(x.X) + " in " + p.inline(x.Plan)
	case *relation.Sub:
		return p.inline(x.Plan)
	}
	return fmt.Sprintf("%T", x)
}

func (p *printer) param(i int) string {
	if i >= 0 && i < len(p.params) && p.params[i] != "" {
		return p.params[i]
	}
	return "p" + strconv.Itoa(i)
}

// operand writes an expression as an operand of another.
func (p *printer) operand(x relation.Expr) string {
	switch x := x.(type) {
	case *relation.Binary:
		if !x.NotNull {
			return "(" + p.expr(x) + ")"
		}
	case *relation.Cond, *relation.InList, *relation.InPlan:
		return "(" + p.expr(x) + ")"
	}
	return p.expr(x)
}

func (p *printer) column(c *relation.Col) string {
	name := "column" + strconv.Itoa(c.Index)
	if at := len(p.rows) - 1 - c.Depth; at >= 0 && c.Index < len(p.rows[at]) {
		name = p.rows[at][c.Index].Name
	}
	name = strings.Join(append([]string{name}, c.Path...), ".")
	return strings.Repeat("outer", min(c.Depth, 1)) + "." + name
}

func constant(c *relation.Const) string {
	switch v := c.Value.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case relation.JSON:
		return string(v)
	}
	return fmt.Sprint(c.Value)
}
