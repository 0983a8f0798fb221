package runtime

import "testing"

// TestEasedPercent checks that a small heap may grow by 8 MiB, and a large one as much as by default.
func TestEasedPercent(t *testing.T) {
	for alive, want := range map[uint64]int{0: 6400, 1 << 20: 800, 4 << 20: 200, 8 << 20: 100, 4 << 30: 100} {
		if got := easedPercent(alive); got != want {
			t.Errorf("%d bytes alive: got %d %%, want %d %%", alive, got, want)
		}
	}
}
