package sqlite

import (
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/store"
)

// probeEach is how often a database that could not be written is tried while no call writes.
const probeEach = time.Second

// health is whether the database could be written the last time.
type health struct {
	log *slog.Logger

	mu  sync.Mutex
	err error // why not
}

func (h *health) get() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// failed notes an error of a commit. It is logged when the database was well before.
func (h *health) failed(err error) {
	if !errors.Is(err, store.ErrUnavailable) {
		return
	}
	h.mu.Lock()
	first := h.err == nil
	h.err = err
	h.mu.Unlock()
	if first {
		h.log.Error("the database cannot be written; reads go on, and it is tried again each second", "error", err)
	}
}

// ok notes a commit that was written.
func (h *health) ok() {
	h.mu.Lock()
	was := h.err
	h.err = nil
	h.mu.Unlock()
	if was != nil {
		h.log.Info("the database can be written again")
	}
}

// probe writes what is there already, to find out whether the database can be written.
func (w *writer) probe() {
	_, err := w.c.exec("BEGIN IMMEDIATE")
	if err == nil {
		if _, err = w.c.exec(setSeqSQL, int64(w.seq)); err == nil {
			_, err = w.c.exec("COMMIT")
		}
	}
	if err != nil {
		w.abandon()
		w.health.failed(classify(err))
		return
	}
	w.health.ok()
}

// Health implements store.Healthy.
func (s *Store) Health() error { return s.w.health.get() }
