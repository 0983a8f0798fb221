package relation

import "fmt"

// Statement is one of the queries that keep a live query up to date. Its parameters are those of the live query, then
// those that its role adds.
type Statement struct {
	Role  Role
	Query *Query
}

// Role is the purpose of a statement of a live query.
type Role struct {
	Kind RoleKind
	Dep  int // of DepRole and WhichRole: the position of the dependency
}

// RoleKind is a role without its dependency.
type RoleKind uint8

// The roles, with the parameters that they add. The rows are those of package chain: the key, the values of the order,
// those of each dependency, whether the row is shown, and the columns of the query.
const (
	WindowRole RoleKind = iota + 1 // (limit, if the query has one) the first rows
	RefillRole                     // (order…, key…, limit) the rows after a position in the order
	RowRole                        // (key…) the row for one row of the table, if any
	DepRole                        // (values…, limit if the query has one) the first rows that depend on certain rows of another table
	WhichRole                      // (only values…) the windows with rows that depend on certain rows of another table
	GroupsRole                     // () all groups, with the state of their aggregates
	GroupRole                      // (keys…) one group
	ValueRole                      // () the state of the only aggregate
	AllRole                        // (limit, only with pages) the whole result: what identifies the row, then the columns of the query
	MoreRole                       // (limit) how many rows there are at the stage `page`, if the stages after it may drop or move rows
)

var roleNames = [...]string{
	WindowRole: "window", RefillRole: "refill", RowRole: "row", DepRole: "dep", WhichRole: "which",
	GroupsRole: "groups", GroupRole: "group", ValueRole: "value", AllRole: "all", MoreRole: "more",
}

func (r Role) String() string {
	name := roleNames[r.Kind]
	if r.Kind == DepRole || r.Kind == WhichRole {
		return fmt.Sprintf("%s %d", name, r.Dep)
	}
	return name
}
