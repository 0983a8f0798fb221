package runtime_test

import (
	"fmt"
	"testing"
)

// TestReturnersMissNothingThatTheyHadNoRightTo checks that a returning client gets the events it has missed if it had the right all the
// time, and otherwise the data, without anything from the time without the right.
func TestReturnersMissNothingThatTheyHadNoRightTo(t *testing.T) {
	env, _ := startRights(t)
	w := talk(t, env.Server, "", nil)
	for _, p := range []string{"eve", "ann"} {
		w.call("r/role", p, "person")
		w.call("r/member", "a", p, "a")
	}
	at := func(person, stream, e string, s uint64) *heard {
		t.Helper()
		c := talk(t, env.Server, person, nil)
		defer c.local.Close()
		id := c.id()
		held := ""
		if e != "" {
			held = fmt.Sprintf(`,"at":{"e":%q,"s":%d}`, e, s)
		}
		c.say(fmt.Sprintf(`{"t":"sub","id":%d,"m":%q,"a":["a"]%s}`, id, stream, held))
		m := c.until(0, func(m *heard) bool { return m.ID == id })
		env.Settle()
		return m
	}
	for _, stream := range []string{"r/posts", "r/news", "r/count", "r/room.data"} {
		t.Run(stream, func(t *testing.T) {
			keeps := talk(t, env.Server, "ann", nil) // it keeps the topic in memory
			defer keeps.local.Close()
			id := keeps.sub(stream, "a")
			keeps.until(0, func(m *heard) bool { return m.ID == id })
			w.call("r/post", "a")
			env.Settle()
			first := at("eve", stream, "", 0)
			w.call("r/post", "a")
			if m := at("eve", stream, first.E, first.S); m.T != "live" {
				t.Errorf("who had the right all the while is answered %s", m.T)
			}
			for what, m := range map[string]*heard{
				"an earlier offset":       at("eve", stream, first.E, first.S-1),
				"the offset of another":   at("ann", stream, first.E, first.S),
				"another commit":          at("eve", stream, first.E[:len(first.E)-1]+"-", first.S),
				"an epoch without a seal": at("eve", stream, first.E[:len(first.E)-25], first.S),
			} {
				if m.T != "snap" {
					t.Errorf("%s is answered %s", what, m.T)
				}
			}
			w.call("r/member", "a", "eve", "")
			w.call("r/post", "a")
			w.call("r/member", "a", "eve", "a")
			if m := at("eve", stream, first.E, first.S); m.T != "snap" {
				t.Errorf("who had no right for a while is answered %s", m.T)
			}
		})
	}
}
