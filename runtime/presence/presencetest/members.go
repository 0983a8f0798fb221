package presencetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/livec-lang/livec/runtime/presence"
)

// end makes a change after all others, and waits for it.
func end(t *testing.T, m presence.Manager, r presence.Room, views ...*view) {
	t.Helper()
	key := fmt.Sprintf("end %p", t)
	must(t, m.Add(t.Context(), r, member(key, "")))
	for _, v := range views {
		v.want(t, "+"+key+" ")
	}
}

func testJoinAndLeave(t *testing.T, f *fixture) {
	a, b := f.Join(), f.Join()
	va, vb := watch(t, a, kitchen), watch(t, b, kitchen)
	info := `{"name":"é\u0000` + strings.Repeat("x", 10_000) + `"}`
	must(t, a.Add(t.Context(), kitchen, member("ann", info)))
	must(t, b.Add(t.Context(), kitchen, member("bob", "1")))
	va.shows(t, map[string]string{"ann": info, "bob": "1"})
	vb.shows(t, map[string]string{"ann": info, "bob": "1"})
	must(t, a.Remove(t.Context(), kitchen, "ann"))
	f.Advance(grace)
	va.shows(t, map[string]string{"bob": "1"})
	vb.shows(t, map[string]string{"bob": "1"})
}

func testConnections(t *testing.T, f *fixture) {
	a, b := f.Join(), f.Join()
	v := watch(t, b, kitchen)
	must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	must(t, b.Add(t.Context(), kitchen, member("ann", "1")))
	must(t, a.Remove(t.Context(), kitchen, "ann"))
	must(t, a.Remove(t.Context(), kitchen, "ann"))
	f.Advance(10 * grace)
	v.want(t, "+ann 1")
	must(t, b.Remove(t.Context(), kitchen, "ann"))
	f.Advance(grace)
	v.want(t, "-ann")
	must(t, b.Remove(t.Context(), kitchen, "ann"))
	must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	f.Advance(10 * grace)
	v.want(t, "+ann 1")
	end(t, a, kitchen, v)
}

func testReturn(t *testing.T, f *fixture) {
	a, b := f.Join(), f.Join()
	v := watch(t, a, kitchen)
	must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	for range 3 {
		must(t, a.Remove(t.Context(), kitchen, "ann"))
		f.Advance(grace * 3 / 4)
		must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	}
	must(t, a.Remove(t.Context(), kitchen, "ann"))
	must(t, a.Remove(t.Context(), kitchen, "ann")) // it has none
	must(t, b.Add(t.Context(), kitchen, member("ann", "1")))
	f.Advance(grace * 3 / 4)
	v.want(t, "+ann 1")
	end(t, a, kitchen, v)
}

func testNoGrace(t *testing.T, f *fixture) {
	a := f.Join()
	v := watch(t, a, kitchen)
	must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	must(t, a.Remove(t.Context(), kitchen, "ann"))
	must(t, a.Add(t.Context(), kitchen, member("ann", "2")))
	v.want(t, "+ann 1", "-ann", "+ann 2")
}

func testInfo(t *testing.T, f *fixture) {
	a, b := f.Join(), f.Join()
	v := watch(t, b, kitchen)
	must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	must(t, a.Update(t.Context(), kitchen, member("ann", "1")))
	must(t, a.Update(t.Context(), kitchen, member("ann", "2")))
	must(t, a.Add(t.Context(), kitchen, member("ann", "3")))
	v.want(t, "+ann 1", "~ann 2", "~ann 3")
	must(t, a.Override(t.Context(), kitchen, member("ann", "own")))
	must(t, a.Override(t.Context(), kitchen, member("ann", "own")))
	must(t, a.Update(t.Context(), kitchen, member("ann", "4")))
	must(t, a.Add(t.Context(), kitchen, member("ann", "5")))
	must(t, a.Override(t.Context(), kitchen, member("ann", "mine")))
	v.want(t, "~ann own", "~ann mine")
	for range 3 {
		must(t, a.Remove(t.Context(), kitchen, "ann"))
	}
	f.Advance(grace)
	must(t, a.Add(t.Context(), kitchen, member("ann", "6"))) // the user's own info was removed
	v.want(t, "-ann", "+ann 6")
	end(t, a, kitchen, v)
}

func testNobody(t *testing.T, f *fixture) {
	a := f.Join()
	v := watch(t, a, kitchen)
	must(t, a.Remove(t.Context(), kitchen, "ann"))
	must(t, a.Update(t.Context(), kitchen, member("ann", "1")))
	must(t, a.Override(t.Context(), kitchen, member("ann", "2")))
	end(t, a, kitchen, v)
}

