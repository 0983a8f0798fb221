package sqlite

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// shape is the schema of a table in the database.
type shape struct {
	sql     string
	columns []columnShape
	indexes map[string]indexShape // by columns and uniqueness
}

type columnShape struct {
	name, kind string
	required   bool
	byDefault  string
	key        int64 // position in the primary key from 1, or 0
}

type indexShape struct {
	name   string
	sql    string // "" for an index that a constraint in CREATE TABLE has made
	unique bool
	cols   []string
}

// adapt makes missing tables, and changes the others to the schema that they would have if they were made now, if no data has to change. It
// returns what it has done, in words, or ErrDrift. To find the schema that tables would have, it makes them in a temporary database, and
// reads both schemas in the same way.
func adapt(c *conn, tables []*relation.Table) (done []string, err error) {
	scratch, err := openConn(":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, scratch.close()) }()
	for _, t := range tables {
		if err := create(scratch, c.statements, t); err != nil {
			return nil, err
		}
	}
	for _, t := range tables {
		want, err := inspect(scratch, t.Name)
		if err != nil {
			return nil, err
		}
		have, err := inspect(c, t.Name)
		if err != nil {
			return nil, err
		}
		if have == nil {
			if err := create(c, c.statements, t); err != nil {
				return nil, err
			}
			continue
		}
		steps, err := adaptTable(c, t, want, have)
		if err != nil {
			return nil, err
		}
		done = append(done, steps...)
	}
	return done, nil
}

func create(c *conn, st *statements, t *relation.Table) error {
	for _, text := range st.tables[t].Create {
		if err := c.script(text); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}

// adaptTable adapts one table from the shape have to the shape want.
func adaptTable(c *conn, t *relation.Table, want, have *shape) (done []string, err error) {
	for _, w := range want.columns {
		i := slices.IndexFunc(have.columns, func(h columnShape) bool { return strings.EqualFold(h.name, w.name) })
		if i < 0 {
			if w.key != 0 || w.required && w.byDefault == "" {
				return nil, drift(t, w.name, "is new, but the existing rows have no value for it",
					"make it optional or give it a constant default, or start with a new database")
			}
			if err := c.script("ALTER TABLE " + quote(t.Name) + " ADD COLUMN " + columnDef(want.sql, w.name)); err != nil {
				return nil, fmt.Errorf("table %s, column %s: %w", t.Name, w.name, err)
			}
			done = append(done, fmt.Sprintf("table %s: column %s added", t.Name, w.name))
			continue
		}
		if err := compare(t, w, have.columns[i]); err != nil {
			return nil, err
		}
	}
	for _, h := range have.columns {
		if !slices.ContainsFunc(want.columns, func(w columnShape) bool { return strings.EqualFold(h.name, w.name) }) {
			return nil, drift(t, h.name, "is in the database but not in the program",
				"declare it again, or start with a new database; its data is untouched")
		}
	}
	steps, err := adaptIndexes(c, t, want, have)
	return append(done, steps...), err
}

func compare(t *relation.Table, want, have columnShape) error {
	switch {
	case !strings.EqualFold(want.kind, have.kind):
		return drift(t, want.name, fmt.Sprintf("is %s in the database and %s in the program", have.kind, want.kind),
			"change its type back, or start with a new database")
	case want.key != have.key:
		return drift(t, want.name, "has another position in the key than in the database", "change the key back, or start with a new database")
	case want.required && !have.required:
		return drift(t, want.name, "may be null in the database but not in the program", "make it optional, or start with a new database")
	case !want.required && have.required:
		return drift(t, want.name, "may be null in the program but not in the database", "declare it without `?`, or start with a new database")
	}
	return nil
}

func drift(t *relation.Table, column, what, help string) error {
	return fmt.Errorf("%w: table %s, column %s: it %s. To go on, %s", store.ErrDrift, t.Name, column, what, help)
}

// adaptIndexes makes missing indexes. It drops unique ones that the program no longer has, since they would refuse rows that the program
// allows. Other indexes stay.
func adaptIndexes(c *conn, t *relation.Table, want, have *shape) (done []string, err error) {
	for id, h := range have.indexes {
		if _, ok := want.indexes[id]; ok {
			continue
		}
		stale := slices.ContainsFunc(slices.Collect(maps.Values(want.indexes)), func(w indexShape) bool { return w.name == h.name })
		switch {
		case h.sql == "" && h.unique:
			return nil, drift(t, strings.Join(h.cols, ", "), "must be unique in the database but not in the program",
				"declare it unique again, or start with a new database")
		case h.unique || stale:
			if err := c.script("DROP INDEX " + quote(h.name)); err != nil {
				return nil, fmt.Errorf("table %s: %w", t.Name, err)
			}
			done = append(done, fmt.Sprintf("table %s: index on %s dropped", t.Name, strings.Join(h.cols, ", ")))
		}
	}
	for id, w := range want.indexes {
		if _, ok := have.indexes[id]; ok {
			continue
		}
		cols := strings.Join(w.cols, ", ")
		text := w.sql
		if text == "" {
			name := t.Name + " unique " + strings.Join(w.cols, " ")
			text = "CREATE UNIQUE INDEX " + quote(name) + " ON " + quote(t.Name) + " (" + quoteAll(w.cols) + ")"
		}
		if err := c.script(text); err != nil {
			if isConstraint(err) {
				return nil, drift(t, cols, "must be unique now, but there are rows with equal values",
					"change or delete some of these rows, or start with a new database")
			}
			return nil, fmt.Errorf("table %s, index on %s: %w", t.Name, cols, err)
		}
		done = append(done, fmt.Sprintf("table %s: index on %s added", t.Name, cols))
	}
	slices.Sort(done)
	return done, nil
}

// inspect reads the shape of a table; nil if there is none.
func inspect(c *conn, table string) (*shape, error) {
	row, err := c.one("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE", table)
	if err != nil || row == nil {
		return nil, err
	}
	s := &shape{sql: row[0].(string), indexes: map[string]indexShape{}}
	cols, err := c.all(`SELECT name, type, "notnull", coalesce(dflt_value, ''), pk FROM pragma_table_info(?) ORDER BY cid`, table)
	if err != nil {
		return nil, err
	}
	for _, r := range cols {
		s.columns = append(s.columns, columnShape{
			name: r[0].(string), kind: r[1].(string), required: r[2].(int64) != 0, byDefault: r[3].(string), key: r[4].(int64),
		})
	}
	indexes, err := c.all(`SELECT l.name, l."unique", coalesce(s.sql, '') FROM pragma_index_list(?) l
  LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name WHERE l.origin <> 'pk'`, table)
	if err != nil {
		return nil, err
	}
	for _, r := range indexes {
		ix := indexShape{name: r[0].(string), unique: r[1].(int64) != 0, sql: r[2].(string)}
		parts, err := c.all(`SELECT coalesce(name, '') || iif("desc", ' desc', '') FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno`, ix.name)
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			ix.cols = append(ix.cols, p[0].(string))
		}
		s.indexes[fmt.Sprintf("%t %q", ix.unique, ix.cols)] = ix
	}
	return s, nil
}

// columnDef is the definition of a column in the text of a CREATE TABLE, with everything that ALTER TABLE … ADD COLUMN allows.
func columnDef(create, column string) string {
	_, body, _ := strings.Cut(create, "(")
	depth, start := 0, 0
	var quoted byte
	for i := 0; i < len(body); i++ {
		ch := body[i]
		switch {
		case quoted != 0:
			if ch == quoted {
				quoted = 0
			}
		case ch == '\'' || ch == '"' || ch == '`':
			quoted = ch
		case ch == '(':
			depth++
		case (ch == ',' || ch == ')') && depth == 0:
			def := strings.TrimSpace(body[start:i])
			if rest, ok := strings.CutPrefix(def, quote(column)); ok {
				return quote(column) + rest
			}
			if name, _, _ := strings.Cut(def, " "); strings.EqualFold(name, column) {
				return def
			}
			start = i + 1
		case ch == ')':
			depth--
		}
	}
	return quote(column)
}

// quote writes an identifier.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteAll(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = quote(n)
	}
	return strings.Join(out, ", ")
}
