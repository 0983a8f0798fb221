package runtime_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	live "github.com/livec-lang/livec/runtime"
)

// hears lists the messages from an index on, up to the answer to a ping: their kinds, and their markers if they have any.
func hears(c *talker, from int) (all []string) {
	c.t.Helper()
	at := c.mark()
	c.say(`{"t":"ping"}`)
	c.until(at, func(m *heard) bool { return m.T == "pong" })
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.all[from:] {
		switch m.T {
		case "pong":
		case "sig":
			all = append(all, "sig "+string(m.A))
		default:
			all = append(all, m.T)
		}
	}
	return all
}

// TestNothingIsSentWhileIdentityIsUnknown changes the row that upgrade reads, and makes upgrade wait. Until it has answered, nothing that
// results from that commit or a later one is sent to the connection, not even signals. Afterwards all of it is sent in order if the user is
// the same, otherwise the connection is closed before.
func TestNothingIsSentWhileIdentityIsUnknown(t *testing.T) {
	for _, c := range []struct {
		role string
		code int
	}{{"admin", 0}, {"", 4004}} {
		t.Run("to "+c.role, func(t *testing.T) {
			env, app := startRights(t)
			w := talk(t, env.Server, "", nil)
			w.call("r/role", "eve", "person")
			w.call("r/member", "a", "eve", "a")
			eve := talk(t, env.Server, "eve", nil)
			for _, stream := range allStreams {
				id := eve.sub(stream, "a")
				eve.until(0, func(m *heard) bool { return m.ID == id && m.T == "snap" })
			}
			env.Settle()
			from := eve.mark()
			leave := make(chan struct{})
			app.asks = func(string) { <-leave }
			w.call("r/role", "eve", c.role)
			var rung []string
			for range 2 {
				rung = append(rung, fmt.Sprintf("sig [%d]", w.call("r/ring", "eve", "a").S))
			}
			w.call("r/post", "a")
			if got := hears(eve, from); len(got) > 0 {
				t.Errorf("before upgrade has answered it hears %v", got)
			}
			close(leave)
			env.Settle()
			if c.code != 0 {
				if eve.until(eve.mark(), func(*heard) bool { return false }) != nil || eve.code != c.code || eve.mark() > from+1 {
					t.Errorf("closed with %d after %d messages", eve.code, eve.mark()-from)
				}
				return
			}
			var signals []string
			kinds := map[string]int{}
			for _, m := range hears(eve, from) {
				kind, _, ok := strings.Cut(m, " ")
				if kinds[kind]++; ok {
					signals = append(signals, m)
				}
			}
			if !slices.Equal(signals, rung) || kinds["ev"]+kinds["snap"] == 0 {
				t.Errorf("it hears %v, and the signals %v, want %v", kinds, signals, rung)
			}
		})
	}
}

// TestRefusedStreamsOpenLater has each kind of stream refuse a subscriber, and then accept it when what its guard has read changes:
// rows of the stream's own, or the identity.
func TestRefusedStreamsOpenLater(t *testing.T) {
	env, _ := startRights(t)
	w := talk(t, env.Server, "", nil)
	w.call("r/role", "eve", "person")
	for _, stream := range append([]string{"r/visited"}, allStreams...) {
		t.Run(stream, func(t *testing.T) {
			eve := talk(t, env.Server, "eve", nil)
			id := eve.sub(stream, "a")
			at := 0
			next := func(kind string, wait bool) {
				t.Helper()
				m := eve.until(at, func(m *heard) bool { return m.ID == id })
				if m.T != kind || m.Wait != wait {
					t.Fatalf("it hears %s %s (waits: %v), want %s (%v)", m.T, m.Code, m.Wait, kind, wait)
				}
				env.Settle()
				at = eve.mark()
			}
			next("err", true)
			w.call("r/member", "a", "eve", "a")
			next("snap", false)
			w.call("r/member", "a", "eve", "")
			next("end", true)
			w.call("r/role", "eve", "admin")
			next("snap", false)
			w.call("r/role", "eve", "person")
			next("end", true)
			w.call("r/role", "eve", "person") // again it may see nothing
			w.call("r/post", "a")
			if got := hears(eve, at); len(got) > 0 {
				t.Errorf("refused, it hears %v", got)
			}
			eve.say(fmt.Sprintf(`{"t":"unsub","id":%d}`, id))
			w.call("r/member", "a", "eve", "a")
			if got := hears(eve, at); len(got) > 0 {
				t.Errorf("unsubscribed, it hears %v", got)
			}
			w.call("r/member", "a", "eve", "")
			eve.local.Close()
		})
	}
}

