package abuse

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// shareAttacks want all that there is of something for one address. Meanwhile others come, who have nothing yet.
var shareAttacks = []Attack{
	{
		ID: "A28", Name: "open ever new live queries from one address",
		Flags:   []string{"--max-window-memory", "4mb"},
		Reached: []string{"maxWindowMemoryPerCaller"}, Sees: []string{"OVERLOADED"},
		Prepare: func(ctx context.Context, t *Target) error { return t.fill(ctx, "share", 20, 2000) },
		Run: func(ctx context.Context, t *Target) error {
			return t.beside(ctx, func(ctx context.Context, attacker int) error {
				return t.hoard(ctx, func(i int) string {
					return request("sub", i+1, "above", fmt.Sprintf(`[%d]`, -1-1000*attacker-i))
				})
			}, func(ctx context.Context, c *Client, i int) error {
				return c.ok(c.Call(ctx, "sub", "above", fmt.Sprintf(`[%d]`, -1_000_000-i)))
			})
		},
	},
	{
		ID: "A29", Name: "open ever new live queries from one address, and have them grow",
		Flags:   []string{"--max-window-memory", "4mb"},
		Reached: []string{"maxWindowMemoryPerCaller"},
		Run: func(ctx context.Context, t *Target) error {
			return t.beside(ctx, func(ctx context.Context, attacker int) error {
				if attacker > 0 {
					return nil
				}
				return t.hoard(ctx, func(i int) string {
					if i >= 200 {
						return request("call", i+1, "fill", fmt.Sprintf(`["share",1,%q]`, strings.Repeat("x", 2000)))
					}
					return request("sub", i+1, "above", fmt.Sprintf(`[%d]`, -1-i))
				})
			}, func(ctx context.Context, c *Client, i int) error {
				return c.ok(c.Call(ctx, "sub", "above", fmt.Sprintf(`[%d]`, -1_000_000-i)))
			})
		},
	},
	{
		ID: "A30", Name: "publish into ever new arguments of a channel from one address, and hold all of them",
		Flags:   []string{"--max-topic-memory", "4mb"},
		Reached: []string{"maxTopicMemoryPerCaller"}, Sees: []string{"OVERLOADED"},
		Run: func(ctx context.Context, t *Target) error {
			return t.beside(ctx, func(ctx context.Context, attacker int) error {
				return t.hoard(ctx, func(i int) string {
					topic := fmt.Sprintf("%d %d", attacker, i/2)
					if i%2 == 0 {
						return request("sub", i+1, "shout", fmt.Sprintf(`[%q]`, topic))
					}
					return shout(i+1, topic, strings.Repeat("x", 2000))
				})
			}, func(ctx context.Context, c *Client, i int) error {
				topic := fmt.Sprintf("mine %d", i)
				if err := c.ok(c.Call(ctx, "sub", "shout", fmt.Sprintf(`[%q]`, topic))); err != nil {
					return err
				}
				id := c.NewID()
				if err := c.Send(shout(id, topic, "hello")); err != nil {
					return err
				}
				return c.ok(c.Until(ctx, func(m Message) bool { return m.ID == id }))
			})
		},
	},
	{
		ID: "A31", Name: "leave bodies unfinished from one address",
		Flags:   []string{"--max-queue-memory", "1mb"},
		Reached: []string{"maxQueueMemoryPerCaller"},
		Run: func(ctx context.Context, t *Target) error {
			client := HTTP(Address(newcomer))
			defer client.CloseIdleConnections()
			start := fmt.Sprintf(postHead, "latest", 65_000, `["`+strings.Repeat("x", 4000))
			return t.beside(ctx, func(ctx context.Context, _ int) error {
				for range 150 {
					conn, err := t.raw(ctx, Address(0), start)
					if err != nil {
						return err
					}
					defer conn.Close()
				}
				<-ctx.Done()
				return nil
			}, func(ctx context.Context, _ *Client, _ int) error {
				reply, err := t.Post(ctx, client, "latest", `["`+strings.Repeat("x", 40_000)+`"]`)
				if err == nil && reply.Status != http.StatusOK {
					err = fmt.Errorf("status %d: %s", reply.Status, reply.Body)
				}
				return err
			})
		},
	},
}

// newcomer is the number of the address of those who come while others attack.
const newcomer = 200

// beside has two attackers of one address attack, and others come one after the other, each over a connection of its own. All of them must
// be served.
func (t *Target) beside(
	ctx context.Context, attack func(ctx context.Context, attacker int) error, come func(ctx context.Context, c *Client, i int) error,
) error {
	return each(ctx, 3, func(ctx context.Context, i int) error {
		if i < 2 {
			return attack(ctx, i)
		}
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			c, err := t.Dial(ctx, Address(newcomer))
			if err != nil {
				return err
			}
			err = come(ctx, c, i)
			c.Close()
			if err != nil {
				return fmt.Errorf("the newcomer: %w", err)
			}
		}
	})
}

// hoard sends many messages from one address, and stays.
func (t *Target) hoard(ctx context.Context, message func(i int) string) error {
	c, err := t.Dial(ctx, Address(0))
	if err != nil {
		return err
	}
	defer c.Close()
	if err := t.send(ctx, c, 1000, message); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func shout(id int, topic, text string) string {
	return fmt.Sprintf(`{"t":"pub","id":%d,"m":"abuse/shout","a":[%q],"k":"said","v":{"text":%q}}`, id, topic, text)
}
