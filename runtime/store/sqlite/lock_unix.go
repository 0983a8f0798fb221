//go:build unix

package sqlite

import (
	"os"

	"golang.org/x/sys/unix"
)

var errLockHeld = unix.EWOULDBLOCK

func lockFile(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
