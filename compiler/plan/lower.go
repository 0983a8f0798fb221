package plan

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// lowerer lowers one query. The scope stack has the rows of the enclosing pipelines, innermost last.
type lowerer struct {
	query  *ir.Query
	system bool // policies do not apply to the innermost query
	tables map[*ir.Table]*relation.Table
	params []relation.Column
	args   []ir.Expr
	known  map[ir.Path]int // the parameter that reads a path
	scopes []scope
	env    *environment // arguments of the function that is being inlined
	depth  int          // of inlined calls

	conditional int       // number of enclosing expressions that are evaluated only under a condition
	guards      []ir.Expr // parts of these conditions that do not depend on a row, outermost first
}

// scope is the current row of one pipeline: the variables that denote it, and its columns.
type scope struct {
	vars   map[*ir.Var]bool
	schema relation.Schema
}

// rows is a plan under construction, with what the next stage needs to know about its rows.
type rows struct {
	node    relation.Node
	schema  relation.Schema
	key     []int // columns that identify a row; nil when a map dropped them
	ordered bool
	single  bool // ends in one value
}

// pipeline lowers a pipeline. With order, its rows get a total order even if the pipeline has no sort stage.
func (l *lowerer) pipeline(p *ir.Pipeline, order bool) (*rows, error) {
	in, err := l.scan(p.Table)
	if err != nil {
		return nil, err
	}
	l.scopes = append(l.scopes, scope{})
	defer func() { l.scopes = l.scopes[:len(l.scopes)-1] }()
	for _, s := range p.Stages {
		if err := l.stage(in, s); err != nil {
			return nil, err
		}
	}
	if order && !in.single {
		l.total(in)
	}
	return in, nil
}

// scan lowers the source of a pipeline or the right side of a join, filtered by its read policy.
func (l *lowerer) scan(t *ir.Table) (*rows, error) {
	stored := l.tables[t]
	in := &rows{node: &relation.Scan{Table: stored}, schema: stored.Columns, key: stored.Key}
	if t.ReadIf == nil || l.system {
		return in, nil
	}
	l.scopes = append(l.scopes, scope{})
	defer func() { l.scopes = l.scopes[:len(l.scopes)-1] }()
	cond, err := l.over(in, t.ReadIf.Row, t.ReadIf.Cond)
	if err != nil {
		return nil, err
	}
	in.node = &relation.Filter{Input: in.node, Cond: cond}
	return in, nil
}

// over lowers an expression over the rows of in. row is the variable that denotes a row.
func (l *lowerer) over(in *rows, row *ir.Var, x ir.Expr) (relation.Expr, error) {
	top := &l.scopes[len(l.scopes)-1]
	if top.vars == nil {
		top.vars = map[*ir.Var]bool{}
	}
	if row != nil {
		top.vars[row] = true
	}
	top.schema = in.schema
	return l.expr(x)
}

// total makes the order of the rows total: by key if there is no other order.
func (l *lowerer) total(in *rows) {
	if in.ordered {
		return
	}
	in.node = &relation.Sort{Input: in.node, By: tieBreak(in, nil)}
	in.ordered = true
}

// tieBreak appends the columns that make an order total: the key, or else all columns, so that only equal rows remain tied.
func tieBreak(in *rows, by []relation.SortKey) []relation.SortKey {
	desc := relation.TiesDesc(by)
	ties := in.key
	if ties == nil {
		ties = make([]int, len(in.schema))
		for i := range ties {
			ties[i] = i
		}
	}
	for _, c := range ties {
		if !sortsBy(by, c) {
			by = append(by, relation.SortKey{Expr: column(in.schema, 0, c), Desc: desc})
		}
	}
	return by
}

func sortsBy(by []relation.SortKey, column int) bool {
	for _, k := range by {
		if c, ok := k.Expr.(*relation.Col); ok && c.Depth == 0 && c.Index == column && c.Path == nil {
			return true
		}
	}
	return false
}

func column(s relation.Schema, depth, i int) *relation.Col {
	return &relation.Col{Depth: depth, Index: i, Kind: s[i].Kind, Enum: s[i].Enum}
}
