package runtime_test

import (
	"testing"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

// streamsOfBoards are the streams of the app that show posts, in every way of filling them.
var streamsOfBoards = []string{"r/posts", "r/news", "r/count", "r/wall", "r/room.data"}

func startRights(t testing.TB) (*livetest.Env, *rightsApp) {
	t.Helper()
	app := &rightsApp{boards: []string{"a", "b"}}
	app.history.lines = map[string][]change{}
	return livetest.New(t, app.register(), func(o *live.Options) { o.Clock = nil }), app
}

// beyond counts the messages with data of commits at which a person had no right.
func beyond(c *talker, from int, lost uint64) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.all[from:] {
		for _, seq := range markers(m.V) {
			if seq >= lost {
				n++
			}
		}
	}
	return n
}

// TestRemovedMembersReceiveNothing removes a member and writes: in one transaction, in two calls of one frame, and in two calls of which
// the second is made after the answer to the first. What was written with the removal or after it is not sent to the former member.
func TestRemovedMembersReceiveNothing(t *testing.T) {
	const rounds = 40
	for _, stream := range streamsOfBoards {
		for name, remove := range map[string]func(w *talker) uint64{
			"one transaction": func(w *talker) uint64 { return w.call("r/member", "a", "eve", "").S },
			"one frame": func(w *talker) uint64 {
				first, second, from := w.id(), w.id(), w.mark()
				w.say("[" + callText(first, "r/member", "a", "eve", "") + "," + callText(second, "r/post", "a") + "]")
				w.until(from, func(m *heard) bool { return m.ID == second })
				return w.until(from, func(m *heard) bool { return m.ID == first }).S
			},
			"acknowledged": func(w *talker) uint64 {
				s := w.call("r/member", "a", "eve", "").S
				w.call("r/post", "a")
				return s
			},
		} {
			t.Run(stream+"/"+name, func(t *testing.T) {
				env, _ := startRights(t)
				w := talk(t, env.Server, "", nil)
				w.call("r/role", "eve", "person")
				leaks := 0
				for range rounds {
					w.call("r/member", "a", "eve", "a")
					eve := talk(t, env.Server, "eve", nil)
					id := eve.sub(stream, "a")
					eve.until(0, func(m *heard) bool { return m.ID == id && m.T == "snap" })
					lost := remove(w)
					env.Settle()
					if beyond(eve, 0, lost) > 0 {
						leaks++
					}
					if eve.until(0, func(m *heard) bool { return m.T == "end" }) == nil {
						t.Error("the subscription does not end")
					}
					eve.local.Close()
				}
				if leaks > 0 {
					t.Errorf("in %d of %d runs the removed member was sent what was written then", leaks, rounds)
				}
			})
		}
	}
}

// TestDemotedAdminsLoseTheirRights calls as an admin just after the end of the role was acknowledged, also if the connection is busy.
func TestDemotedAdminsLoseTheirRights(t *testing.T) {
	for _, busy := range []bool{false, true} {
		env, _ := startRights(t)
		w := talk(t, env.Server, "", nil)
		w.call("r/role", "eve", "admin")
		eve := talk(t, env.Server, "eve", nil)
		if busy {
			for range 200 {
				eve.sub("r/posts", "a")
			}
		}
		wrong := 0
		for i := range 400 {
			role := []string{"person", "admin"}[i%2]
			w.call("r/role", "eve", role)
			for _, rpc := range []string{"r/asPure", "r/asRead", "r/asWrite"} {
				if got := eve.call(rpc, "b"); string(got.V) != `"`+role+`"` {
					wrong++
				}
			}
		}
		if wrong > 0 {
			t.Errorf("%d calls ran with a role that was no longer theirs (busy: %v)", wrong, busy)
		}
	}
}
