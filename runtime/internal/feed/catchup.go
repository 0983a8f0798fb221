package feed

import "github.com/livec-lang/livec/runtime/merge"

// CatchUp collects the events that are published while a first value is read from the database, which may include them or not.
type CatchUp struct {
	feed   *Feed
	events []Event
	bytes  int // of events
}

// CatchUp starts to collect events. End or Join must be called in the end.
func (f *Feed) CatchUp() *CatchUp {
	c := &CatchUp{feed: f}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.catchUps == nil {
		f.catchUps = map[*CatchUp]struct{}{}
	}
	f.catchUps[c] = struct{}{}
	return c
}

// End drops the collected events.
func (c *CatchUp) End() {
	c.feed.mu.Lock()
	defer c.feed.mu.Unlock()
	c.leave()
}

// leave ends the collecting. The caller holds the lock of the feed.
func (c *CatchUp) leave() {
	delete(c.feed.catchUps, c)
	c.feed.caught -= c.bytes
	c.feed.count()
}

// Join appends a first value that includes the commits up to seen, with the events that it does not include. offset is that of the
// last event in it.
func (c *CatchUp) Join(dst, value []byte, seen uint64) (joined []byte, offset uint64, err error) {
	f := c.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	c.leave()
	offset = f.topic.Head()
	covered := f.cover.whole || len(f.cover.gone) > 0
	if len(c.events) == 0 && !covered && (f.state == nil || f.state.Len() == 0) {
		return append(dst, value...), offset, nil
	}
	state := merge.New(f.spec.Rule)
	if err := f.cover.over(state, f.spec.Rule, value); err != nil {
		return nil, 0, err
	}
	if f.state != nil {
		// The published events are added to the first value. If both have an entry, the published one wins.
		puts, _ := f.spec.Rule.Kind.Puts()
		f.state.Each(func(_ string, data []byte) {
			if _, _, e := state.Apply(puts, data); e != nil {
				err = e
			}
		})
		return state.Append(dst), offset, err
	}
	for _, e := range c.events {
		if err := state.CatchUp(e.Name, e.Data, e.Commit != 0 && e.Commit <= seen); err != nil {
			return nil, 0, err
		}
	}
	return state.Append(dst), offset, nil
}
