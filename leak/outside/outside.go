// Package outside stands for the world beyond the server: functions written in Go that random programs call. It keeps what it was given,
// since what has got here has left.
package outside

import (
	"context"
	"sync"
)

var (
	mu    sync.Mutex
	taken []string
)

// Tell takes a text away.
func Tell(_ context.Context, text string) error {
	mu.Lock()
	defer mu.Unlock()
	taken = append(taken, text)
	return nil
}

// Echo returns its argument.
func Echo(ctx context.Context, text string) (string, error) { return text, Tell(ctx, text) }

// Keep returns its argument, and does not record it.
func Keep(_ context.Context, text string) (string, error) { return text, nil }

// Taken is what has come since the last call of Taken.
func Taken() []string {
	mu.Lock()
	defer mu.Unlock()
	out := taken
	taken = nil
	return out
}
