package sqlite_test

import (
	"errors"
	"strings"

	"github.com/livec-lang/livec/relation"
)

func fillTable(t *relation.Table) error {
	types := map[relation.Kind]string{relation.Bool: "INTEGER", relation.Int: "INTEGER", relation.Float: "REAL", relation.Text: "TEXT", relation.ID: "TEXT", relation.Time: "INTEGER", relation.Duration: "INTEGER", relation.Bytes: "BLOB", relation.Enum: "TEXT", relation.JSONKind: "TEXT"}
	var defs, names, marks, sets []string
	for _, c := range t.Columns {
		d := `"` + c.Name + `" ` + types[c.Kind]
		if !c.Nullable {
			d += " NOT NULL"
		}
		defs = append(defs, d)
		names = append(names, `"`+c.Name+`"`)
		marks = append(marks, "?")
		sets = append(sets, `"`+c.Name+`" = ?`)
	}
	var key, where []string
	for _, k := range t.Key {
		key = append(key, names[k])
		where = append(where, names[k]+" = ?")
	}
	n := `"` + t.Name + `"`
	t.SQL.Create = []string{"CREATE TABLE IF NOT EXISTS " + n + " (" + strings.Join(defs, ", ") + ", PRIMARY KEY (" + strings.Join(key, ", ") + "))"}
	for _, u := range t.Unique {
		t.SQL.Create = append(t.SQL.Create, `CREATE UNIQUE INDEX IF NOT EXISTS "`+t.Name+`_`+t.Columns[u[0]].Name+`" ON `+n+" ("+names[u[0]]+")")
	}
	for _, u := range t.Index {
		t.SQL.Create = append(t.SQL.Create, `CREATE INDEX IF NOT EXISTS "`+t.Name+`_i_`+t.Columns[u[0]].Name+`" ON `+n+" ("+names[u[0]]+")")
	}
	w := " WHERE " + strings.Join(where, " AND ")
	t.SQL.Insert = "INSERT INTO " + n + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")"
	t.SQL.Update = "UPDATE " + n + " SET " + strings.Join(sets, ", ") + w
	t.SQL.Delete = "DELETE FROM " + n + w
	t.SQL.Get = "SELECT " + strings.Join(names, ", ") + " FROM " + n + w
	return nil
}

func compile(name string, plan relation.Node, params []relation.Column) (*relation.Query, error) {
	out := plan.(*relation.Sort).Input
	where, binds := "", []int(nil)
	if f, ok := out.(*relation.Filter); ok {
		out, where, binds = f.Input, " WHERE age IS ?", []int{0}
	}
	t, ok := out.(*relation.Scan)
	if !ok {
		return nil, errors.New("not a plan of the suite")
	}
	return &relation.Query{Name: name, Plan: plan, Params: params, Out: t.Table.Columns, Key: t.Table.Key, SQL: "SELECT * FROM " + t.Table.Name + where + " ORDER BY id", Binds: binds}, nil
}
