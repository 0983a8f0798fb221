package abuse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// immutableFlag is FS_IMMUTABLE_FL of linux/fs.h.
const immutableFlag = 0x10

// immutable has the system refuse all writes to a file, or allow them again, also for those who have opened it. It needs a file system with
// the flag, and the right to set it (https://man7.org/linux/man-pages/man2/ioctl_iflags.2.html).
func immutable(path string, on bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	flags, err := unix.IoctlGetInt(int(f.Fd()), unix.FS_IOC_GETFLAGS)
	if err != nil {
		return err
	}
	if flags &^= immutableFlag; on {
		flags |= immutableFlag
	}
	return unix.IoctlSetPointerInt(int(f.Fd()), unix.FS_IOC_SETFLAGS, flags)
}

// TestReadOnlyDisk has a database that becomes read-only while clients write: writes fail and say so, reads go on, and so does all when it
// can be written again. A server does not start on a database that is read-only.
func TestReadOnlyDisk(t *testing.T) {
	path := program(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, list := written(ctx, t, "r")
	db := s.DB
	files := []string{db, db + "-wal"}
	t.Cleanup(func() {
		for _, file := range files {
			_ = immutable(file, false) // otherwise it cannot be deleted
		}
	})
	for _, file := range files {
		if err := immutable(file, true); err != nil {
			t.Skipf("%s cannot be made read-only here: %v", file, err)
		}
	}
	trying, stop := context.WithCancel(ctx)
	defer stop()
	var calls errgroup.Group
	for _, w := range list {
		calls.Go(func() error { return w.Run(trying, s, 0) }) // each answer is that the server cannot do it now
	}
	client := HTTP(Address(9))
	if err := poll(ctx, func() error { return ready(ctx, s, http.StatusServiceUnavailable, `"reason":"database"`) }); err != nil {
		t.Fatal(err, s.Log())
	}
	if reply, err := s.Post(ctx, client, "say", `["r","x"]`); err != nil || reply.Status != http.StatusServiceUnavailable ||
		!strings.Contains(reply.Body, `"UNAVAILABLE"`) {
		t.Errorf("a write: %v, %v", reply, err)
	}
	if reply, err := s.Post(ctx, client, "latest", `["r0"]`); err != nil || reply.Status != http.StatusOK {
		t.Errorf("a read: %v, %v", reply, err)
	}
	if n := strings.Count(s.Log(), "the database cannot be written"); n != 1 {
		t.Errorf("the log says it %d times: %s", n, s.Log())
	}
	before := answered(list)
	for _, file := range files {
		if err := immutable(file, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := poll(ctx, func() error { return ready(ctx, s, http.StatusOK, "ready") }); err != nil {
		t.Fatal(err)
	}
	if err := poll(ctx, func() error {
		if answered(list) <= before {
			return fmt.Errorf("%d calls are answered, as before", before)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := calls.Wait(); err != nil {
		t.Fatal(err)
	}
	verify(ctx, t, s, list)
	s.Kill()

	if err := immutable(db, true); err != nil {
		t.Fatal(err)
	}
	_, err := Start(ctx, Config{Program: path, DB: db})
	if !errors.Is(err, ErrExited) || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("on a database that is read-only it starts: %v", err)
	}
	if err := immutable(db, false); err != nil {
		t.Fatal(err)
	}
	verify(ctx, t, durable(ctx, t, Config{DB: db}), list)
}
