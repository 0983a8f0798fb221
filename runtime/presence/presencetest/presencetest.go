// Package presencetest is the conformance suite of package presence: tests that every implementation must pass. The tests of an
// implementation call Run.
package presencetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/presence"
)

// Backend is the implementation under test.
type Backend struct {
	// Join makes the manager of another server, or returns the same one again if there can be only one server.
	Join func() presence.Manager
	// Advance lets time pass. When it returns, the members whose grace time has ended have left.
	Advance func(d time.Duration)
}

// Open makes a backend with a grace time for one test.
type Open func(t *testing.T, grace time.Duration) Backend

// grace is the grace time of most tests.
const grace = 5 * time.Second

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name  string
		grace time.Duration
		run   func(*testing.T, *fixture)
	}{
		{"join and leave", grace, testJoinAndLeave},
		{"several connections", grace, testConnections},
		{"return within the grace time", grace, testReturn},
		{"no grace time", 0, testNoGrace},
		{"info", grace, testInfo},
		{"nobody there", grace, testNobody},
		{"rooms are independent", grace, testRooms},
		{"watch", grace, testWatch},
		{"one order", grace, testOrder},
		{"context", grace, testContext},
		{"close", grace, testClose},
		{"model", grace, testModel},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, &fixture{open(t, test.grace)}) })
	}
}

type fixture struct{ Backend }

// tester is a testing.T or a rapid.T.
type tester interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var kitchen = presence.Room{Kind: "home/board", Key: `["kitchen"]`}

func member(key, info string) presence.Member {
	return presence.Member{Key: key, Info: []byte(info)}
}

// wait bounds how long a change may take to arrive.
const wait = 10 * time.Second

// view is a room as one watcher sees it.
type view struct {
	stop func()
	news chan struct{}

	mu      sync.Mutex
	members map[string]string
	log     []string // of changes
	wrong   string   // the first change that contradicts an earlier one
}

// watch watches a room.
func watch(t tester, m presence.Manager, r presence.Room) *view {
	t.Helper()
	v := &view{members: map[string]string{}, news: make(chan struct{}, 1)}
	var err error
	v.stop, err = m.Watch(t.Context(), r, v.change)
	must(t, err)
	return v
}

func (v *view) change(c presence.Change) {
	v.mu.Lock()
	defer v.mu.Unlock()
	old, there := v.members[c.Key]
	fits := false
	switch c.Kind {
	case presence.Joined:
		fits = !there
		v.members[c.Key] = string(c.Info)
		v.log = append(v.log, fmt.Sprintf("+%s %s", c.Key, c.Info))
	case presence.Updated:
		fits = there && old != string(c.Info)
		v.members[c.Key] = string(c.Info)
		v.log = append(v.log, fmt.Sprintf("~%s %s", c.Key, c.Info))
	case presence.Left:
		fits = there && c.Info == nil
		delete(v.members, c.Key)
		v.log = append(v.log, "-"+c.Key)
	}
	if !fits && v.wrong == "" {
		v.wrong = fmt.Sprintf("change %d of %s, which had %q, present: %t", c.Kind, c.Key, old, there)
	}
	select {
	case v.news <- struct{}{}:
	default:
	}
}

// until waits until done holds.
func (v *view) until(t tester, want any, done func() bool) {
	t.Helper()
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	for {
		v.mu.Lock()
		ok, wrong, log, members := done(), v.wrong, v.log, maps.Clone(v.members)
		v.mu.Unlock()
		if wrong != "" {
			t.Fatal(wrong)
		}
		if ok {
			return
		}
		select {
		case <-v.news:
		case <-deadline.C:
			t.Fatalf("changes %q lead to %q, want %q", log, members, want)
		}
	}
}

// want waits for these changes since the last call, in order, and for no others between them.
func (v *view) want(t tester, changes ...string) {
	t.Helper()
	v.until(t, changes, func() bool { return len(v.log) >= len(changes) })
	v.mu.Lock()
	defer v.mu.Unlock()
	if !slices.Equal(v.log[:len(changes)], changes) {
		t.Fatalf("changes %q, want %q", v.log, changes)
	}
	v.log = v.log[len(changes):]
}

// shows waits until the room has these members.
func (v *view) shows(t tester, members map[string]string) {
	t.Helper()
	v.until(t, members, func() bool { return maps.Equal(v.members, members) })
}