func testRooms(t *testing.T, f *fixture) {
	a, b := f.Join(), f.Join()
	rooms := []presence.Room{
		kitchen, {Kind: kitchen.Kind, Key: `["Kitchen"]`}, {Kind: kitchen.Kind}, {Key: kitchen.Kind}, {},
		{Kind: "a", Key: "bc"}, {Kind: "ab", Key: "c"}, {Kind: "a:b"}, {Kind: "a", Key: "b"}, {Kind: "a", Key: ":b"},
		{Kind: "a\x00", Key: "b"}, {Kind: "a", Key: "\x00b"}, {Kind: "é", Key: "\xff"}, {Kind: "long", Key: strings.Repeat("k", 2000)},
	}
	views := make([]*view, len(rooms))
	for i, r := range rooms {
		views[i] = watch(t, a, r)
	}
	for i, r := range rooms {
		must(t, b.Add(t.Context(), r, member("ann", fmt.Sprint(i))))
	}
	for i, v := range views {
		v.want(t, fmt.Sprintf("+ann %d", i))
		end(t, b, rooms[i], v)
	}
}

// testWatch has watchers start while members are there, have no connection left, or are gone, and stop.
func testWatch(t *testing.T, f *fixture) {
	a, b := f.Join(), f.Join()
	must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	must(t, a.Override(t.Context(), kitchen, member("ann", "own")))
	first := watch(t, a, kitchen)
	first.want(t, "+ann own")
	must(t, a.Remove(t.Context(), kitchen, "ann"))
	second := watch(t, b, kitchen)
	second.want(t, "+ann own")
	first.stop()
	first.stop()
	f.Advance(grace)
	second.want(t, "-ann")
	third := watch(t, a, kitchen)
	end(t, a, kitchen, second, third)
	second.stop()
	third.stop()
	must(t, a.Add(t.Context(), kitchen, member("bob", "")))
	fourth := watch(t, b, kitchen)
	fourth.until(t, "two members", func() bool { return len(fourth.members) == 2 })
	for _, v := range []*view{first, second, third} {
		v.want(t)
		if len(v.log) != 0 {
			t.Errorf("after it has stopped a watcher gets %q", v.log)
		}
	}
}

// testOrder has members come, change and go on two servers at once: all watchers see the same order.
func testOrder(t *testing.T, f *fixture) {
	const workers, each = 4, 100
	managers := []presence.Manager{f.Join(), f.Join()}
	views := []*view{watch(t, managers[0], kitchen), watch(t, managers[1], kitchen), watch(t, managers[1], kitchen)}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			m := managers[w%2]
			for i := range each {
				// Two workers share a member.
				if err := m.Add(t.Context(), kitchen, member(fmt.Sprint(w/2), fmt.Sprint(w, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	must(t, managers[0].Add(t.Context(), kitchen, member("end", "")))
	for _, v := range views {
		v.until(t, "the end", func() bool { return v.members["end"] != "" || len(v.log) > 0 && v.log[len(v.log)-1] == "+end " })
		if got, want := strings.Join(v.log, ", "), strings.Join(views[0].log, ", "); got != want {
			t.Errorf("one watcher sees %s; another one %s", got, want)
		}
	}
}

func testContext(t *testing.T, f *fixture) {
	a := f.Join()
	v := watch(t, a, kitchen)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.Watch(ctx, kitchen, func(presence.Change) { t.Error("a watcher that failed gets a change") })
	for name, err := range map[string]error{
		"Add": a.Add(ctx, kitchen, member("ann", "1")), "Remove": a.Remove(ctx, kitchen, "ann"),
		"Update": a.Update(ctx, kitchen, member("ann", "1")), "Override": a.Override(ctx, kitchen, member("ann", "1")), "Watch": err,
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	end(t, a, kitchen, v)
}

func testClose(t *testing.T, f *fixture) {
	a := f.Join()
	v := watch(t, a, kitchen)
	must(t, a.Add(t.Context(), kitchen, member("ann", "1")))
	v.want(t, "+ann 1")
	must(t, a.Remove(t.Context(), kitchen, "ann"))
	must(t, a.Close())
	must(t, a.Close())
	f.Advance(10 * grace)
	v.want(t)
	if len(v.log) != 0 {
		t.Errorf("after Close a watcher gets %q", v.log)
	}
	v.stop()
	_, err := a.Watch(t.Context(), kitchen, v.change)
	for name, err := range map[string]error{
		"Add": a.Add(t.Context(), kitchen, member("ann", "1")), "Remove": a.Remove(t.Context(), kitchen, "ann"),
		"Update":   a.Update(t.Context(), kitchen, member("ann", "1")),
		"Override": a.Override(t.Context(), kitchen, member("ann", "1")), "Watch": err,
	} {
		if !errors.Is(err, presence.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
