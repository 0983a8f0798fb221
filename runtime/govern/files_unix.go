//go:build unix

package govern

import (
	"math"
	"syscall"
)

// Files is how many files this process may have open; 0 if there is no bound. Go has raised the soft limit to the hard one already.
func Files() int64 {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
		return 0
	}
	if n := uint64(r.Cur); n < math.MaxInt32 {
		return int64(n)
	}
	return 0
}
