package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	lib "modernc.org/sqlite/lib"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// Memory is the path of a database that is deleted when it is closed. It is a temporary file that no other process can open; unlike
// SQLite's own databases in memory, it gives readers snapshots.
const Memory = ":memory:"

// Options are the options of Open. The zero value is right for a server: each bound then has its default. Bounds of waiting calls and of
// time hold for transactions with a store.Turn. A negative time is no bound.
type Options struct {
	// Logger logs each change that Open makes to an existing schema; default: slog.Default.
	Logger *slog.Logger
	// Queries are the queries of the app. Open returns an error if SQLite cannot run one of them; otherwise the first run would return it.
	Queries []*relation.Query

	// Limits are the limits of what waits for the database, and of the time of transactions; package limits has the defaults.
	Limits limits.Values
}

// Store is a store on one SQLite database.
type Store struct {
	w      *writer
	r      *readers
	lock   *lock
	opened bool   // it serves, and must end in order
	tmp    string // folder of the database at Memory
	closed chan struct{}
}

var _ store.Store = (*Store)(nil)

// Open opens the database at path, which is a file or Memory, and creates it if there is none. It adapts the schema to tables if no data
// has to change: it adds tables, indexes, and columns that may be null or have a default. Any other difference is ErrDrift, and leaves the
// database unchanged. If another process serves the database, the error is ErrLocked; if the file cannot be used, it is ErrUnavailable and
// says why.
func Open(ctx context.Context, path string, tables []*relation.Table, o Options) (store.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	s := &Store{closed: make(chan struct{})}
	synchronous := "FULL"
	shown := path
	if path == Memory {
		dir, err := os.MkdirTemp("", "live-")
		if err != nil {
			return nil, fileError(path, err)
		}
		s.tmp, path, synchronous = dir, filepath.Join(dir, "memory.db"), "OFF"
	}
	st, err := newStatements(tables, o.Queries)
	if err != nil {
		return nil, errors.Join(err, s.release())
	}
	if err := s.open(path, shown, synchronous, st, tables, o); err != nil {
		return nil, errors.Join(err, s.release())
	}
	go s.w.run()
	return s, nil
}

func (s *Store) open(path, shown, synchronous string, st *statements, tables []*relation.Table, o Options) error {
	path, err := usablePath(path)
	if err != nil {
		return err
	}
	if s.lock, err = takeLock(path+".lock", shown); err != nil {
		return err
	}
	ended := lastRun(path, s.lock.before)
	if err := ended.refuse(); err != nil {
		return err
	}
	tighten(path, o.Logger)
	b := newBounds(o.Limits)
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: "_dqs=0&_error_rc=1"}).String()
	common := []string{"busy_timeout = 5000", "trusted_schema = OFF", "temp_store = MEMORY", "cache_size = -8192"}
	w, err := openConn(dsn, append(common, "synchronous = "+synchronous, "cache_size = -16384")...)
	if err != nil {
		return databaseError(shown, err)
	}
	w.statements = st
	s.w = newWriter(w, 0, b, o.Logger)
	if err := useWAL(w); err != nil {
		return databaseError(shown, err)
	}
	if err := ended.check(w, o.Logger); err != nil {
		return databaseError(shown, err)
	}
	if s.w.seq, err = prepare(w, tables, o); err != nil {
		return databaseError(shown, err)
	}
	s.r = &readers{closed: make(chan struct{})}
	for kind, n := range map[store.Kind]int{store.Own: b.readers, store.Check: max(1, b.readers/2), store.Calls: b.readers} {
		p := newPool(b)
		s.r.kinds[kind] = p
		spares := n / 2
		if kind == store.Own {
			spares = 0 // they have no names by which long ones are known
		}
		for i := range n + spares {
			c, err := openConn(dsn, append(common, "query_only = ON")...)
			if err != nil {
				return databaseError(shown, err)
			}
			c.statements = st
			p.add(c, i >= n)
			// The first read opens all files. After that, those of a database at Memory can be deleted.
			if _, err := c.one(getSeqSQL); err != nil {
				return databaseError(shown, err)
			}
		}
	}
	tighten(path, o.Logger) // SQLite has made the others
	if err := s.lock.mark(true); err != nil {
		return fileError(shown, err)
	}
	s.opened = true
	if s.tmp != "" {
		_ = os.RemoveAll(s.tmp) // if open files cannot be deleted, release does it
	}
	return nil
}

