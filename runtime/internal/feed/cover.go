package feed

import "github.com/livec-lang/livec/runtime/merge"

// cover is what events have done to the first value of a stream, besides the entries that they have added. The events apply to the entries
// of the first value as well, and a new subscriber must see what the others see. So it is kept for as long as anybody subscribes.
type cover struct {
	whole bool                // an event has replaced the whole value
	gone  map[string]struct{} // the keys of the entries that were removed, if whole is not set
}

// add notes an event with a key, and reports whether it may have changed the value of subscribers.
func (c *cover) add(key string, whole, removal bool) bool {
	switch {
	case whole:
		c.whole, c.gone = true, nil
		return true
	case !removal:
		delete(c.gone, key)
		return true
	case c.whole:
		return false
	}
	_, known := c.gone[key]
	if c.gone == nil {
		c.gone = map[string]struct{}{}
	}
	c.gone[key] = struct{}{}
	return !known
}

// over loads a first value into a state, without what events have removed.
func (c *cover) over(state *merge.State, rule merge.Rule, first []byte) error {
	if c.whole {
		return nil
	}
	if err := state.Load(first); err != nil {
		return err
	}
	_, removal := rule.Kind.Puts()
	for key := range c.gone {
		if _, _, err := state.Apply(removal, append(append([]byte(`{"key":`), key...), '}')); err != nil {
			return err
		}
	}
	return nil
}

// uncover forgets what events have done to the first value, once nobody subscribes: the next subscriber gets the first value as it is then.
func (f *Feed) uncover() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cover.whole || len(f.cover.gone) > 0 {
		f.reset()
	}
}

// reset has all subscribers get the first value anew, as it is now, with the entries that are kept. The caller holds the lock.
func (f *Feed) reset() {
	f.cover = cover{}
	f.topic.Reset()
}
