package sql

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/relation"
)

// Table has the statements of a table. They bind their parameters in the order stated.
type Table struct {
	Create []string // creates the table and its indexes if they do not exist
	Insert string   // all columns, in order
	Update string   // all columns, in order, then the key
	Delete string   // the key
	Get    string   // the key; yields all columns in order
}

// TableOf makes the statements of a table. A column accepts only values of its kind.
func TableOf(f *Flavour, t *relation.Table) *Table {
	name, cols := Quote(t.Name), names(t, all(t))
	var def []string
	for i, c := range t.Columns {
		d := Quote(c.Name) + " " + f.Types[c.Kind]
		if !c.Nullable {
			d += " NOT NULL"
		}
		if v, ok := t.Defaults[i]; ok {
			d += " DEFAULT " + f.byDefault(v)
		}
		def = append(def, d)
	}
	def = append(def, "PRIMARY KEY ("+names(t, t.Key)+")")
	create := []string{"CREATE TABLE IF NOT EXISTS " + name + " (" + strings.Join(def, ", ") + ")" + f.Table}
	index := func(kind, sql string, cols []int) {
		create = append(create, fmt.Sprintf("CREATE %s IF NOT EXISTS %s ON %s (%s)", sql, Quote(t.Name+" "+kind+" "+plain(t, cols)), name,
			names(t, cols)))
	}
	for _, u := range t.Unique {
		index("unique", "UNIQUE INDEX", u)
	}
	for _, x := range t.Index {
		index("index", "INDEX", x)
	}
	marks := make([]string, len(t.Columns))
	for i := range marks {
		marks[i] = f.Placeholder(i + 1)
	}
	set := f.each(t, all(t), ", ", 1)
	byKey := f.each(t, t.Key, " AND ", 1)
	afterSet := f.each(t, t.Key, " AND ", len(t.Columns)+1)
	return &Table{
		Create: create,
		Insert: "INSERT INTO " + name + " (" + cols + ") VALUES (" + strings.Join(marks, ", ") + ")",
		Update: "UPDATE " + name + " SET " + set + " WHERE " + afterSet,
		Delete: "DELETE FROM " + name + " WHERE " + byKey,
		Get:    "SELECT " + cols + " FROM " + name + " WHERE " + byKey,
	}
}

// byDefault returns a value of Table.Defaults as SQL.
func (f *Flavour) byDefault(v any) string {
	switch v := v.(type) {
	case bool:
		return f.bool(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		return f.Text(v)
	}
	return fmt.Sprint(v)
}

func (f *Flavour) bool(b bool) string {
	if b {
		return f.True
	}
	return f.False
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
		out[i] = Quote(t.Columns[c].Name)
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

// each compares each column with a parameter, or sets it to one. first is the number of the first parameter.
func (f *Flavour) each(t *relation.Table, cols []int, between string, first int) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = Quote(t.Columns[c].Name) + " = " + f.Placeholder(first+i)
	}
	return strings.Join(out, between)
}

// Quote returns an identifier in quotes, as in the SQL standard.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
