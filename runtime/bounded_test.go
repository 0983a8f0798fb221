package runtime

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store/sqlite"
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
	db, err := sqlite.Open(t.Context(), sqlite.Memory, reg.Tables(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer(reg, Options{Store: db}, newRequery)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	c := greet(t, (&testServer{Server: s}).listen(t), "")
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
