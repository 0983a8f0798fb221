package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/livec-lang/livec/runtime/store"
)

// readers is a fixed set of connections that read.
type readers struct {
	idle   chan *conn
	n      int
	closed chan struct{}
}

func (r *readers) read(ctx context.Context, fn func(store.Tx) error) (err error) {
	defer store.Recover(&err)
	select {
	case <-r.closed:
		return store.ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var c *conn
	select {
	case c = <-r.idle:
	case <-ctx.Done():
		return ctx.Err()
	case <-r.closed:
		return store.ErrClosed
	}
	defer func() { r.idle <- c }()

	if _, err := c.exec("BEGIN"); err != nil {
		return classify(err)
	}
	defer c.exec("ROLLBACK") // nothing was written; it fails only if there is no transaction
	// The first statement takes the snapshot that all others see.
	row, err := c.one(getSeqSQL)
	if err != nil {
		return classify(err)
	}
	if row == nil {
		return fmt.Errorf("%w: it has lost its row in _live_meta", store.ErrUnavailable)
	}
	t := &tx{ctx: ctx, c: c, seq: uint64(row[0].(int64))}
	defer func() { t.over = true }()
	return fn(t)
}

// close waits until nobody reads.
func (r *readers) close() error {
	close(r.closed)
	var errs []error
	for range r.n {
		errs = append(errs, (<-r.idle).close())
	}
	return errors.Join(errs...)
}
