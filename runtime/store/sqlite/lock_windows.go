package sqlite

import (
	"os"

	"golang.org/x/sys/windows"
)

var errLockHeld = windows.ERROR_LOCK_VIOLATION

// lockFile locks one byte far behind the text, so that others can still read who holds the lock.
func lockFile(f *os.File) error {
	at := &windows.Overlapped{Offset: 1 << 20}
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, at)
}
