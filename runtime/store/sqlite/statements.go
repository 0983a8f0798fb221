package sqlite

import (
	"fmt"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/sql"
	"github.com/livec-lang/livec/relation/sqlite"
)

// statements is the SQL of the tables and queries of a store. It is made when the store opens, so that errors are found then.
type statements struct {
	tables  map[*relation.Table]*sql.Table
	queries map[*relation.Query]*sql.Prepared

	// Tables and queries that the store was not opened with, from their first use on.
	lateTables, lateQueries sync.Map
}

func newStatements(tables []*relation.Table, queries []*relation.Query) (*statements, error) {
	s := &statements{
		tables:  make(map[*relation.Table]*sql.Table, len(tables)),
		queries: make(map[*relation.Query]*sql.Prepared, len(queries)),
	}
	for _, t := range tables {
		s.tables[t] = sql.TableOf(sqlite.Flavour, t)
	}
	add := func(q *relation.Query) error {
		st, err := sql.Prepare(sqlite.Flavour, q)
		if err != nil {
			return fmt.Errorf("the query %s: %w", q.Name, err)
		}
		s.queries[q] = st
		return nil
	}
	for _, q := range queries {
		if err := add(q); err != nil {
			return nil, err
		}
		for _, st := range q.Statements {
			if err := add(st.Query); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// table gives the statements of a table.
func (s *statements) table(t *relation.Table) *sql.Table {
	if st := s.tables[t]; st != nil {
		return st
	}
	st, known := s.lateTables.Load(t)
	if !known {
		st, _ = s.lateTables.LoadOrStore(t, sql.TableOf(sqlite.Flavour, t))
	}
	return st.(*sql.Table)
}

// query gives the statement of a query.
func (s *statements) query(q *relation.Query) (*sql.Prepared, error) {
	if st := s.queries[q]; st != nil {
		return st, nil
	}
	if st, known := s.lateQueries.Load(q); known {
		return st.(*sql.Prepared), nil
	}
	st, err := sql.Prepare(sqlite.Flavour, q)
	if err == nil {
		s.lateQueries.Store(q, st)
	}
	return st, err
}
