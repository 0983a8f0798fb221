package runtime

import (
	"bytes"
	"context"
	"encoding/json"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// requery is an engine that runs every query again after every commit.
type requery struct {
	store store.Store
	hub   *topic.Hub

	mu      sync.Mutex
	windows map[string]*testWindow
	watches map[*[]store.Dependency]func()
	opened  int // number of open windows
	noted   atomic.Uint64
}

func newRequery(s *Server) (engine, error) {
	e := &requery{store: s.store, hub: s.hub, windows: map[string]*testWindow{}, watches: map[*[]store.Dependency]func(){}}
	s.store.OnCommit(e.commit)
	return e, nil
}

// Settle is part of engine. This engine does all its work in the commit.
func (e *requery) Settle() {}

type testWindow struct {
	engine *requery
	key    string
	query  *relation.Query
	params []relation.Value
	topic  *topic.Topic
	value  []byte
	held   int
}

func (e *requery) Open(ctx context.Context, q *relation.Query, params []relation.Value) (conn.Window, error) {
	key, _ := json.Marshal([]any{q.Name, params})
	e.mu.Lock()
	defer e.mu.Unlock()
	w := e.windows[string(key)]
	if w == nil {
		w = &testWindow{engine: e, key: string(key), query: q, params: params, topic: e.hub.New()}
		var err error
		if w.value, err = e.run(ctx, w); err != nil {
			return nil, err
		}
		e.windows[w.key] = w
	}
	w.held++
	e.opened++
	return w, nil
}

// More is part of conn.Window.
func (w *testWindow) More(context.Context) error { return nil }

func (e *requery) run(ctx context.Context, w *testWindow) (value []byte, err error) {
	err = e.store.Read(ctx, func(tx store.Tx) error {
		rows, err := tx.Query(w.query, w.params...)
		texts := []string{}
		for _, r := range rows {
			texts = append(texts, r[2].(string))
		}
		value, _ = json.Marshal(texts)
		return err
	})
	return value, err
}

func (e *requery) commit(commit store.Commit) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for deps, fn := range e.watches {
		for _, d := range *deps {
			if changes(commit, d) {
				fn()
				break
			}
		}
	}
	e.noted.Store(commit.Seq)
	for _, w := range e.windows {
		value, err := e.run(context.Background(), w)
		if err == nil && !bytes.Equal(value, w.value) {
			w.value = value
			w.topic.Append("set", value)
		}
	}
}

func (e *requery) Notified() uint64 { return e.noted.Load() }

func (e *requery) Changed(_ store.Dependency, since uint64) bool { return e.Notified() > since }

func (e *requery) AwaitNotified(ctx context.Context, seq uint64) error {
	for e.Notified() < seq {
		if err := ctx.Err(); err != nil {
			return err
		}
		runtime.Gosched()
	}
	return nil
}

func changes(commit store.Commit, d store.Dependency) bool {
	for _, change := range commit.Changes {
		for _, row := range []relation.Row{change.Before, change.After} {
			match := change.Table == d.Table && row != nil
			for i, c := range d.Cols {
				match = match && row[c] == d.Values[i]
			}
			if match {
				return true
			}
		}
	}
	return false
}

func (e *requery) Watch(deps []store.Dependency, fn func()) func() {
	key := &deps
	e.mu.Lock()
	defer e.mu.Unlock()
	e.watches[key] = fn
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.watches, key)
	}
}

func (e *requery) Close() {}

func (w *testWindow) Attach(dst []byte) ([]byte, *topic.Topic, uint64, bool) {
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	return append(dst, w.value...), w.topic, w.topic.Head(), false
}

func (w *testWindow) Reach(context.Context, uint64) error { return nil }

func (w *testWindow) Topic() *topic.Topic { return w.topic }

func (w *testWindow) Release() {
	w.engine.mu.Lock()
	defer w.engine.mu.Unlock()
	w.held--
	w.engine.opened--
}
