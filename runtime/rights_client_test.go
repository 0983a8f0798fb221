package runtime_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/internal/identity"
)

// heard is a message of the server.
type heard struct {
	T, K, M, E, Code string
	ID               uint64
	C                uint64
	S                uint64
	V, A             json.RawMessage
	Wait             bool
}

// talker is a client in this process that records all messages, without waiting for anything.
type talker struct {
	t     testing.TB
	local *live.Local
	hear  func(m *heard) // called with each message, one at a time; nil for none

	mu   sync.Mutex
	news sync.Cond
	all  []heard
	code int // the close code of the server
	send sync.Mutex
	next uint64
}

// talk connects as a person, whose role upgrade reads. Without a name it is a client that may do everything.
func talk(t testing.TB, s *live.Server, person string, hear func(m *heard)) *talker {
	t.Helper()
	c := &talker{t: t, hear: hear}
	c.news.L = &c.mu
	r := httptest.NewRequest("GET", "/_live/ws", nil)
	if person == "" {
		r = r.WithContext(identity.Assume(r.Context(), &account{"root", "root"}))
		c.local = s.Connect(r, c.receive, c.closed)
	} else {
		r.Header.Set("X-User", person)
		c.local = s.Connect(r, c.receive, c.closed)
	}
	c.say(`{"t":"hello","v":1}`)
	return c
}

func (c *talker) say(frame string) {
	c.send.Lock()
	defer c.send.Unlock()
	c.local.Send([]byte(frame))
}

func (c *talker) receive(frame []byte) {
	if frame[0] != '[' {
		frame = append(append([]byte{'['}, frame...), ']')
	}
	var list []heard
	if err := json.Unmarshal(frame, &list); err != nil {
		c.t.Errorf("the server sent %s: %v", frame, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range list {
		if c.hear != nil {
			c.hear(&list[i])
		} else {
			c.all = append(c.all, list[i])
		}
		if m := &list[i]; c.hear != nil && (m.T == "ok" || m.T == "err") {
			c.all = append(c.all, list[i])
		}
	}
	c.news.Broadcast()
}

func (c *talker) closed(code int, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.code = code
	c.news.Broadcast()
}

// until waits for the first wanted message from an index on. It returns nil if the connection ends before.
func (c *talker) until(from int, wanted func(m *heard) bool) *heard {
	c.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	wake := time.AfterFunc(20*time.Second, c.news.Broadcast)
	defer wake.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		for i := from; i < len(c.all); i++ {
			if wanted(&c.all[i]) {
				return &c.all[i]
			}
		}
		if c.code != 0 {
			return nil
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("nothing of what was wanted came in 20 s; it has heard %v, and was closed with %d", c.all, c.code)
		}
		from = len(c.all)
		c.news.Wait()
	}
}

// mark is the number of messages so far.
func (c *talker) mark() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.all)
}

func (c *talker) id() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	return c.next
}

// callText is the message of a call.
func callText(id uint64, rpc string, args ...string) string {
	a, _ := json.Marshal(append([]string{}, args...))
	return fmt.Sprintf(`{"t":"call","id":%d,"m":%q,"a":%s}`, id, rpc, a)
}

// call makes a call and waits for the answer; nil if the connection has ended.
func (c *talker) call(rpc string, args ...string) *heard {
	c.t.Helper()
	id, from := c.id(), c.mark()
	c.say(callText(id, rpc, args...))
	return c.until(from, func(m *heard) bool { return m.ID == id && (m.T == "ok" || m.T == "err") })
}

// sub subscribes.
func (c *talker) sub(stream string, args ...string) uint64 {
	id := c.id()
	a, _ := json.Marshal(append([]string{}, args...))
	c.say(fmt.Sprintf(`{"t":"sub","id":%d,"m":%q,"a":%s}`, id, stream, a))
	return id
}

// markers are the commits of the posts in a value.
func markers(v json.RawMessage) (all []uint64) {
	var walk func(x any)
	walk = func(x any) {
		switch x := x.(type) {
		case []any:
			for _, e := range x {
				walk(e)
			}
		case map[string]any:
			for k, e := range x {
				if n, ok := e.(float64); ok && k == "n" {
					all = append(all, uint64(n))
				}
				walk(e)
			}
		}
	}
	var x any
	_ = json.Unmarshal(v, &x)
	walk(x)
	return all
}
