package invoke

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/auth"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// TestHashOutside hashes in calls that read and that write: no transaction is open meanwhile, and each call has its effect once.
func TestHashOutside(t *testing.T) {
	old := auth.HashPassword("old")
	for name, test := range map[string]struct {
		mode    Mode
		session bool
	}{"read": {Read, false}, "write": {Write, false}, "session": {Write, true}} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil)
			runs, after := 0, 0
			q := ask(test.mode, func(in *Invocation) error {
				runs++
				in.Log().Info("begins")
				if err := in.Limit("l", ratelimit.Rate{Limit: 1, Per: time.Hour}, "k"); err != nil {
					return err
				}
				in.AfterCommit(func() { after++ })
				if right, err := in.CheckPassword("old", old); err != nil || !right {
					t.Errorf("the old password is right: %v, %v", right, err)
				}
				if _, err := in.CheckPassword("x", "no hash"); !errors.Is(err, auth.ErrHash) {
					t.Error(err)
				}
				one, two := in.HashPassword("new"), in.HashPassword("new")
				if one == two {
					t.Error("two hashes of a password have one salt")
				}
				if right, _ := in.CheckPassword("new", two); !right {
					t.Error("the new password is wrong")
				}
				if test.mode == Write {
					return in.Tx.Insert(notes, relation.Row{"n", one})
				}
				return nil
			})
			q.Kind, q.Session = store.Calls, test.session
			r := f.newRequest(q)
			r.done = make(chan struct{})
			f.start(t.Context(), t.Context(), &r.task)
			<-r.done
			if r.err != nil {
				t.Fatal(r.err)
			}
			// Five hashes, and the last run; a rehearsal is one more.
			want := 6
			if test.session {
				want++
			}
			if runs != want || after != 1 || strings.Count(f.log.String(), "begins") != 1 {
				t.Errorf("ran %d times, want %d; %d times after the commit; logged %s", runs, want, after, f.log)
			}
			if text := f.note(t, "n"); (text != nil) != (test.mode == Write) {
				t.Errorf("stored %v", text)
			}
			if h := hashesOf(r.task.ctx); !r.task.Hashed() || len(h.made)+len(h.checked)+len(h.used) > 0 {
				t.Errorf("passwords are kept: %v", h)
			}
		})
	}
}

// TestHashOfUpgrade identifies the caller by a password, in the transaction of the call and in one of its own.
func TestHashOfUpgrade(t *testing.T) {
	hash := auth.HashPassword("right")
	f := newFixture(t, func(in *Invocation) (any, string, error) {
		right, err := in.CheckPassword("right", hash)
		if err == nil && !right {
			err = &fault.Error{Code: fault.CodeUnauthorized}
		}
		return "ann", "ann", err
	})
	from := &identity.Caller{}
	q := ask(Write, func(in *Invocation) error { return in.Tx.Insert(notes, relation.Row{"n", in.Who.Key}) })
	q.As = func(ctx context.Context, tx store.Tx) (*identity.Identity, error) { return f.Identify(ctx, from, tx) }
	if _, err := f.Do(t.Context(), q); err != nil || f.note(t, "n") != "ann" {
		t.Errorf("%v, stored %v", err, f.note(t, "n"))
	}
	if who, err := f.IdentifyNow(t.Context(), from, false); err != nil || who.Key != "ann" {
		t.Errorf("%v, %v", who, err)
	}
	if who, _, err := f.IdentifyWatched(t.Context(), from, false, func(*identity.Identity) {}); err != nil || who.Key != "ann" {
		t.Errorf("%v, %v", who, err)
	}
}

// TestHashesWaitApart occupies all that hash. Calls that need none go on, and what has no place is refused.
func TestHashesWaitApart(t *testing.T) {
	f := newBoundedFixture(t, sqlite.Options{})
	cfg := f.cfg
	cfg.Hashers, cfg.MaxHashes, cfg.MaxHashesEach = 1, 100, 2
	f.Runner = New(cfg)
	leave, err := f.hashing.Enter(t.Context(), "other")
	if err != nil {
		t.Fatal(err)
	}
	const calls = 5
	ended := make(chan error, calls)
	for range calls {
		go func() {
			q := ask(Write, func(in *Invocation) error { in.HashPassword("p"); return nil })
			q.Kind = store.Calls
			_, err := f.Do(t.Context(), q)
			ended <- err
		}()
	}
	for range calls - 2 {
		var over *store.Overloaded
		err := <-ended
		if !errors.As(err, &over) || over.Limit != limits.MaxHashesPerCaller ||
			f.cfg.Faults.Report(t.Context(), "app/do", err).Code != fault.CodeOverloaded {
			t.Errorf("%v, want that there is no place for more than two", err)
		}
	}
	if _, err := f.Do(t.Context(), ask(Write, func(in *Invocation) error { return in.Tx.Insert(notes, relation.Row{"n", "x"}) })); err != nil {
		t.Error(err)
	}
	leave()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// TestHashesOfThoseWhoHaveGone has callers who disconnect while their calls wait for a hash. The calls end, and write nothing.
func TestHashesOfThoseWhoHaveGone(t *testing.T) {
	for name, test := range map[string]struct {
		mode    Mode
		session bool
	}{"read": {Read, false}, "write": {Write, false}, "session": {Write, true}} {
		t.Run(name, func(t *testing.T) {
			f := newBoundedFixture(t, sqlite.Options{})
			cfg := f.cfg
			cfg.Hashers = 1
			f.Runner = New(cfg)
			leave, err := f.hashing.Enter(t.Context(), "other")
			if err != nil {
				t.Fatal(err)
			}
			caller, gone := context.WithCancel(t.Context())
			runs := 0
			q := ask(test.mode, func(in *Invocation) error {
				runs++
				in.HashPassword("p")
				return in.Tx.Insert(notes, relation.Row{"n", "x"})
			})
			q.Kind, q.Session = store.Calls, test.session
			r := f.newRequest(q)
			r.done = make(chan struct{})
			go f.start(caller, t.Context(), &r.task)
			for f.hashing.Waiting() == 0 && t.Context().Err() == nil {
			}
			gone()
			<-r.done
			if !errors.Is(r.err, context.Canceled) || runs != 1 || f.hashing.Waiting() != 0 || f.note(t, "n") != nil {
				t.Errorf("%v after %d runs, %d wait, stored %v", r.err, runs, f.hashing.Waiting(), f.note(t, "n"))
			}
			leave()
		})
	}
}
