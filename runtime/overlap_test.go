package runtime_test

import (
	"fmt"
	"testing"

	"github.com/livec-lang/livec/relation"
	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

// TestNothingIsLostDuringSubscribe has others write and publish while a subscriber gets its first value: events that the value includes
// must not come twice, and those that it does not include must not be lost.
func TestNothingIsLostDuringSubscribe(t *testing.T) {
	j := &journal{}
	reg := together(j)
	var during, after func() // while the body of t/slow runs, and after it has read
	live.AddPublished(reg, live.Published[strs]{
		Name: "t/slow", Mode: live.Read, Merge: live.Merge{Kind: live.MergeLatest}, Decode: decodeStrs(0), Open: topicOf,
		First: func(c *live.Call, _ *strs, dst []byte) ([]byte, error) {
			rows, err := c.Rows(allNotes)
			if during != nil {
				during()
			}
			dst = append(dst, '[')
			for i, r := range rows {
				if i > 0 {
					dst = append(dst, ',')
				}
				dst = fmt.Appendf(dst, "%q", r[0])
			}
			if after != nil {
				after()
			}
			return append(dst, ']'), err
		},
	})
	committed, leave := make(chan struct{}, 1), make(chan struct{}, 1)
	say := func(name string, late bool) {
		rpc(reg, name, live.Write, 1, func(c *live.Call, a strs) error {
			if late {
				c.AfterCommit(func() {
					committed <- struct{}{}
					<-leave
				})
			}
			c.Publish("t/slow", nil, "said", fmt.Appendf(nil, "%q", a[0]), live.Pace{})
			return c.Tx().Insert(notes, relation.Row{a[0], "x"})
		})
	}
	say("t/sayNow", false)
	say("t/sayLate", true)
	env := livetest.New(t, reg)
	w, c := env.Connect(nil), env.Connect(nil)
	answers := make(chan error, 10)
	call := func(rpc, id string) {
		_, err := w.Call(rpc, id)
		answers <- err
	}

	t.Run("unknown", func(t *testing.T) {
		during = func() {
			// Settling would wait for the subscription that waits here, so only the answer is awaited.
			if _, _, err := w.CallUnsettled("t/sayNow", "a"); err != nil {
				t.Error(err)
			}
		}
		s := c.Subscribe("t/slow")
		during = nil
		holds(t, s, `["a"]`)
		w.MustCall("t/sayNow", "b")
		holds(t, s, `["a","b"]`)
		s.Unsubscribe()
	})
	t.Run("known", func(t *testing.T) {
		go call("t/sayLate", "c")
		<-committed // its write can be read, its event has not been published
		after = func() { go func() { leave <- struct{}{} }() }
		s := c.Subscribe("t/slow")
		after = nil
		if err := <-answers; err != nil {
			t.Fatal(err)
		}
		holds(t, s, `["a","b","c"]`)
		if len(s.Events()) != 0 {
			t.Errorf("what the value knows of came as %v", s.Events())
		}
	})
}
