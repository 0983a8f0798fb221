package runtime_test

import (
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/wire"
)

// TestClosedClientsLeaveTheirRooms has the server close a client, as it does in production: the client is not in its rooms any more.
func TestClosedClientsLeaveTheirRooms(t *testing.T) {
	env, _ := startTogether(t)
	ann, bob := env.Connect("ann"), env.Connect("bob")
	who := ann.Subscribe("t/board.presence", "b1")
	bob.Subscribe("t/board.presence", "b1")
	holds(t, who, `[{"key":"ann","name":"ann"},{"key":"bob","name":"bob"}]`)
	bob.Lenient()
	for range 10 {
		bob.Send("not JSON")
	}
	if code, _ := bob.Closed(); code != wire.CloseMalformed {
		t.Fatalf("the close code is %d", code)
	}
	env.Advance(time.Minute)
	holds(t, who, `[{"key":"ann","name":"ann"}]`)
}
