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

// Value is one value of a derived stream, with its topic. It keeps no connection, request or identity of its holders: only how they take
// turns. Its Compute knows something of a caller, which is the same for all who share the topic.
type Value struct {
	values *Values
	key    feed.Key
	spec   *Spec
	source Compute
	topic  *topic.Topic
	hold   linger.Hold // guarded by Values.mu

	holding *govern.Holding // counts the memory, for those who hold it

	waiting *list.Element // in Values.idle; nil while it has a holder
	queued  bool          // it is in Values.due, whose lock guards this

	computing sync.Mutex // one computation at a time

	mu     sync.Mutex
	value  []byte // nil before the first computation
	seq    uint64 // the commit that the value includes
	cancel func() // ends the watch of what the value was computed from
	dirty  bool   // a computation is due, which waits in Values.due or for the end of a pause
	delay  linger.Timer
	pause  linger.Timer // after a computation that has failed
	fails  int          // computations that have failed in a row
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
	v.pause.Stop()
}

// ready computes the first value, for a caller who waits.
func (v *Value) ready(ctx context.Context, caller string) error {
	v.computing.Lock()
	defer v.computing.Unlock()
	v.mu.Lock()
	known := v.value != nil
	v.mu.Unlock()
	if known {
		return nil
	}
	return v.compute(ctx, By{Turn: caller})
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

// start schedules a computation. The caller holds the lock.
func (v *Value) start() {
	if v.dirty {
		return // the one that is due has not begun to read
	}
	v.dirty = true
	v.values.due.add(v)
}

// computeOwn computes the value if a computation is due and no pause holds it up.
func (v *Value) computeOwn() {
	v.computing.Lock()
	defer v.computing.Unlock()
	v.mu.Lock()
	pauses := v.pause.Waits()
	v.mu.Unlock()
	if !pauses {
		_ = v.computeDue(v.values.cfg.Context, By{Own: true}) // the last value stays
	}
}

// computeDue computes the value if a computation is due. One that fails for a reason that passes stays due, and its error is returned. Any
// other error is reported. The caller holds the lock computing.
func (v *Value) computeDue(ctx context.Context, by By) error {
	v.mu.Lock()
	due := v.dirty && !v.closed
	v.dirty = false
	v.mu.Unlock()
	if !due {
		return nil
	}
	return v.settle(by, v.compute(ctx, by))
}

// compute computes the value and watches what it was computed from. The caller holds the lock computing.
func (v *Value) compute(ctx context.Context, by By) error {
	found, cancel, err := v.watched(ctx, by)
	value := found.Value
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
	v.seq = max(v.seq, found.Seq)
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
func (v *Value) watched(ctx context.Context, by By) (found Computed, cancel func(), err error) {
	if !v.spec.named() {
		found, err = v.source(ctx, by, v.touch)
		return found, found.Cancel, err
	}
	// Named tables are watched first, so that no change is missed.
	if len(v.spec.Tables) > 0 {
		cancel = v.values.cfg.Watch(v.spec.Tables, v.touch)
	}
	found, err = v.source(ctx, by, nil)
	return found, cancel, err
}

// Attach appends the value, which includes all commits up to since, and gives the topic and the offset of the last event that is in it. If
// a computation is due, it takes the turn of the caller, and Attach fails if it fails for a reason that passes, so that the value lacks
// some of these commits. After any other failure, the last value stays.
func (v *Value) Attach(ctx context.Context, caller string, dst []byte, since uint64) (json []byte, offset uint64, err error) {
	if since > 0 {
		v.computing.Lock() // waits for a computation that may have read before since
		err = v.computeDue(ctx, By{Turn: caller})
		v.computing.Unlock()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err != nil && v.seq < since {
		return nil, 0, err
	}
	return append(dst, v.value...), v.topic.Head(), nil
}

// Topic is the topic of the events that follow the value.
func (v *Value) Topic() *topic.Topic { return v.topic }
