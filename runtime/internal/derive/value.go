package derive

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/linger"
	"github.com/livec-lang/livec/runtime/topic"
)

// Value is one value of a derived stream, with its topic. It keeps no connection, request or identity of its holders. Only its Compute
// knows something of a caller, which is the same for all who share the topic.
type Value struct {
	values *Values
	key    feed.Key
	spec   *Spec
	source Compute
	topic  *topic.Topic
	hold   linger.Hold // guarded by Values.mu

	holding *govern.Holding // counts the memory, for those who hold it

	waiting *list.Element // in Values.idle; nil while it has a holder

	computing sync.Mutex // one computation at a time

	mu     sync.Mutex
	value  []byte // nil before the first computation
	cancel func() // ends the watch of what the value was computed from
	dirty  bool   // a computation is scheduled
	delay  linger.Timer
	closed bool

	counted int64 // bytes that are counted, without those of the topic
}

// valueSize is what a value takes besides its bytes, with its topic and what its computation watches.
const valueSize = 1 << 10

func newValueSize(key feed.Key) int64 { return int64(valueSize + len(key.Topic)) }

// count counts the memory of the value anew. The caller holds the lock, or is the only one who knows the value.
func (v *Value) count() {
	bytes := int64(0)
	if !v.closed {
		bytes = newValueSize(v.key) + int64(len(v.value))
	}
	v.holding.Add(bytes - v.counted)
	v.counted = bytes
}

func (v *Value) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	v.topic.Close()
	v.count()
	if v.cancel != nil {
		v.cancel()
	}
	v.delay.Stop()
}

// ready computes the first value.
func (v *Value) ready(ctx context.Context) error {
	v.computing.Lock()
	defer v.computing.Unlock()
	v.mu.Lock()
	known := v.value != nil
	v.mu.Unlock()
	if known {
		return nil
	}
	return v.compute(ctx)
}

// touch schedules a computation: at once, or after a time without another touch if the stream has a debounce. It does not block.
func (v *Value) touch() {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.closed:
	case v.spec.Debounce <= 0:
		v.start()
	default:
		v.delay.Set(v.values.cfg.Clock, v.spec.Debounce, &v.mu, v.start)
	}
}

// The caller holds the lock.
func (v *Value) start() {
	if v.dirty {
		return // the scheduled computation has not begun to read
	}
	v.dirty = true
	v.values.cfg.Spawn(func() {
		v.computing.Lock()
		defer v.computing.Unlock()
		v.computeDue()
	})
}

// computeDue computes the value if a computation is due. The caller holds the lock computing.
func (v *Value) computeDue() {
	v.mu.Lock()
	due := v.dirty && !v.closed
	v.dirty = false
	v.mu.Unlock()
	if !due {
		return
	}
	if err := v.compute(v.values.cfg.Context); err != nil {
		v.values.cfg.Report(v.key.Stream, err) // the last value stays
	}
}

// compute computes the value and watches what it was computed from. The caller holds the lock computing.
func (v *Value) compute(ctx context.Context) error {
	value, cancel, err := v.watched(ctx)
	if most := v.values.cfg.Govern.Int(limits.MaxResult); err == nil && len(value) > most {
		v.values.cfg.Govern.Reached(limits.MaxResult)
		err = fault.ResultTooLarge(fmt.Sprintf("the value has %d bytes, and %d are allowed (limit maxResult)", len(value), most))
	}
	if err != nil {
		if cancel != nil {
			cancel()
		}
		return err // the earlier watch goes on
	}
	defer v.values.memory.Trim() // after the lock
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cancel != nil {
		v.cancel()
	}
	v.cancel = cancel
	if v.closed {
		if cancel != nil {
			cancel()
		}
		return nil
	}
	first := v.value == nil
	if bytes.Equal(v.value, value) {
		return nil
	}
	v.value = slices.Clone(value)
	v.count()
	if !first {
		v.topic.Put("", "set", v.value)
	}
	return nil
}

// watched computes the value and watches its sources.
func (v *Value) watched(ctx context.Context) (value []byte, cancel func(), err error) {
	if !v.spec.named() {
		return v.source(ctx, v.touch)
	}
	// Named tables are watched first, so that no change is missed.
	if len(v.spec.Tables) > 0 {
		cancel = v.values.cfg.Watch(v.spec.Tables, v.touch)
	}
	value, _, err = v.source(ctx, nil)
	return value, cancel, err
}

// Attach appends the value, which includes all commits up to since, and gives the topic and the offset of the last event that is in
// it. There are never further pages.
func (v *Value) Attach(dst []byte, since uint64) (json []byte, t *topic.Topic, offset uint64, more bool, err error) {
	if since > 0 {
		v.computing.Lock() // waits for a computation that may have read before since
		v.computeDue()
		v.computing.Unlock()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return append(dst, v.value...), v.topic, v.topic.Head(), false, nil
}

// Topic is the topic of the events that follow the value.
func (v *Value) Topic() *topic.Topic { return v.topic }

// More does nothing: a value has no pages.
func (v *Value) More(context.Context) error { return nil }
