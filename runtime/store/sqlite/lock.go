package sqlite

import (
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/gofrs/flock"

	"github.com/livec-lang/livec/runtime/store"
)

// lock is a file next to the database that a process keeps locked while it serves the database. The system unlocks it when the process
// ends, in any way. The file stays, and names the process that has locked it last.
type lock struct{ *flock.Flock }

const (
	// holderAt is the offset of the text. The first byte is left out: it is locked, and on Windows no other process can read it.
	holderAt = 1
	// holderFormat is the text, padded so that it covers that of an earlier holder.
	holderFormat = "process %-20d\n"
)

var holder = regexp.MustCompile(`^process \d+`)

// takeLock locks path for this process. The error is ErrLocked if another process has locked it.
func takeLock(path, database string) (*lock, error) {
	l := &lock{flock.New(path, flock.SetPermissions(0o644))}
	locked, err := l.TryLock()
	if err == nil && locked {
		err = l.writeHolder()
	}
	if err != nil {
		_ = l.release()
		return nil, fileError(database, err)
	}
	if !locked {
		return nil, fmt.Errorf("%w: %s serves %s. Stop it, or give this server its own database", store.ErrLocked, holderOf(path), database)
	}
	return l, nil
}

// writeHolder writes into the file that this process holds the lock.
func (l *lock) writeHolder() error {
	f, err := os.OpenFile(l.Path(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(fmt.Appendf(nil, holderFormat, os.Getpid()), holderAt); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// holderOf names the holder of the lock at path, if the file says it.
func holderOf(path string) string {
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
		text, _ := io.ReadAll(io.NewSectionReader(f, holderAt, int64(len(holderFormat)+20)))
		if h := holder.Find(text); h != nil {
			return string(h)
		}
	}
	return "another process"
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return l.Close()
}