// TestRefusedSubscriptionsThatStay checks that refused subscriptions end if nothing can change their checks, and that the others count
// among the subscriptions of the connection.
func TestRefusedSubscriptionsThatStay(t *testing.T) {
	env, _ := startRights(t)
	nobody := talk(t, env.Server, "", nil) // its identity is not read from rows
	id := nobody.sub("r/closed")
	if m := nobody.until(0, func(m *heard) bool { return m.ID == id }); m.T != "err" || m.Code != live.CodeForbidden || m.Wait {
		t.Errorf("it hears %+v", m)
	}
	nobody.call("r/role", "eve", "person")
	eve := talk(t, env.Server, "eve", nil)
	for n := 1; ; n++ {
		id := eve.sub("r/posts", "a")
		m := eve.until(0, func(m *heard) bool { return m.ID == id })
		if m.Code == live.CodeRateLimited && n == 1025 {
			break
		}
		if m.Code != live.CodeForbidden || !m.Wait || n > 1024 {
			t.Fatalf("subscription %d hears %+v", n, m)
		}
	}
	nobody.call("r/member", "a", "eve", "a")
	env.Settle()
	opened := 0
	for _, m := range hears(eve, 0) {
		if m == "snap" {
			opened++
		}
	}
	if opened != 1024 {
		t.Errorf("%d of 1024 have opened", opened)
	}
}

// TestCallsOverHTTPUseTheCurrentIdentity calls over HTTP after the end of a role was acknowledged.
func TestCallsOverHTTPUseTheCurrentIdentity(t *testing.T) {
	env, app := startRights(t)
	w := talk(t, env.Server, "", nil)
	app.ran = func(c *live.Call, who account, _ string, seq uint64) {
		if c.Tx() != nil && app.history.at("eve", seq) != who.Role {
			t.Errorf("%s has run as %q at commit %d", c.Path(), who.Role, seq)
		}
	}
	for i := range 20 {
		role := []string{"person", "admin", ""}[i%3]
		w.call("r/role", "eve", role)
		for _, rpc := range []string{"r/asWrite", "r/asRead", "r/asPure"} {
			q := httptest.NewRequest("POST", "/_live/rpc/"+rpc, strings.NewReader(`["a"]`))
			q.Header.Set("X-User", "eve")
			q.Header.Set("Content-Type", "application/json")
			answer := httptest.NewRecorder()
			env.Server.ServeHTTP(answer, q)
			if got, want := strings.TrimSpace(answer.Body.String()), fmt.Sprintf(`{"value":%q}`, role); got != want {
				t.Errorf("%s answers %s, want %s", rpc, got, want)
			}
		}
	}
}

// TestSubscribedNeedsTheRight takes the right from a subscriber whose Subscribed waits: neither that nor Unsubscribed runs. If Subscribed
// has run, Unsubscribed runs, whoever the user is by then.
func TestSubscribedNeedsTheRight(t *testing.T) {
	env, app := startRights(t)
	w := talk(t, env.Server, "", nil)
	w.call("r/role", "eve", "person")
	for _, b := range []string{"a", "b"} {
		w.call("r/member", b, "eve", b)
	}
	eve := talk(t, env.Server, "eve", nil)
	came, leave := make(chan struct{}, 10), make(chan struct{})
	app.stays = func() {
		came <- struct{}{}
		<-leave
	}
	eve.sub("r/visited", "a")
	<-came
	b := eve.sub("r/visited", "b") // its Subscribed waits for the other one
	eve.until(0, func(m *heard) bool { return m.ID == b && m.T == "snap" })
	w.call("r/member", "b", "eve", "")
	eve.until(0, func(m *heard) bool { return m.ID == b && m.T == "end" })
	close(leave)
	env.Settle()
	w.call("r/member", "b", "eve", "b") // it opens again
	eve.until(0, func(m *heard) bool { return m.ID == b && m.T == "end" })
	env.Settle()
	w.call("r/role", "eve", "")
	eve.until(eve.mark(), func(*heard) bool { return false })
	eve.local.Close()
	env.Settle()
	want := []string{"eve person comes", "eve person comes", "eve person goes", "eve person goes"}
	if got := app.visits.take(); !slices.Equal(got, want) {
		t.Errorf("the app saw %q, want %q", got, want)
	}
}

// TestEntriesAreRemovedWithTheRight checks that the entry of a publisher is removed when they lose the right to publish it, also if the
// right came from their role and not from a row that the channel's checks read.
func TestEntriesAreRemovedWithTheRight(t *testing.T) {
	env, _ := startRights(t)
	w := talk(t, env.Server, "", nil)
	for _, p := range []string{"eve", "ann"} {
		w.call("r/role", p, "admin")
	}
	eve := talk(t, env.Server, "eve", nil)
	publish := func() *heard {
		id, at := eve.id(), eve.mark()
		eve.say(fmt.Sprintf(`{"t":"pub","id":%d,"m":"r/typing","a":["a"],"k":"join","v":{"name":"Eve"}}`, id))
		return eve.until(at, func(m *heard) bool { return m.ID == id })
	}
	if m := publish(); m.T != "ok" {
		t.Fatalf("an admin hears %+v", m)
	}
	w.call("r/role", "eve", "person")
	if m := publish(); m.Code != live.CodeForbidden {
		t.Errorf("a person hears %+v", m)
	}
	env.Settle()
	ann := talk(t, env.Server, "ann", nil)
	id := ann.sub("r/typing", "a")
	if m := ann.until(0, func(m *heard) bool { return m.ID == id }); string(m.V) != "[]" {
		t.Errorf("of what eve has published is left %s", m.V)
	}
}
