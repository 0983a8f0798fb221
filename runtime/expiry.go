package runtime

import (
	"container/list"
	"strconv"
	"time"

	"github.com/livec-lang/livec/runtime/merge"
)

// expiry is when the entries of a feed end. All live equally long, so the order in which they were renewed is that in which they end. The lock of the feed guards it.
type expiry struct {
	order list.List // of due, the next one first
	due   map[string]*list.Element
	stop  func() bool
	armed int // times a timer was set
	named int // names given to rows of merge latest, which have no keys
}

type due struct {
	key string
	at  time.Time
}

func (x *expiry) renew(f *feed, key string) {
	if x.due == nil {
		x.due = map[string]*list.Element{}
	}
	d := due{key, f.server.opt.Clock.Now().Add(f.how.expire)}
	if e := x.due[key]; e != nil {
		e.Value = d
		x.order.MoveToBack(e)
	} else {
		x.due[key] = x.order.PushBack(d)
	}
	if x.stop == nil {
		x.arm(f)
	}
}

func (x *expiry) arm(f *feed) {
	first := x.order.Front()
	if first == nil {
		x.stop = nil
		return
	}
	x.armed++
	armed := x.armed
	now := f.server.opt.Clock.Now()
	x.stop = f.server.opt.Clock.AfterFunc(first.Value.(due).at.Sub(now), func() { f.expire(armed) })
}

// expire takes out what is due.
func (f *feed) expire(armed int) {
	f.mu.Lock()
	x := &f.expiry
	if f.closed || x.armed != armed {
		f.mu.Unlock()
		return
	}
	now := f.server.opt.Clock.Now()
	gone, latest := false, f.how.rule.Kind == merge.Latest
	for e := x.order.Front(); e != nil && !e.Value.(due).at.After(now); e = x.order.Front() {
		key := e.Value.(due).key
		x.forget(key)
		if gone = true; latest {
			f.state.DropOldest()
		} else {
			f.takeOut(key)
		}
	}
	if gone && latest { // no event of this merge takes a row out
		f.tell(merge.SetAll, "", f.state.Append(nil), 0)
	}
	x.arm(f)
	f.mu.Unlock()
	if gone {
		f.server.derivations.changed(f.key.stream)
	}
}

// renewLatest starts the lives of the rows of merge latest that have come, and drops those of rows that had to make room for them.
func (x *expiry) renewLatest(f *feed, came int) {
	for range came {
		x.named++
		x.renew(f, strconv.Itoa(x.named))
	}
	for x.order.Len() > f.state.Len() {
		x.forget(x.order.Front().Value.(due).key)
	}
}

func (x *expiry) forget(key string) {
	if e := x.due[key]; e != nil {
		x.order.Remove(e)
		delete(x.due, key)
	}
}

func (x *expiry) clear() {
	x.order.Init()
	clear(x.due)
}

func (x *expiry) close() {
	x.armed++
	if x.stop != nil {
		x.stop()
	}
	x.clear()
}
