package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/livec-lang/livec/runtime/store"
)

// lock is a file beside the database that one process holds locked while it serves it. The system lets go of it when the process ends, however it ends. The file stays
// and says which process holds it or held it last.
type lock struct{ f *os.File }

// takeLock locks path for this process, or gives ErrLocked.
func takeLock(path, database string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fileError(database, err)
	}
	err = lockFile(f)
	if err != nil && !errors.Is(err, errLockHeld) {
		f.Close()
		return nil, fileError(database, err)
	}
	text, readErr := io.ReadAll(io.LimitReader(f, 256))
	pid, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n") // versions before have written more
	if err != nil {
		f.Close()
		by := "another process"
		if pid != "" {
			by = "process " + pid
		}
		return nil, fmt.Errorf("%w: %s serves %s. Stop it, or give this server a database of its own", store.ErrLocked, by, database)
	}
	if readErr != nil {
		f.Close()
		return nil, fileError(database, readErr)
	}
	return &lock{f: f}, nil
}

// note writes who holds the lock.
func (l *lock) note() error {
	text := fmt.Sprintf("%d\n", os.Getpid())
	if err := l.f.Truncate(0); err != nil {
		return err
	}
	if _, err := l.f.WriteAt([]byte(text), 0); err != nil {
		return err
	}
	return l.f.Sync()
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}
