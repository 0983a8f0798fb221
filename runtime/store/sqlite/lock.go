package sqlite

import (
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/gofrs/flock"

	"github.com/livec-lang/livec/runtime/store"
)

// lock is a file beside the database that a process keeps locked while it serves the database. The system unlocks it when the process
// ends, in whichever way. The file stays, and says which process has locked it last.
type lock struct{ *flock.Flock }

const (
	// holderAt is the offset of what the file says. The first byte is left out: it is locked, and Windows lets nobody else read it.
	holderAt = 1
	// holderFormat is what the file says, padded so that it covers what an earlier holder has left.
	holderFormat = "process %-20d\n"
)

var holder = regexp.MustCompile(`^process \d+`)

// takeLock locks path for this process, or gives ErrLocked.
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

// holderOf says who holds the lock at path, as far as the file tells.
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
