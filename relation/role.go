package relation

import "fmt"

// Statement is one of the queries that keep a live query up to date. Its parameters are those of the live query, then those that its
// role adds.
type Statement struct {
	Role  Role
	Query *Query
}

// Role says what a statement of a live query is for.
type Role struct {
	Kind RoleKind
	Dep  int // of DepRole and WhichRole: the position of the dependency
}

// RoleKind is a role without the dependency that it is about.
type RoleKind uint8

// The roles, with the parameters that they add. Rows are those of package chain: the key, the values of the order, those of each
// dependency, whether the row is shown, the columns of the query.
const (
	WindowRole RoleKind = iota + 1 // (limit, where the query has one) the first rows
	RefillRole                     // (order…, key…, limit) the rows after a place in the order
	RowRole                        // (key…) the row that one row of the table gives, if any
	DepRole                        // (values…, limit where the query has one) the first rows that depend on certain rows of another table
	WhichRole                      // (values…, nothing else) which windows have rows that depend on certain rows of another table
	GroupsRole                     // () all groups with the state of their aggregates
	GroupRole                      // (keys…) one group
	ValueRole                      // () the state of the one aggregate
	AllRole                        // (limit, of pages only) the whole result: what identifies the row, then the columns of the query
)

var roleNames = [...]string{
	WindowRole: "window", RefillRole: "refill", RowRole: "row", DepRole: "dep", WhichRole: "which",
	GroupsRole: "groups", GroupRole: "group", ValueRole: "value", AllRole: "all",
}

func (r Role) String() string {
	name := roleNames[r.Kind]
	if r.Kind == DepRole || r.Kind == WhichRole {
		return fmt.Sprintf("%s %d", name, r.Dep)
	}
	return name
}
