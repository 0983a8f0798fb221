// Package outside has the extern functions that random programs call. It records their arguments: what gets here has left the server.
package outside

import (
	"context"
	"sync"
)

var (
	mu    sync.Mutex
	taken []string
)

// Tell records a text.
func Tell(_ context.Context, text string) error {
	mu.Lock()
	defer mu.Unlock()
	taken = append(taken, text)
	return nil
}

// Echo returns its argument, and records it.
func Echo(ctx context.Context, text string) (string, error) { return text, Tell(ctx, text) }

// Keep returns its argument, and does not record it.
func Keep(_ context.Context, text string) (string, error) { return text, nil }

// Taken returns the texts that were recorded since its last call.
func Taken() []string {
	mu.Lock()
	defer mu.Unlock()
	out := taken
	taken = nil
	return out
}
