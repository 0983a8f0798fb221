package runtime_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
	"github.com/livec-lang/livec/runtime/value"
)

// roleOf is what a guard would add: the text of the user's note.
func roleOf(c *live.Call) (string, error) {
	row, err := c.Tx().Get(notes, relation.Row{"role-" + userOf(c)})
	if err != nil || row == nil {
		return "none", err
	}
	return row[1].(string), nil
}

// addRoles registers a derived stream over all notes and what a guard adds, and one over everything that a computation can read from a
// call.
func addRoles(reg *live.Registry) {
	live.AddDerived(reg, live.Derived[strs]{
		Name: "t/roles", Mode: live.Read, Decode: decodeStrs(0),
		Open: func(c *live.Call, _ *strs) ([]byte, live.Hidden, error) {
			role, err := roleOf(c)
			return value.Topic(value.Digest(value.ToJSON(role, value.EncodeString))), live.Hidden{Added: &role}, err
		},
		Compute: func(c *live.Call, _ *strs, dst []byte) ([]byte, error) {
			rows, err := c.Rows(allNotes)
			return fmt.Appendf(dst, `{"role":%q,"notes":%d}`, *c.Added().(*string), len(rows)), err
		},
	})
	live.AddDerived(reg, live.Derived[strs]{
		Name: "t/nobody", Decode: decodeStrs(1),
		Open: func(_ *live.Call, a *strs) ([]byte, live.Hidden, error) {
			topic, err := json.Marshal(*a)
			return topic, live.Hidden{}, err
		},
		Compute: func(c *live.Call, a *strs, dst []byte) ([]byte, error) {
			_, session, err := c.SessionKey()
			request := session || c.Cookie("a") != nil || c.Header("X-A") != nil || c.QueryParam("a") != nil || c.Bearer() != nil
			known := request || c.User() != nil || c.IP() != "" || c.Added() != nil
			return fmt.Appendf(dst, "[%t,%d]", known, len((*a)[0])), err
		},
	})
}

// TestDerivedSharedByCallers has two callers share a topic. What a guard adds for one of them changes: neither ever gets the value of the
// other.
func TestDerivedSharedByCallers(t *testing.T) {
	reg := together(&journal{})
	addRoles(reg)
	env := livetest.New(t, reg)
	ann, bob := env.Connect("ann"), env.Connect("bob")
	ann.MustCall("t/put", "role-ann", "guest")
	ann.MustCall("t/put", "role-bob", "guest")
	a, b := ann.Subscribe("t/roles"), bob.Subscribe("t/roles") // ann is the first to open the topic
	if a.Topic() != b.Topic() {
		t.Error("two callers with the same role do not share the value")
	}
	holds(t, a, `{"role":"guest","notes":2}`)
	holds(t, b, `{"role":"guest","notes":2}`)
	ann.MustCall("t/put", "role-ann", "admin")
	holds(t, a, `{"role":"admin","notes":2}`)
	if a.Topic() == b.Topic() {
		t.Error("two callers with different roles share the value")
	}
	ann.MustCall("t/put", "x", "1")
	holds(t, a, `{"role":"admin","notes":3}`)
	holds(t, b, `{"role":"guest","notes":3}`)
	ann.Disconnect() // ann, who was the first to open the topic of the guests
	bob.MustCall("t/put", "y", "1")
	holds(t, b, `{"role":"guest","notes":4}`)
	if strings.Contains(fmt.Sprint(b.Events()), "admin") {
		t.Errorf("bob was shown %v", b.Events())
	}
	bob.MustCall("t/put", "role-bob", "admin")
	holds(t, b, `{"role":"admin","notes":4}`)
}

// TestDerivedKnowsNobody checks that a computation can read nothing of a caller but the hidden parameters, and that topics with long
// arguments differ like those with short ones.
func TestDerivedKnowsNobody(t *testing.T) {
	reg := together(&journal{})
	addRoles(reg)
	env := livetest.New(t, reg)
	c := env.ConnectWith(http.Header{"Cookie": {"a=1"}, "X-A": {"1"}, "Authorization": {"Bearer 1"}})
	short, long := c.Subscribe("t/nobody", "ab"), c.Subscribe("t/nobody", strings.Repeat("a", 5000))
	holds(t, short, `[false,2]`)
	holds(t, long, `[false,5000]`)
	again, other := c.Subscribe("t/nobody", strings.Repeat("a", 5000)), c.Subscribe("t/nobody", strings.Repeat("a", 4999)+"b")
	if again.Topic() != long.Topic() || other.Topic() == long.Topic() {
		t.Error("a long topic is not what its arguments make it")
	}
}
