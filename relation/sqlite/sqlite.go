// Package sqlite is SQLite as a dialect: it writes the static statements of tables and plans, with the meaning that package relation defines.
//
// Where SQLite's own meaning is another one (null in comparisons, lower beyond ASCII, the length of a text with NUL, overflow of integers, sums of floats), the SQL is
// written around it or calls a function of package eval that the store registers under the name live_….
package sqlite

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
)

// Dialect is SQLite as a database to plan for.
type Dialect struct{}

// Table fills in the static statements of a table: STRICT, so that a column holds values of its kind only, and WITHOUT ROWID, so that the key is the table's order.
func (Dialect) Table(t *relation.Table) {
	name, cols := quote(t.Name), names(t, all(t))
	var def []string
	for i, c := range t.Columns {
		d := quote(c.Name) + " " + types[c.Kind]
		if !c.Nullable {
			d += " NOT NULL"
		}
		if v, ok := t.Defaults[i]; ok {
			d += " DEFAULT " + byDefault(v)
		}
		def = append(def, d)
	}
	def = append(def, "PRIMARY KEY ("+names(t, t.Key)+")")
	create := []string{"CREATE TABLE IF NOT EXISTS " + name + " (" + strings.Join(def, ", ") + ") STRICT, WITHOUT ROWID"}
	index := func(kind, sql string, cols []int) {
		create = append(create, fmt.Sprintf("CREATE %s IF NOT EXISTS %s ON %s (%s)", sql, quote(t.Name+" "+kind+" "+plain(t, cols)), name, names(t, cols)))
	}
	for _, u := range t.Unique {
		index("unique", "UNIQUE INDEX", u)
	}
	for _, x := range t.Index {
		index("index", "INDEX", x)
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(t.Columns)), ", ")
	where := " WHERE " + each(t, t.Key, " AND ")
	t.SQL = relation.TableSQL{
		Create: create,
		Insert: "INSERT INTO " + name + " (" + cols + ") VALUES (" + marks + ")",
		Update: "UPDATE " + name + " SET " + each(t, all(t), ", ") + where,
		Delete: "DELETE FROM " + name + where,
		Get:    "SELECT " + cols + " FROM " + name + where,
	}
}

// byDefault writes a value of Table.Defaults.
func byDefault(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "1"
		}
		return "0"
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	}
	return fmt.Sprint(v)
}

// Liveness says why a plan cannot be kept up to date. Every plan can: what has no operators of its own is run again when what it reads changes.
func (Dialect) Liveness(relation.Node) error { return nil }

// Compile makes the query of a plan.
func (Dialect) Compile(name string, plan relation.Node, params []relation.Column) (*relation.Query, error) {
	q := &relation.Query{Name: name, Plan: plan, Params: params, Out: relation.SchemaOf(plan), Reads: chain.Reads(plan)}
	k := newCompiler(params)
	plan = chain.Early(plan)
	text, key, err := k.query(plan)
	if err != nil {
		return nil, err
	}
	q.SQL, q.Binds, q.Key = text, k.binds, key
	q.Live, err = live(plan, params)
	return q, err
}

var types = map[relation.Kind]string{
	relation.Bool: "INTEGER", relation.Int: "INTEGER", relation.Float: "REAL", relation.Text: "TEXT", relation.ID: "TEXT", relation.Time: "INTEGER",
	relation.Duration: "INTEGER", relation.Bytes: "BLOB", relation.Enum: "TEXT", relation.JSONKind: "TEXT",
}

func all(t *relation.Table) []int {
	out := make([]int, len(t.Columns))
	for i := range out {
		out[i] = i
	}
	return out
}

func names(t *relation.Table, cols []int) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = quote(t.Columns[c].Name)
	}
	return strings.Join(out, ", ")
}

func plain(t *relation.Table, cols []int) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = t.Columns[c].Name
	}
	return strings.Join(out, " ")
}

// each writes "column" = ? for each column.
func each(t *relation.Table, cols []int, between string) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = quote(t.Columns[c].Name) + " = ?"
	}
	return strings.Join(out, between)
}

// quote writes an identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
