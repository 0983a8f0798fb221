package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/gofrs/flock"

	"github.com/livec-lang/livec/runtime/store"
)

// lock is a file next to the database that a process keeps locked while it serves the database. The system unlocks it when the process
// ends, in any way. The file stays, and names the process that has locked it last.
type lock struct {
	*flock.Flock
	database string
	before   mark // what the last run has left
}

// mark is what the file says of the last process that has locked it.
type mark struct {
	serving bool   // it has begun to serve, and has not ended in order
	boot    string // see bootID
}

const (
	// holderAt is the offset of the text. The first byte is left out: it is locked, and on Windows no other process can read it.
	holderAt = 1
	// holderFormat is the text, padded so that it covers that of an earlier holder.
	holderFormat = "process %-20d %-7s %-40s\n"
	serving      = "serving"
	closed       = "closed"
)

var (
	holder    = regexp.MustCompile(`^process \d+`)
	isServing = regexp.MustCompile(`^process \d+ +serving +(\S*)`)
)

// takeLock locks path for this process. The error is ErrLocked if another process has locked it.
func takeLock(path, database string) (*lock, error) {
	l := &lock{Flock: flock.New(path, flock.SetPermissions(0o644)), database: database}
	locked, err := l.TryLock()
	if err == nil && locked {
		if found := isServing.FindSubmatch(contents(path)); found != nil {
			l.before = mark{serving: true, boot: string(found[1])}
		}
		err = l.write(l.before)
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

// mark says in the file whether this process serves the database. It is durable.
func (l *lock) mark(on bool) error {
	return l.write(mark{serving: on, boot: bootID()})
}

// write writes into the file that this process holds the lock, and a mark.
func (l *lock) write(m mark) error {
	state := closed
	if m.serving {
		state = serving
	}
	f, err := os.OpenFile(l.Path(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(fmt.Appendf(nil, holderFormat, os.Getpid(), state, m.boot), holderAt); err != nil {
		_ = f.Close()
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// contents is the text of the file at path; empty if it cannot be read.
func contents(path string) []byte {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, _ := io.ReadAll(io.NewSectionReader(f, holderAt, int64(len(holderFormat)+80)))
	return text
}

// holderOf names the holder of the lock at path, if the file says it.
func holderOf(path string) string {
	if h := holder.Find(contents(path)); h != nil {
		return string(h)
	}
	return "another process"
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return l.Close()
}
