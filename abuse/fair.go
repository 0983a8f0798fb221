package abuse

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// fairAttacks want all of the server's time.
var fairAttacks = []Attack{
	{
		ID: "A8", Name: "sign up from many addresses, each within its rate",
		Run: func(ctx context.Context, t *Target) error {
			// Calls that write go on when their callers have gone, so the short form leaves few of them.
			return each(ctx, Pick(t, 12, 40), func(ctx context.Context, attacker int) error {
				client := HTTP(Address(attacker))
				defer client.CloseIdleConnections()
				for i := 0; ctx.Err() == nil; i++ {
					reply, err := t.Post(ctx, client, "signUp", fmt.Sprintf(`["user%dx%d","a long password"]`, attacker, i))
					if err != nil {
						return err
					}
					t.Saw(strconv.Itoa(reply.Status))
					if reply.Status == http.StatusTooManyRequests {
						return nil
					}
				}
				return nil
			})
		},
	},
	{
		ID: "A9", Name: "fill the queue of writes from one address",
		Sees: []string{"OVERLOADED"}, Reached: []string{"maxWritesPerCaller"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 60, func(ctx context.Context, attacker int) error {
				return t.flood(ctx, Address(0), func(frame int) string {
					return frameOf(50, func(i int) string {
						return request("call", i+1, "say", fmt.Sprintf(`["room %d","note %d"]`, attacker, frame))
					})
				})
			})
		},
	},
	{
		ID: "A10", Name: "read in loops",
		Flags: []string{"--max-read-time", "1s"},
		Sees:  []string{"TIMEOUT"}, Reached: []string{"maxReadTime"},
		Prepare: func(ctx context.Context, t *Target) error { return t.fill(ctx, "scan", 1000, 10) },
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 8, func(ctx context.Context, attacker int) error {
				return t.again(ctx, Address(0), "scan", `["scan",1000000]`)
			})
		},
	},
	{
		ID: "A11", Name: "loop in a transaction that writes",
		Sees: []string{"TIMEOUT"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 2, func(ctx context.Context, attacker int) error {
				return t.again(ctx, Address(attacker), "grind", `["grind",1000000]`)
			})
		},
	},
	{
		ID: "A12", Name: "subscribe and unsubscribe where hooks write", // reading pauses for the hooks, mostly before a limit is reached
		Prepare: func(ctx context.Context, t *Target) error { return t.open(ctx, "visited") },
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 2, func(ctx context.Context, attacker int) error {
				return t.flood(ctx, Address(attacker), func(frame int) string {
					return frameOf(50, func(i int) string {
						if i%2 == 0 {
							return request("sub", frame*50+i+1, "visited", `["visited"]`)
						}
						return fmt.Sprintf(`{"t":"unsub","id":%d}`, frame*50+i)
					})
				})
			})
		},
		// What was acknowledged has run, soon.
		Check: func(ctx context.Context, t *Target) error {
			ctx, cancel := context.WithTimeout(ctx, Pick(t, 20*time.Second, 60*time.Second))
			defer cancel()
			acknowledged := t.Count("snap")
			return poll(ctx, func() error {
				came, left, err := t.visits(ctx, "visited")
				if err == nil && (came < acknowledged || left != came) {
					err = fmt.Errorf("of %d subscriptions, %d have run their hook, and %d the one for their end", acknowledged, came, left)
				}
				return err
			})
		},
	},
	{
		ID: "A13", Name: "send pings and empty frames",
		Reached: []string{"maxMessagesPerConnection"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 3, func(ctx context.Context, attacker int) error {
				switch attacker {
				case 0:
					return t.flood(ctx, Address(attacker), func(int) string { return `{"t":"ping"}` })
				case 1:
					return t.flood(ctx, Address(attacker), func(int) string { return `[]` })
				default:
					return t.pings(ctx, Address(attacker))
				}
			})
		},
		Check: func(_ context.Context, t *Target) error {
			if n, most := t.Count("pong"), int(2*2000*(t.Took.Seconds()+4)); n > most {
				return fmt.Errorf("%d pings of one connection were answered, %d would be much", n, most)
			}
			return nil
		},
	},
}

// again calls an rpc again and again, each time when the last has ended.
func (t *Target) again(ctx context.Context, from, name, args string) error {
	c, err := t.Dial(ctx, from)
	if err != nil {
		return err
	}
	defer c.Close()
	for ctx.Err() == nil {
		m, err := c.Call(ctx, "call", name, args)
		if err != nil {
			return err
		}
		if m.Code != "" {
			t.Saw(m.Code)
		} else {
			t.Saw(m.Kind)
		}
	}
	return nil
}

// pings sends pings of the WebSocket protocol, which are no messages.
func (t *Target) pings(ctx context.Context, from string) error {
	c, err := t.Dial(ctx, from)
	if err != nil {
		return err
	}
	defer c.Close()
	for ctx.Err() == nil {
		if err := c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(10*time.Second)); err != nil {
			return err
		}
	}
	return nil
}

// open makes the row of a room that the hooks of visited count in.
func (t *Target) open(ctx context.Context, room string) error {
	c, err := t.Dial(ctx, Address(50_000))
	if err != nil {
		return err
	}
	defer c.Close()
	m, err := c.Call(ctx, "call", "open", fmt.Sprintf("[%q]", room))
	if err != nil {
		return err
	}
	return m.Err()
}

// visits is how many hooks of a room have run, for subscriptions and for their ends.
func (t *Target) visits(ctx context.Context, room string) (came, left int, err error) {
	client := HTTP(Address(50_000))
	defer client.CloseIdleConnections()
	reply, err := t.Post(ctx, client, "visits", fmt.Sprintf("[%q]", room))
	if err != nil {
		return 0, 0, err
	}
	var answer struct{ Value struct{ Came, Left int } }
	err = json.Unmarshal([]byte(reply.Body), &answer)
	return answer.Value.Came, answer.Value.Left, err
}
