package store

import (
	"context"
	"sync/atomic"
)

// Write runs fn in s as Submit does, and returns after the commit is durable. A call that still waits for its turn when ctx ends is given
// up, with the error of ctx. One that has begun is not: the caller must learn whether it was committed.
func Write(ctx context.Context, s Store, fn func(Tx) error) (Commit, error) {
	type answer struct {
		commit Commit
		err    error
	}
	answered := make(chan answer, 1)
	var decided atomic.Bool // by whichever is first: fn begins, or the caller gives up
	s.Submit(ctx, func(tx Tx) error {
		if decided.Swap(true) {
			return ctx.Err()
		}
		return fn(tx)
	}, func(c Commit, err error) { answered <- answer{c, err} })
	select {
	case a := <-answered:
		return a.commit, a.err
	case <-ctx.Done():
		if !decided.Swap(true) {
			return Commit{}, ctx.Err()
		}
		a := <-answered
		return a.commit, a.err
	}
}
