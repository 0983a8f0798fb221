package sqlite

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// conn is one connection with its prepared statements. It is used by one goroutine at a time.
type conn struct {
	c     sqldriver.Conn
	stmts map[string]stmt // by text; a program has a fixed set of statements

	statements *statements // of the store
}

type stmt interface {
	sqldriver.Stmt
	sqldriver.StmtExecContext
	sqldriver.StmtQueryContext
}

func openConn(dsn string, pragmas ...string) (*conn, error) {
	d, err := functions().Open(dsn)
	if err != nil {
		return nil, err
	}
	c := &conn{c: d, stmts: map[string]stmt{}}
	for _, p := range pragmas {
		if err := c.script("PRAGMA " + p); err != nil {
			return nil, errors.Join(fmt.Errorf("PRAGMA %s: %w", p, err), c.close())
		}
	}
	return c, nil
}

func (c *conn) prepare(text string) (stmt, error) {
	p, err := c.c.Prepare(text)
	if err != nil {
		return nil, err
	}
	return p.(stmt), nil
}

// stmt gives the prepared statement of a static text.
func (c *conn) stmt(text string) (stmt, error) {
	if s, ok := c.stmts[text]; ok {
		return s, nil
	}
	s, err := c.prepare(text)
	if err == nil {
		c.stmts[text] = s
	}
	return s, err
}

// script runs SQL that is not needed again.
func (c *conn) script(text string) error {
	s, err := c.prepare(text)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(context.Background(), nil)
	return errors.Join(err, s.Close())
}

// exec runs a statement that writes and returns the number of rows it has changed. It takes no context: if such a statement is interrupted,
// SQLite undoes the whole transaction, with all calls of the group.
func (c *conn) exec(text string, args ...any) (int64, error) {
	s, err := c.stmt(text)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(context.Background(), named(args))
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// query runs a statement and calls yield with each row until it returns false. The row is only valid during the call, which must not use
// the connection.
func (c *conn) query(ctx context.Context, text string, args []any, yield func(row []sqldriver.Value) bool) (err error) {
	s, err := c.stmt(text)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, named(args))
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	row := make([]sqldriver.Value, len(rows.Columns()))
	for {
		switch err := rows.Next(row); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !yield(row) {
			return nil
		}
	}
}

// one gives the first row of a query, or nil.
func (c *conn) one(text string, args ...any) (row []sqldriver.Value, err error) {
	err = c.query(context.Background(), text, args, func(r []sqldriver.Value) bool {
		row = append(row, r...)
		return false
	})
	return row, err
}

// all gives all rows of a query.
func (c *conn) all(text string, args ...any) (rows [][]sqldriver.Value, err error) {
	err = c.query(context.Background(), text, args, func(r []sqldriver.Value) bool {
		rows = append(rows, append([]sqldriver.Value(nil), r...))
		return true
	})
	return rows, err
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	clear(c.stmts)
	return errors.Join(append(errs, c.c.Close())...)
}

func named(args []any) []sqldriver.NamedValue {
	if len(args) == 0 {
		return nil
	}
	out := make([]sqldriver.NamedValue, len(args))
	for i, a := range args {
		out[i] = sqldriver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return out
}
