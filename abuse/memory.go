package abuse

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// memoryAttacks want the server to keep more than it has.
var memoryAttacks = []Attack{
	{
		ID: "A1", Name: "publish into ever new arguments of a writable channel",
		Flags:   []string{"--max-topic-memory", "4mb", "--linger", "1s"},
		Reached: []string{"maxTopicMemoryPerCaller"},
		Run: func(ctx context.Context, t *Target) error {
			text := strings.Repeat("x", 2000)
			return each(ctx, 2, func(ctx context.Context, attacker int) error {
				return t.flood(ctx, Address(attacker), func(frame int) string {
					return frameOf(20, func(i int) string {
						return fmt.Sprintf(`{"t":"pub","id":%d,"m":"abuse/shout","a":["%d %d %d"],"k":"said","v":{"text":%q}}`,
							i+1, attacker, frame, i, text)
					})
				})
			})
		},
	},
	{
		ID: "A1b", Name: "publish into ever new arguments of a channel, and hold all of them",
		Flags:   []string{"--max-topic-memory", "4mb", "--linger", "1s"},
		Reached: []string{"maxTopicMemoryPerCaller"}, Sees: []string{"OVERLOADED"},
		Run: func(ctx context.Context, t *Target) error {
			text := strings.Repeat("x", 2000)
			return each(ctx, 8, func(ctx context.Context, attacker int) error {
				c, err := t.Dial(ctx, Address(attacker))
				if err != nil {
					return err
				}
				defer c.Close()
				return t.send(ctx, c, 1000, func(i int) string {
					if i%2 == 0 {
						return request("sub", i+1, "shout", fmt.Sprintf(`["%d %d"]`, attacker, i))
					}
					return fmt.Sprintf(`{"t":"pub","id":%d,"m":"abuse/shout","a":["%d %d"],"k":"said","v":{"text":%q}}`, i+1, attacker, i-1, text)
				})
			})
		},
	},
	{
		ID: "A1c", Name: "publish into ever new arguments of a stream, which holds the events back for a minute",
		Flags:   []string{"--max-topic-memory", "4mb"},
		Reached: []string{"maxTopicMemoryPerCaller"}, Sees: []string{"OVERLOADED"},
		Run: func(ctx context.Context, t *Target) error {
			text, key := strings.Repeat("x", 10_000), strings.Repeat("k", 1000)
			return each(ctx, 2, func(ctx context.Context, attacker int) error {
				return t.flood(ctx, Address(attacker), func(frame int) string {
					return frameOf(4, func(i int) string {
						return request("call", i+1, "sayLater", fmt.Sprintf(`["%s %d %d %d",%q]`, key, attacker, frame, i, text[:i%2*len(text)]))
					})
				})
			})
		},
	},
	{
		ID: "A2", Name: "page through many rows, again and again",
		Flags: []string{"--max-rows", "2000", "--linger", "1s", "--max-window-memory", "16mb"},
		Sees:  []string{"RESULT_TOO_LARGE"}, Reached: []string{"maxRows"},
		Prepare: func(ctx context.Context, t *Target) error { return t.fill(ctx, "pages", Pick(t, 4000, 50_000), 40) },
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 4, func(ctx context.Context, attacker int) error {
				for ctx.Err() == nil {
					if err := t.page(ctx, Address(attacker)); err != nil {
						return err
					}
				}
				return nil
			})
		},
	},
	{
		ID: "A3", Name: "ask for large results, and read none of them",
		Flags:   []string{"--max-queue-memory", "16mb"},
		Reached: []string{"maxUnsent", "maxQueueMemoryPerCaller"},
		Prepare: func(ctx context.Context, t *Target) error { return t.fill(ctx, "rows", Pick(t, 2000, 20_000), 100) },
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 10, func(ctx context.Context, attacker int) error {
				if attacker < 2 {
					return t.unread(ctx, Address(attacker), Pick(t, 2, 10), "all", `["rows"]`)
				}
				return t.unread(ctx, Address(attacker), 1, "text", `[1000000]`)
			})
		},
	},
	{
		ID: "A4", Name: "use ever new values of a rate",
		Flags:   []string{"--max-rate-memory", "512kb"},
		Reached: []string{"maxRateMemory"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 2, func(ctx context.Context, attacker int) error {
				return t.flood(ctx, Address(attacker), func(frame int) string {
					return frameOf(50, func(i int) string {
						return request("call", i+1, "limited", fmt.Sprintf(`["a key of some length %d %d %d"]`, attacker, frame, i))
					})
				})
			})
		},
	},
	{
		ID: "A5", Name: "subscribe to everything",
		Flags:   []string{"--max-subscriptions-per-address", "2000"},
		Sees:    []string{"RATE_LIMITED"},
		Reached: []string{"maxSubscriptionsPerAddress"},
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, 4, func(ctx context.Context, attacker int) error {
				c, err := t.Dial(ctx, Address(0))
				if err != nil {
					return err
				}
				defer c.Close()
				if err := t.send(ctx, c, 1024, func(i int) string {
					return request("sub", i+1, "notes", fmt.Sprintf(`["%d %d"]`, attacker, i))
				}); err != nil {
					return err
				}
				<-ctx.Done()
				return nil
			})
		},
	},
	{
		ID: "A22", Name: "watch a range by many windows, which each write must look at",
		Prepare: func(ctx context.Context, t *Target) error { return t.fill(ctx, "above", 100, 10) },
		Run: func(ctx context.Context, t *Target) error {
			return each(ctx, Pick(t, 5, 60), func(ctx context.Context, attacker int) error {
				c, err := t.Dial(ctx, Address(attacker))
				if err != nil {
					return err
				}
				defer c.Close()
				if err := t.send(ctx, c, 1000, func(i int) string {
					return request("sub", i+1, "above", fmt.Sprintf(`[%d]`, 1_000_000+1000*attacker+i))
				}); err != nil {
					return err
				}
				<-ctx.Done()
				return nil
			})
		},
	},
}

// page asks for page after page until it is refused.
func (t *Target) page(ctx context.Context, from string) error {
	c, err := t.Dial(ctx, from)
	if err != nil {
		return err
	}
	defer c.Close()
	m, err := c.Call(ctx, "sub", "pages", `["pages"]`)
	for ; err == nil; m, err = c.Until(ctx, func(next Message) bool { return next.ID == m.ID }) {
		if m.Code != "" {
			t.Saw(m.Code)
			return nil
		}
		if m.Refused.Code != "" {
			t.Saw(m.Refused.Code)
			return nil
		}
		t.Saw(m.Kind)
		if err := c.Send(fmt.Sprintf(`{"t":"more","id":%d}`, m.ID)); err != nil {
			return err
		}
	}
	return err
}

// unread sends frames of 50 calls each, and reads nothing until ctx ends.
func (t *Target) unread(ctx context.Context, from string, frames int, name, args string) error {
	c, err := t.Dial(ctx, from)
	if err != nil {
		return err
	}
	defer c.Close()
	for f := range frames {
		if err := c.Send(frameOf(50, func(i int) string { return request("call", 50*f+i+1, name, args) })); err != nil {
			return errors.Join(err, t.count(c))
		}
	}
	<-ctx.Done()
	return nil
}