// prepare brings the database to the state in which it is served, all or nothing, and returns the sequence of its last commit.
func prepare(c *conn, tables []*relation.Table, o Options) (seq uint64, err error) {
	if err := c.script("BEGIN IMMEDIATE"); err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = c.script("ROLLBACK") // fails if SQLite has rolled back itself
		}
	}()
	if seq, err = adaptMeta(c); err != nil {
		return 0, err
	}
	done, err := adapt(c, tables)
	if err != nil {
		return 0, err
	}
	if err := c.script("COMMIT"); err != nil {
		return 0, err
	}
	for _, step := range done {
		o.Logger.Info("the database was adapted to the program", "change", step)
	}
	return seq, nil
}

func useWAL(c *conn) error {
	row, err := c.one("PRAGMA journal_mode = WAL")
	if err != nil {
		return err
	}
	if len(row) != 1 || row[0] != "wal" {
		return fmt.Errorf("%w: its file system cannot share memory between readers and the writer (SQLite's WAL mode); put it on a local disk",
			store.ErrUnavailable)
	}
	return nil
}

// usablePath follows the links in path, so that one database has one lock. It explains errors that SQLite would only call "unable to open
// database file".
func usablePath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fileError(path, err)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		info, err := os.Stat(real)
		if err != nil {
			return "", fileError(path, err)
		}
		if info.IsDir() {
			return "", fmt.Errorf("%w: %s is a folder; name a file in it", store.ErrUnavailable, path)
		}
		f, err := os.OpenFile(real, os.O_RDWR, 0)
		if err != nil {
			return "", fileError(path, err)
		}
		return real, f.Close()
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%w: the folder %s does not exist; create it, or choose another path", store.ErrUnavailable, filepath.Dir(abs))
	}
	if err != nil {
		return "", fileError(path, err)
	}
	// Only the user who runs the server may read it, since it contains secrets. SQLite gives its other files the mode of this one.
	real := filepath.Join(dir, filepath.Base(abs))
	f, err := os.OpenFile(real, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", fileError(path, err)
	}
	return real, f.Close()
}

// fileError explains an error of the file system.
func fileError(path string, err error) error {
	var pe *fs.PathError
	reason := err
	if errors.As(err, &pe) {
		reason = pe.Err
	}
	if errors.Is(err, fs.ErrPermission) || isReadOnlyFS(err) {
		return fmt.Errorf("%w: %s cannot be written (%w); give this user permission to write the file and its folder, or choose another path",
			store.ErrUnavailable, path, reason)
	}
	return fmt.Errorf("%w: %s: %w", store.ErrUnavailable, path, err)
}

func isReadOnlyFS(err error) bool { return strings.Contains(err.Error(), "read-only file system") }

// databaseError explains an error of SQLite while it opens.
func databaseError(path string, err error) error {
	switch {
	case isCode(err, lib.SQLITE_NOTADB):
		return fmt.Errorf("%w: %s is not an SQLite database; choose another path, or move that file away", store.ErrUnavailable, path)
	case isDamage(err):
		return damaged(path, err)
	case errors.Is(err, store.ErrDrift), errors.Is(err, store.ErrUnavailable):
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %w", path, classify(err))
}

// Submit implements store.Store.
func (s *Store) Submit(ctx context.Context, fn func(store.Tx) error, done func(store.Commit, error)) {
	s.w.submit(&job{ctx: ctx, fn: fn, done: done})
}

// Read implements store.Store.
func (s *Store) Read(ctx context.Context, fn func(store.Tx) error) error { return s.r.read(ctx, fn) }

// BeforeCommit implements store.Store.
func (s *Store) BeforeCommit(hooks ...store.CommitHook) { s.w.setHooks(hooks) }

// OnCommit implements store.Store.
func (s *Store) OnCommit(fn func(store.Commit)) { s.w.setOnCommit(fn) }

// Close implements store.Store.
func (s *Store) Close() error {
	if !s.w.close() {
		<-s.closed
		return nil
	}
	defer close(s.closed)
	return s.release()
}

// endInOrder writes all commits into the file of the database, and marks its lock. If that fails, the log keeps them for the next run,
// which finds that this one has not ended in order.
func (s *Store) endInOrder() error {
	row, err := s.w.c.one("PRAGMA wal_checkpoint(TRUNCATE)")
	if err != nil {
		return classify(err)
	}
	if len(row) == 3 && row[0] == int64(0) {
		return s.lock.mark(false)
	}
	return nil
}

// release closes what is open.
func (s *Store) release() error {
	var errs []error
	if s.r != nil {
		errs = append(errs, s.r.close())
	}
	if s.w != nil {
		if s.opened && s.tmp == "" {
			errs = append(errs, s.endInOrder())
		}
		errs = append(errs, s.w.c.close())
	}
	errs = append(errs, s.lock.release())
	if s.tmp != "" {
		errs = append(errs, os.RemoveAll(s.tmp))
	}
	return errors.Join(errs...)
}
