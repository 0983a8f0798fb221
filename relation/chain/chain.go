// Package chain says how a plan is kept up to date: it takes a plan apart into the table its rows come from, the steps that each row
// goes through, and what else they look at. The statements of a live query are made from it, and so are the operators of package
// livequery, so that both have the same meaning.
package chain

import (
	"slices"

	"github.com/livec-lang/livec/relation"
)

// Mode is how a plan is kept up to date.
type Mode uint8

// The modes.
const (
	// Rows: a window of rows of one table, each made from one row of it, and of the rows that it looks up.
	Rows Mode = iota + 1
	// Groups: an aggregate for each group of the rows of one table, and steps over the groups.
	Groups
	// Value: one aggregate over the rows of one table.
	Value
	// Requery: the query is run again when what it reads changes, and its result compared with the last one.
	Requery
)

func (m Mode) String() string {
	return [...]string{"", "rows", "groups", "value", "requery"}[m]
}

// Chain is a plan taken apart.
type Chain struct {
	Mode   Mode
	Reason string // why the mode is Requery, for people
	Table  *relation.Table
	Steps  []Step // from the table to the result; in mode Groups the steps before the group
	Limit  int    // rows of the window, 0 for all
	Page   bool   // Limit is that of one page
	First  bool   // the result is the first row, or null

	Group  *relation.Group    // of mode Groups
	After  []Step             // the steps behind Group
	Agg    relation.Agg       // of mode Value
	Sort   []relation.SortKey // the order of the window, over the rows before step SortAt; of mode Groups, over those of After
	SortAt int                // index into Steps (or After)

	SortCols []int // of mode Rows: the table's column that each key of Sort is, or -1

	Deps  []Dep  // tables that rows look up
	Reads []Read // everything that the plan reads

	PureFilter bool // whether a row is in the result does not depend on other rows
	PureSort   bool // nor does its place
	PureRow    bool // nor does what it shows
}

// Step is one step of a row, with what can be told of it from the row alone.
type Step struct {
	Node       relation.Node   // *relation.Filter, *relation.Join, *relation.Map
	Pure       []relation.Expr // of a Filter: the conditions that depend on the row alone
	AfterLimit bool            // the step does not change which rows the window holds
	Known      []bool          // the columns behind the step that depend on the row alone
}

// Dep is a table that the rows of a chain look up. A change in it concerns the rows whose Exprs, over the row before step Step, equal
// Cols of the changed row.
type Dep struct {
	Table  *relation.Table
	Step   int
	Cols   []int
	Exprs  []relation.Expr
	Member bool            // a change may bring rows in or out, or to another place
	Pure   bool            // Exprs depend on the row alone, and no joined record is among the columns before
	Decide []int           // the columns of Table of which that is true, sorted; nil for all
	Local  []relation.Expr // conditions over the looked-up row alone without which it does not matter
	Used   []int           // the columns of Table that matter, sorted; nil for all
	Show   []int           // of a join: the columns of the result that are its record. nil if it goes into anything else
	Fields []int           // of a join: the columns of Table that the record has
	Read   int             // index into Reads
}

// Read is one table that a plan looks at, narrowed by the columns that must equal a parameter for a row to matter.
type Read struct {
	relation.Read
	Local []relation.Expr // further conditions over the row alone without which it does not matter
	Dep   int             // index into Deps, -1 for the chain's own table, -2 where a change is answered by running the query again
}

// Kinds of Read.Dep that are no index.
const (
	Own   = -1
	Whole = -2
)

// Of takes a plan apart.
func Of(plan relation.Node) *Chain {
	a := &analysis{c: &Chain{PureFilter: true, PureSort: true, PureRow: true}}
	a.run(Early(plan))
	return a.c
}

// Early gives a plan with the same result in which limits stand before what shapes each row by itself, so that only the rows of the
// result are shaped.
func Early(n relation.Node) relation.Node {
	in := relation.Input(n)
	if in == nil {
		return n
	}
	in = Early(in)
	switch n.(type) {
	case *relation.Limit, *relation.Page:
		return sink(in, n)
	}
	return relation.OnInput(n, in)
}

// sink puts a limit below the operators that give one row for each row.
func sink(in, limit relation.Node) relation.Node {
	join, ok := in.(*relation.Join)
	if _, mapped := in.(*relation.Map); mapped || ok && join.Optional {
		return relation.OnInput(in, sink(relation.Input(in), limit))
	}
	return relation.OnInput(limit, in)
}

// Probes reports whether the database can say which windows a change of a dependency concerns: rows tell by themselves what they depend
// on, and lead to their windows, while the changed row does not.
func (c *Chain) Probes(d int) bool {
	dep := &c.Deps[d]
	return c.Mode == Rows && dep.Member && len(dep.Cols) > 0 && dep.Pure && !slices.ContainsFunc(dep.Exprs, readsParams) &&
		len(c.Reads[0].Cols) > 0 && len(c.Reads[dep.Read].Cols) == 0
}

// Equality is a condition that a column of the row equals an expression.
type Equality struct {
	Col  int
	Expr relation.Expr
}

// Conjuncts are the conditions that must all hold for x to hold.
func Conjuncts(x relation.Expr) []relation.Expr {
	if b, ok := x.(*relation.Binary); ok && b.Op == relation.And {
		return append(Conjuncts(b.L), Conjuncts(b.R)...)
	}
	return []relation.Expr{x}
}

// EqualityOf reads a condition as an equality of a column of the row at depth 0 with an expression that does not look at that row.
func EqualityOf(x relation.Expr) (Equality, bool) {
	b, ok := x.(*relation.Binary)
	if !ok || b.Op != relation.Eq {
		return Equality{}, false
	}
	for _, s := range [][2]relation.Expr{{b.L, b.R}, {b.R, b.L}} {
		c, ok := s[0].(*relation.Col)
		if ok && c.Depth == 0 && len(c.Path) == 0 && !Uses(s[1], 0) && !ReadsTables(s[1]) {
			return Equality{c.Index, s[1]}, true
		}
	}
	return Equality{}, false
}
