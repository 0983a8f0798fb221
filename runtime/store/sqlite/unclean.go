package sqlite

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/livec-lang/livec/internal/private"
	"github.com/livec-lang/livec/runtime/store"
)

// A run that ends in order writes all commits into the file of the database, and then marks its lock as closed. Without the mark, or with a
// write-ahead log, the last run has not ended in order: its process was killed, or the machine failed. SQLite then gets the commits from
// the log by itself. But it takes a log that is missing for an empty one, and ends at the first frame of it that is damaged, without a
// word.

// ended is how the last run has ended.
type ended struct {
	db      string // path
	unclean bool
	reason  error // why commits of the last run are lost; nil if none seem to be
}

// lastRun finds out how the last run has ended. It is called before SQLite opens the files.
func lastRun(db string, before mark) ended {
	e := ended{db: db}
	info, err := os.Stat(db)
	if err != nil || info.Size() == 0 {
		return e // a new database
	}
	wal, err := os.Stat(db + "-wal")
	missing := errors.Is(err, fs.ErrNotExist)
	e.unclean = before.serving || err == nil && wal.Size() > 0
	if !before.serving {
		return e
	}
	known := before.boot != "" && before.boot == bootID() // otherwise the index may be older than the log
	index, ok := readIndex(db + "-shm")
	switch {
	case known && ok && (index.frames == 0 || missing && index.written >= index.frames):
	case missing:
		e.reason = fmt.Errorf("the file %s-wal, which has its latest commits, is missing", db)
	case known && ok && intactFrames(db+"-wal", index.salt) < index.frames:
		e.reason = fmt.Errorf("the file %s-wal, which has its latest commits, was cut or damaged", db)
	}
	return e
}

// refuse is the error of a database that has lost commits.
func (e *ended) refuse() error {
	if e.reason == nil {
		return nil
	}
	return fmt.Errorf("%w: the last run did not end in order, and %w. Put the file back or restore a backup; "+
		"to serve the database without these commits, delete %s.lock and start again", store.ErrUnavailable, e.reason, e.db)
}

// check looks for damage after a run that has not ended in order.
func (e *ended) check(c *conn, log *slog.Logger) error {
	if !e.unclean {
		return nil
	}
	log.Warn("the last run did not end in order; the database is checked before it is served", "database", e.db)
	started := time.Now()
	rows, err := c.all("PRAGMA quick_check(3)")
	if err != nil {
		return err
	}
	var found []string
	for _, row := range rows {
		if text := fmt.Sprint(row[0]); text != "ok" {
			found = append(found, text)
		}
	}
	if len(found) > 0 {
		return damaged(e.db, errors.New(strings.Join(found, "; ")))
	}
	log.Info("the database is whole", "database", e.db, "took", time.Since(started).Round(time.Millisecond))
	return nil
}

// damaged is the error of a database whose file is damaged.
func damaged(path string, err error) error {
	return fmt.Errorf("%w: %s is damaged (%w). Restore a backup, or save what can be read with: sqlite3 %s .recover",
		store.ErrUnavailable, path, err, path)
}

func isDamage(err error) bool { return isCode(err, lib.SQLITE_CORRUPT) }

// tighten takes the rights to the files of a database from other users, since it has the data of all users of the app.
func tighten(db string, log *slog.Logger) {
	for _, path := range []string{db, db + "-wal", db + "-shm"} {
		switch changed, err := private.Tighten(path); {
		case err != nil:
			log.Warn("other users of this machine may read a file of the database, and that cannot be changed", "file", path, "error", err)
		case changed:
			log.Warn("other users of this machine could read a file of the database; now only its owner can", "file", path)
		}
	}
}

// bootID identifies the time since the machine was started; "" if the system does not say.
func bootID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id))
}

// index is what the index of a write-ahead log says of it (https://sqlite.org/walformat.html#the_wal_index_file_format).
type index struct {
	frames  uint32 // that are committed
	written uint32 // of them, into the file of the database
	salt    [8]byte
}

// readIndex reads the index that the last run has left. It is as new as the log if only the process has ended, not the machine.
func readIndex(path string) (ix index, ok bool) {
	const header = 48
	f, err := os.Open(path)
	if err != nil {
		return ix, false
	}
	defer f.Close()
	var b [2*header + 4]byte
	if _, err := io.ReadFull(f, b[:]); err != nil || !bytes.Equal(b[:header], b[header:2*header]) || b[12] != 1 {
		return ix, false
	}
	order := binary.NativeEndian
	s0, s1 := checksum(order, 0, 0, b[:40])
	if order.Uint32(b[40:]) != s0 || order.Uint32(b[44:]) != s1 {
		return ix, false
	}
	ix.frames, ix.written = order.Uint32(b[16:]), order.Uint32(b[2*header:])
	copy(ix.salt[:], b[32:40])
	return ix, true
}

// intactFrames is the number of frames at the start of a write-ahead log that are whole, as SQLite checks them
// (https://sqlite.org/fileformat2.html#the_write_ahead_log). It is 0 if the salt of the log is another one.
func intactFrames(path string, salt [8]byte) (n uint32) {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	var head [32]byte
	if _, err := io.ReadFull(f, head[:]); err != nil || !bytes.Equal(head[16:24], salt[:]) {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[3]&1 == 1 {
		order = binary.BigEndian
	}
	s0, s1 := checksum(order, 0, 0, head[:24])
	if binary.BigEndian.Uint32(head[24:]) != s0 || binary.BigEndian.Uint32(head[28:]) != s1 {
		return 0
	}
	size := binary.BigEndian.Uint32(head[8:])
	if size < 512 || size > 65536 {
		return 0
	}
	frame := make([]byte, 24+size)
	in := bufio.NewReaderSize(f, 1<<18)
	for {
		if _, err := io.ReadFull(in, frame); err != nil || !bytes.Equal(frame[8:16], salt[:]) {
			return n
		}
		s0, s1 = checksum(order, s0, s1, frame[:8])
		s0, s1 = checksum(order, s0, s1, frame[24:])
		if binary.BigEndian.Uint32(frame[16:]) != s0 || binary.BigEndian.Uint32(frame[20:]) != s1 {
			return n
		}
		n++
	}
}

// checksum continues SQLite's checksum of a log over b, whose length is a multiple of 8.
func checksum(order binary.ByteOrder, s0, s1 uint32, b []byte) (uint32, uint32) {
	for ; len(b) >= 8; b = b[8:] {
		s0 += order.Uint32(b) + s1
		s1 += order.Uint32(b[4:]) + s0
	}
	return s0, s1
}
