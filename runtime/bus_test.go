package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/bus"
)

// TestServersShareABus has two servers with their own databases share a bus: events and signals reach the clients of both.
func TestServersShareABus(t *testing.T) {
	b := bus.NewMemory()
	share := func(o *live.Options) { o.Bus = b }
	one, _ := startTogether(t, share)
	two, computed := startTogether(t, share)
	settle := func() {
		one.Settle()
		two.Settle()
	}
	ann, tab, bob := one.Connect("ann"), two.Connect("ann"), two.Connect("bob")

	last := bob.Subscribe("t/last")
	bob.Subscribe("t/heard")
	before := len(computed.lines)
	ann.MustCall("t/publish", "t/last", "[]", "said", `"hello"`)
	settle()
	holds(t, last, `["hello"]`)
	if n := len(computed.lines) - before; n != 1 {
		t.Errorf("a value that follows events of the other server was computed %d times", n)
	}

	// A member whose user is connected to both servers stays until both connections are closed.
	typing := bob.Subscribe("t/typing", "lobby")
	own, other := ann.Subscribe("t/typing", "lobby"), tab.Subscribe("t/typing", "lobby")
	for _, c := range []interface {
		Publish(channel string, args []any, event string, value any) error
	}{ann, tab} {
		if err := c.Publish("t/typing", []any{"lobby"}, "join", map[string]any{"name": "Ann"}); err != nil {
			t.Fatal(err)
		}
	}
	settle()
	ann.Disconnect()
	settle()
	holds(t, typing, `[{"key":"ann","name":"Ann"}]`)
	other.Unsubscribe()
	settle()
	holds(t, typing, `[]`)

	ann.Reconnect()
	holds(t, own, `[]`)
	if _, reached, err := bob.CallReached("t/call", "ann", "ring"); err != nil || reached != 1 {
		t.Errorf("%d connections to this server were reached, %v", reached, err)
	}
	settle()
	if len(ann.Signals()) != 1 || len(tab.Signals()) != 1 {
		t.Errorf("the signals %v and %v came", ann.Signals(), tab.Signals())
	}
}

// brokenBus is a bus that can fail.
type brokenBus struct {
	bus.Bus
	broken atomic.Bool
}

var errBroken = errors.New("the bus is broken")

func (b *brokenBus) Publish(ctx context.Context, to bus.Channel, m bus.Message) error {
	if b.broken.Load() {
		return errBroken
	}
	return b.Bus.Publish(ctx, to, m)
}

func (b *brokenBus) Subscribe(ctx context.Context, to bus.Channel, h bus.Handler) (func(), error) {
	if b.broken.Load() {
		return nil, errBroken
	}
	return b.Bus.Subscribe(ctx, to, h)
}

// Health is part of bus.Healthy.
func (b *brokenBus) Health() error {
	if b.broken.Load() {
		return errBroken
	}
	return nil
}

// TestBusFails makes the bus fail for a while: what needs it is refused or reported, and works again afterwards.
func TestBusFails(t *testing.T) {
	b := &brokenBus{Bus: bus.NewMemory()}
	env, _ := startTogether(t, func(o *live.Options) { o.Bus = b })
	c := env.Connect("ann")
	s := c.Subscribe("t/last")
	ready := func(status int, want string) {
		t.Helper()
		if got := env.Request("GET", "/readyz", nil, ""); got.Code != status || !strings.Contains(got.Body.String(), want) {
			t.Errorf("/readyz gives %d %s, want %d with %s", got.Code, got.Body, status, want)
		}
	}
	ready(200, "ready")
	b.broken.Store(true)
	ready(503, `"reason":"bus"`)
	fails(t, c.Subscribe("t/lobby").Err(), live.CodeUnavailable)
	c.MustCall("t/publish", "t/last", "[]", "said", `"lost"`)
	if _, reached, err := c.CallReached("t/call", "ann", "lost"); err != nil || reached != 0 {
		t.Errorf("%d connections were reached, %v", reached, err)
	}
	fails(t, c.Publish("t/typing", []any{"lobby"}, "join", map[string]any{"name": "Ann"}), live.CodeUnavailable)
	b.broken.Store(false)
	ready(200, "ready")
	c.MustCall("t/publish", "t/last", "[]", "said", `"found"`)
	holds(t, s, `["found"]`)
	if errs := fmt.Sprint(env.Errors()); strings.Count(errs, errBroken.Error()) != 4 {
		t.Errorf("the error hook was called with %s", errs)
	}
	if got := c.Subscribe("t/lobby"); got.Err() != nil {
		t.Error(got.Err())
	}
}
