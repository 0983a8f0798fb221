package sqlite_test

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"fmt"
	"regexp"
	"strings"
	"testing"

	driver "modernc.org/sqlite"

	flavour "github.com/livec-lang/livec/relation/sqlite"
)

// planner is an empty database that explains how it runs statements.
type planner struct {
	t      *testing.T
	driver *driver.Driver
	db     *sql.DB
}

func newPlanner(t *testing.T, create ...string) *planner {
	p := &planner{t: t, driver: &driver.Driver{}}
	p.db = sql.OpenDB(p)
	p.db.SetMaxOpenConns(1) // each connection has a database of its own
	p.db.SetMaxIdleConns(1)
	t.Cleanup(func() { _ = p.db.Close() })
	for _, text := range create {
		if _, err := p.db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// Connect implements driver.Connector. SQLite can only plan a statement if the functions of the store are registered.
func (p *planner) Connect(context.Context) (sqldriver.Conn, error) {
	never := func(*driver.FunctionContext, []sqldriver.Value) (sqldriver.Value, error) { return nil, nil }
	for _, name := range flavour.Functions() {
		if err := p.driver.RegisterDeterministicScalarFunction(name, -1, never); err != nil {
			return nil, err
		}
	}
	return p.driver.Open(":memory:")
}

// Driver implements driver.Connector.
func (p *planner) Driver() sqldriver.Driver { return p.driver }

var placeholder = regexp.MustCompile(`\?[0-9]+`)

// explain returns the steps of SQLite's EXPLAIN QUERY PLAN.
func (p *planner) explain(text string) string {
	p.t.Helper()
	places := map[string]bool{}
	for _, m := range placeholder.FindAllString(text, -1) {
		places[m] = true
	}
	rows, err := p.db.QueryContext(p.t.Context(), "EXPLAIN QUERY PLAN "+text, make([]any, len(places))...)
	if err != nil {
		p.t.Fatalf("%v\n%s", err, text)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			p.t.Fatal(err)
		}
		fmt.Fprintf(&b, "    %s\n", detail)
	}
	return b.String()
}
