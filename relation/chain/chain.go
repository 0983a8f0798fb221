// Package chain analyzes how a plan can be kept live. It divides the plan into the table that its rows come from, the
// steps that each row goes through, and everything else that the steps read. The statements of a live query and the
// operators of package livequery are both made from this, so that they have the same meaning.
package chain

import (
	"slices"

	"github.com/livec-lang/livec/relation"
)

// Mode is how a plan is kept live.
type Mode uint8

// The modes.
const (
	// Rows: a window of rows of one table. Each row of the result is made from one row of the table and the rows that it looks up.
	Rows Mode = iota + 1
	// Groups: an aggregate for each group of the rows of one table, and steps over the groups.
	Groups
	// Value: one aggregate over the rows of one table.
	Value
	// Requery: the query runs again when something it reads changes, and its result is compared with the previous one.
	Requery
)

func (m Mode) String() string {
	return [...]string{"", "rows", "groups", "value", "requery"}[m]
}

// Chain is an analyzed plan.
type Chain struct {
	Mode   Mode
	Reason string // why the mode is Requery, for people
	Table  *relation.Table
	Steps  []Step // from the table to the result; in mode Groups the steps before the group
	Limit  int    // rows of the window, 0 for all
	Page   bool   // Limit is the size of a page
	First  bool   // the result is the first row, or null

	Group  *relation.Group    // of mode Groups
	After  []Step             // the steps after Group
	Agg    relation.Agg       // of mode Value
	Sort   []relation.SortKey // the order of the window, over the rows before step SortAt; in mode Groups, over the rows of After
	SortAt int                // index into Steps (or After)

	SortCols []int // of mode Rows: the table's column that each key of Sort is, or -1

	Deps  []Dep  // tables that rows look up
	Reads []Read // everything that the plan reads

	PureFilter bool // whether a row is in the result does not depend on other rows
	PureSort   bool // nor does its place
	PureRow    bool // nor does what it shows
}

// Step is one step of a row, with what is known about it from the row alone.
type Step struct {
	Node       relation.Node   // *relation.Filter, *relation.Join, *relation.Map
	Pure       []relation.Expr // of a Filter: the conditions that depend only on the row
	AfterLimit bool            // the step does not change which rows are in the window
	Known      []bool          // the columns after the step that depend only on the row
}

// Dep is a table that the rows of a chain look up. A change in it affects the rows whose Exprs, over the row before
// step Step, equal Cols of the changed row.
type Dep struct {
	Table  *relation.Table
	Step   int
	Cols   []int
	Exprs  []relation.Expr
	Member bool            // a change may add rows, remove them, or change their position
	Pure   bool            // Exprs depend only on the row, and no earlier column is a joined record
	Decide []int           // the columns of Table whose changes may do that (see Member), sorted; nil for all
	Local  []relation.Expr // conditions that depend only on the looked-up row; rows that do not satisfy them do not matter
	Used   []int           // the columns of Table that matter, sorted; nil for all
	Show   []int           // of a join: the columns of the result that are its record; nil if the record is also used elsewhere
	Fields []int           // of a join: the columns of Table that the record has
	Read   int             // index into Reads
}

// Read is one table that a plan reads. A row only matters if its Cols equal Params.
type Read struct {
	relation.Read
	Range *Range          // nil if no column is compared with a parameter by order
	Local []relation.Expr // further conditions that depend only on the row; rows that do not satisfy them do not matter
	Dep   int             // index into Deps; -1 for the chain's own table; -2 if a change makes the query run again
}

// Values of Read.Dep that are not indexes.
const (
	Own   = -1
	Whole = -2
)

// Of analyzes a plan.
func Of(plan relation.Node) *Chain {
	a := &analysis{c: &Chain{PureFilter: true, PureSort: true, PureRow: true}}
	a.run(Early(plan))
	return a.c
}

// Early returns a plan with the same result in which limits come before steps that change each row separately. So only
// the rows of the result go through these steps.
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

// sink moves a limit below the operators that return one row for each row.
func sink(in, limit relation.Node) relation.Node {
	join, ok := in.(*relation.Join)
	if _, mapped := in.(*relation.Map); mapped || ok && join.Optional {
		return relation.OnInput(in, sink(relation.Input(in), limit))
	}
	return relation.OnInput(limit, in)
}

// Probes reports whether the database can find the windows that are affected by a change of a dependency. This is so if
// a row determines what it depends on and which window it is in, while the changed row does not determine the window.
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

// Conjuncts returns the conditions that must all hold for x to hold.
func Conjuncts(x relation.Expr) []relation.Expr {
	if b, ok := x.(*relation.Binary); ok && b.Op == relation.And {
		return append(Conjuncts(b.L), Conjuncts(b.R)...)
	}
	return []relation.Expr{x}
}

// EqualityOf returns a condition as an equality of a column of the row at depth 0 and an expression that does not read that row.
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
