package queryplan

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"fmt"
	"strings"

	driver "modernc.org/sqlite"

	"github.com/livec-lang/livec/compiler"
	plans "github.com/livec-lang/livec/relation/sql"
	flavour "github.com/livec-lang/livec/relation/sqlite"
)

// SQLite is an empty database with the tables of an app.
type SQLite struct{ db *sql.DB }

// Open creates the tables of a program in memory.
func Open(app *compiler.App) (*SQLite, error) {
	d := &driver.Driver{}
	for _, name := range flavour.Functions() {
		if err := d.RegisterDeterministicScalarFunction(name, -1, never); err != nil {
			return nil, fmt.Errorf("the function %s: %w", name, err)
		}
	}
	db := sql.OpenDB(memory{d})
	db.SetMaxOpenConns(1) // each connection would have a database of its own
	for _, m := range app.Program.Modules {
		for _, t := range m.Tables {
			for _, create := range plans.TableOf(flavour.Flavour, app.Plans.Table(t)).Create {
				if _, err := db.ExecContext(context.Background(), create); err != nil {
					_ = db.Close() // the first failure is reported
					return nil, fmt.Errorf("the table %s: %w", t.Row.Name, err)
				}
			}
		}
	}
	return &SQLite{db}, nil
}

// memory opens a database in memory.
type memory struct{ driver *driver.Driver }

// Connect is part of driver.Connector.
func (m memory) Connect(context.Context) (sqldriver.Conn, error) { return m.driver.Open(":memory:") }

// Driver is part of driver.Connector.
func (m memory) Driver() sqldriver.Driver { return m.driver }

// never replaces every function: a statement that is explained does not run.
func never(*driver.FunctionContext, []sqldriver.Value) (sqldriver.Value, error) { return nil, nil }

// Close releases the memory.
func (s *SQLite) Close() error { return s.db.Close() }

// Explain gives the steps of SQLite's EXPLAIN QUERY PLAN (https://sqlite.org/eqp.html), indented as they are nested.
func (s *SQLite) Explain(query string, params int) ([]string, error) {
	args := make([]any, params)
	rows, err := s.db.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // only read
	var out []string
	depth := map[int]int{0: -1}
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		depth[id] = depth[parent] + 1
		out = append(out, strings.Repeat("  ", depth[id])+detail)
	}
	return out, rows.Err()
}
