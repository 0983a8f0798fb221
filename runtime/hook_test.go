package runtime

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/store"
)

// TestHooks checks that a failing hook of the store fails the call, and that its answer is not kept: the same call runs when it is sent
// again. What a hook writes is committed with the call.
func TestHooks(t *testing.T) {
	var refuse atomic.Bool
	s := startServer(t, func(o *Options) {
		o.Store.BeforeCommit(func(_ context.Context, tx store.Tx, changes []store.Change) error {
			for _, c := range changes {
				if c.Table != lines {
					continue
				}
				if refuse.Load() {
					return errors.New("not now")
				}
				if err := tx.Insert(people, relation.Row{"by " + c.After[2].(string), "hook"}); err != nil {
					return err
				}
			}
			return nil
		})
	})
	key := keyAt(time.Now())
	send := func(want int) {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, gateway.RPCPath+"chat/send", strings.NewReader(`["lobby","once"]`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", key)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want {
			t.Fatalf("the answer is %d %s, want %d", w.Code, w.Body, want)
		}
	}
	there := func(want int) {
		t.Helper()
		if err := s.store.Read(t.Context(), func(tx store.Tx) error {
			rows, err := tx.Query(linesOf, "lobby")
			if err != nil {
				return err
			}
			by, err := tx.Get(people, relation.Row{"by once"})
			if len(rows) != want || (by != nil) != (want > 0) {
				return fmt.Errorf("there are the lines %v and of the hook %v, want %d: %w", rows, by, want, err)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	refuse.Store(true)
	send(http.StatusInternalServerError)
	there(0)
	refuse.Store(false)
	send(http.StatusOK)
	there(1)
	send(http.StatusOK) // the kept answer: a second run of the hook would find its own row
	there(1)
}
