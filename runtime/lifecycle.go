package runtime

// came starts what a stream or a room does when somebody has subscribed, and went what it does when they have left. Those of one connection run one after the other, in order.
func (c *conn) came(name string, l *lifecycle, args any) {
	if l != nil && l.subscribed != nil {
		c.turn(name, l, l.subscribed, args)
	}
}

func (c *conn) went(name string, l *lifecycle, args any) {
	if l != nil && l.unsubscribed != nil {
		c.turn(name, l, l.unsubscribed, args)
	}
}

func (c *conn) turn(name string, l *lifecycle, fn func(*Call, any) error, args any) {
	who := c.who.Load()
	c.turns.add(func() {
		err := c.server.perform(c.server.ctx, name, l.mode, &c.caller, who, func(call *Call) error {
			call.conn = c
			return fn(call, args)
		})
		if err != nil {
			_ = c.server.failure(c.server.ctx, name, err) // told to the error hook; nobody waits
		}
	})
}

// owns notes that the connection has an entry in a feed. One that is gone gives it up at once.
func (c *conn) owns(f *feed) {
	c.ownMu.Lock()
	gone := c.disowned
	if !gone {
		if c.owned == nil {
			c.owned = map[*feed]struct{}{}
		}
		c.owned[f] = struct{}{}
	}
	c.ownMu.Unlock()
	if gone {
		f.abandon(c)
	}
}

// disown gives up the entry of the connection in a feed.
func (c *conn) disown(f *feed) {
	c.ownMu.Lock()
	_, ok := c.owned[f]
	delete(c.owned, f)
	c.ownMu.Unlock()
	if ok {
		f.abandon(c)
	}
}

// disownAll gives up all entries, of a connection that is gone.
func (c *conn) disownAll() {
	c.ownMu.Lock()
	owned := c.owned
	c.owned, c.disowned = nil, true
	c.ownMu.Unlock()
	for f := range owned {
		f.abandon(c)
	}
}
