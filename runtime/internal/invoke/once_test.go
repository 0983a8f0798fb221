package invoke

import (
	"testing"

	"github.com/google/uuid"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/store"
)

// TestNoAnswerWithoutEffect sends calls with keys again: those that have had no effect run again, and leave nothing in the database.
func TestNoAnswerWithoutEffect(t *testing.T) {
	f := newFixture(t, nil)
	seed, _ := ParseSeed(uuid.Must(uuid.NewV7()).String())
	for name, test := range map[string]struct {
		do   func(in *Invocation) error
		runs int
	}{
		"nothing":          {func(*Invocation) error { return nil }, 2},
		"reads":            {func(in *Invocation) error { _, err := in.Tx.Get(notes, relation.Row{"x"}); return err }, 2},
		"writes":           {func(in *Invocation) error { return in.Tx.Insert(notes, relation.Row{in.NewID(), "x"}) }, 1},
		"after the commit": {func(in *Invocation) error { in.AfterCommit(func() {}); return nil }, 1},
	} {
		runs := 0
		for range 2 {
			q := ask(Write, func(in *Invocation) error { runs++; return test.do(in) })
			q.Path, q.Kind = "app/"+name, store.Calls
			q.As = As(&identity.Identity{Key: name})
			r := f.newRequest(q)
			r.done, r.task.Seed = make(chan struct{}), seed
			f.start(t.Context(), t.Context(), &r.task)
			<-r.done
			if r.err != nil {
				t.Errorf("%s: %v", name, r.err)
			}
		}
		if runs != test.runs {
			t.Errorf("a call that does %s runs %d times when it is sent twice, want %d", name, runs, test.runs)
		}
	}
}
