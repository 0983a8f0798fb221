package invoke

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// bounded runs the generated code of a task that calls extern functions. Such a function may ignore its context, and somebody waits for
// it: all that write, the caller, the server that stops. So the code runs on a goroutine of its own, and when the time of the task is up
// its transaction is undone without it. What the code does with the database after that fails; the function itself cannot be stopped.
func (t *Task) bounded(tx store.Tx) error {
	own := &revocable{tx: tx}
	type outcome struct {
		reply []byte
		err   error
	}
	done := make(chan outcome, 1)
	in, job, head := &t.in, t.Job, slices.Clone(t.Reply[:t.head])
	if tx != nil {
		in.Tx = own
	}
	go func() {
		var o outcome
		o.err = fault.Protect(func() (err error) {
			if o.reply, err = job.Run(in, head); err == nil {
				err = in.verdict(len(o.reply) - len(head))
			}
			return err
		})
		done <- o
	}()
	var late <-chan time.Time
	if at := store.DeadlineOf(tx); !at.IsZero() {
		timer := time.NewTimer(time.Until(at))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case o := <-done:
		t.counted = slices.Clip(in.counted)
		if o.err == nil {
			t.Reply = append(t.Reply[:t.head], o.reply[t.head:]...)
		}
		return o.err
	case <-t.ctx.Done():
		own.revoke()
		return t.ctx.Err()
	case <-late:
		own.revoke()
		return &store.Overtime{Limit: overtime(t.Spec.Mode)}
	}
}

// errRevoked is the error of code that goes on after its transaction.
var errRevoked = errors.New("the time of the call is up, and its transaction is rolled back")

// revocable is a transaction that can be revoked while code uses it.
type revocable struct {
	mu   sync.Mutex
	tx   store.Tx
	over bool
}

// revoke revokes the transaction. When it returns, nobody uses the transaction any more.
func (l *revocable) revoke() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
}

// use runs fn with the transaction, or fails if it was revoked.
func (l *revocable) use(fn func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return errRevoked
	}
	return fn()
}

// Deadline implements store.Bounded.
func (l *revocable) Deadline() time.Time { return store.DeadlineOf(l.tx) }

func (l *revocable) Seq() (seq uint64) {
	_ = l.use(func() error { seq = l.tx.Seq(); return nil }) // stays 0 if it was revoked
	return seq
}

func (l *revocable) Query(q *relation.Query, params ...relation.Value) (rows []relation.Row, err error) {
	err = l.use(func() (err error) { rows, err = l.tx.Query(q, params...); return err })
	return rows, err
}

func (l *revocable) Get(t *relation.Table, key relation.Row) (row relation.Row, err error) {
	err = l.use(func() (err error) { row, err = l.tx.Get(t, key); return err })
	return row, err
}

func (l *revocable) Insert(t *relation.Table, row relation.Row) error {
	return l.use(func() error { return l.tx.Insert(t, row) })
}

func (l *revocable) Update(t *relation.Table, old, new relation.Row) error {
	return l.use(func() error { return l.tx.Update(t, old, new) })
}

func (l *revocable) Delete(t *relation.Table, old relation.Row) error {
	return l.use(func() error { return l.tx.Delete(t, old) })
}
