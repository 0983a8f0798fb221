package runtime

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
)

// TestExternFunctionsAreBounded calls an extern function that ignores its context, in a call that writes.
func TestExternFunctionsAreBounded(t *testing.T) {
	h := &held{leave: make(chan struct{})}
	reg := testRegistry(h)
	afterwards := make(chan error, 2)
	entered := make(chan struct{}, 1)
	stuck := simple("chat/stuck", Write, 0, func(c *Call, _ []string) (string, error) {
		if err := c.Tx().Insert(people, relation.Row{"half", "x"}); err != nil {
			return "", err
		}
		entered <- struct{}{}
		<-h.leave
		_, err := c.Rows(linesOf, "lobby")
		afterwards <- err
		afterwards <- c.Tx().Insert(people, relation.Row{"late", "x"})
		return "done", nil
	})
	stuck.External, stuck.Timeout = true, time.Millisecond
	AddRPC(reg, stuck)
	quick := simple("chat/quick", Write, 1, func(c *Call, a []string) (string, error) {
		lines, err := c.Tx().Query(linesOf, "lobby")
		if err != nil {
			return "", err
		}
		row, err := c.Tx().Get(people, relation.Row{"half"})
		if err != nil || row != nil || len(lines) != 0 {
			return "", errors.New("the other call has left something")
		}
		return a[0], c.Tx().Insert(people, relation.Row{a[0], "x"})
	})
	quick.External = true
	AddRPC(reg, quick)
	c := greet(t, startRegistry(t, h, reg, nil).listen(t), "")
	// On a busy machine the time of a call may be up before it begins; then the test makes another one.
	for try, begun := 1, false; !begun; try++ {
		c.send(fmt.Sprintf(`{"t":"call","id":%d,"m":"chat/stuck","a":[]}`, 2*try))
		c.send(fmt.Sprintf(`{"t":"call","id":%d,"m":"chat/quick","a":["ok%d"]}`, 2*try+1, try))
		c.want(fmt.Sprintf(`{"t":"err","id":%d,"code":"TIMEOUT","message":"This took too long and was stopped"}`, 2*try))
		c.want(fmt.Sprintf(`{"t":"ok","id":%d,"v":"ok%d","s":%d}`, 2*try+1, try, try))
		select {
		case <-entered:
			begun = true
		default:
		}
	}
	close(h.leave)
	for range 2 {
		if err := <-afterwards; err == nil || err.Error() != "the time of the call is up, and its transaction is rolled back" {
			t.Errorf("a call that is over gets %v", err)
		}
	}
}

// TestCutOffCallIsLeftAlone has an extern function send signals when its time is up: the answer does not look at what it may still change.
// Only the race detector sees the difference.
func TestCutOffCallIsLeftAlone(t *testing.T) {
	h := &held{leave: make(chan struct{})}
	reg := testRegistry(h)
	AddSignal(reg, Signal{Name: "chat/rung"})
	gone := make(chan struct{}, 8)
	stuck := simple("chat/stuck", Pure, 0, func(c *Call, _ []string) (string, error) {
		defer func() { gone <- struct{}{} }()
		<-c.Context().Done()
		c.Signal("chat/rung", "ann", []byte(`[]`))
		<-h.leave
		return "done", nil
	})
	stuck.External, stuck.Timeout = true, time.Millisecond
	AddRPC(reg, stuck)
	c := greet(t, startRegistry(t, h, reg, nil).listen(t), "")
	const calls = 8
	for id := range calls {
		c.send(fmt.Sprintf(`{"t":"call","id":%d,"m":"chat/stuck","a":[]}`, id+1))
		c.want(fmt.Sprintf(`{"t":"err","id":%d,"code":"TIMEOUT","message":"This took too long and was stopped"}`, id+1))
	}
	close(h.leave)
	for range calls {
		<-gone
	}
}
