package runtime

import (
	"errors"
	"slices"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// bounded is body for calls of outside functions that write. Such a function may not heed its context, and all that write wait for it: so the body runs aside, and when the call's time is up its transaction is
// undone without it. What the body does with the database afterwards fails; the function itself cannot be stopped.
func (t *task) bounded(tx store.Tx) error {
	lease := &lease{tx: tx}
	type outcome struct {
		reply []byte
		err   error
	}
	done := make(chan outcome, 1)
	c, space, head := &t.call, t.space, slices.Clone(t.reply[:t.head])
	c.tx = lease
	go func() {
		var o outcome
		o.err = fault.Protect(func() (err error) {
			o.reply, err = t.entry.call(c, space, head)
			return err
		})
		done <- o
	}()
	select {
	case o := <-done:
		t.limited = slices.Clip(c.limited)
		if o.err == nil {
			t.reply = append(t.reply[:t.head], o.reply[t.head:]...)
		}
		return o.err
	case <-t.ctx.Done():
		lease.end()
		return t.ctx.Err()
	}
}

// errLease is what a body is told that goes on after its transaction.
var errLease = errors.New("the call's time is up and its transaction is undone")

// lease is a transaction that can be taken away from those who use it.
type lease struct {
	mu   sync.Mutex
	tx   store.Tx
	over bool
}

// end takes the transaction away. Nobody uses it when it returns.
func (l *lease) end() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
}

// use runs fn with the transaction.
func (l *lease) use(fn func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return errLease
	}
	return fn()
}

func (l *lease) Seq() (seq uint64) {
	_ = l.use(func() error { seq = l.tx.Seq(); return nil }) // 0 when it is over
	return seq
}

func (l *lease) Query(q *relation.Query, params ...relation.Value) (rows []relation.Row, err error) {
	err = l.use(func() (err error) { rows, err = l.tx.Query(q, params...); return err })
	return rows, err
}

func (l *lease) Get(t *relation.Table, key relation.Row) (row relation.Row, err error) {
	err = l.use(func() (err error) { row, err = l.tx.Get(t, key); return err })
	return row, err
}

func (l *lease) Insert(t *relation.Table, row relation.Row) error {
	return l.use(func() error { return l.tx.Insert(t, row) })
}

func (l *lease) Update(t *relation.Table, old, new relation.Row) error {
	return l.use(func() error { return l.tx.Update(t, old, new) })
}

func (l *lease) Delete(t *relation.Table, old relation.Row) error {
	return l.use(func() error { return l.tx.Delete(t, old) })
}
