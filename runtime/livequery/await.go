package livequery

import (
	"context"
	"sync"
)

// await waits on a condition variable, whose lock the caller holds, until met returns true, or returns the error of ctx.
func await(ctx context.Context, changed *sync.Cond, met func() bool) error {
	if met() {
		return nil
	}
	stop := context.AfterFunc(ctx, func() {
		changed.L.Lock() // otherwise a waiter between its check and its wait would miss it
		defer changed.L.Unlock()
		changed.Broadcast()
	})
	defer stop()
	for !met() {
		if err := ctx.Err(); err != nil {
			return err
		}
		changed.Wait()
	}
	return nil
}
