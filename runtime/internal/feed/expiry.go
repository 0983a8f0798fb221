package feed

import (
	"container/list"
	"strconv"
	"time"

	"github.com/livec-lang/livec/runtime/linger"
	"github.com/livec-lang/livec/runtime/merge"
)

// expiry has the times at which the entries of a feed expire. All have the same lifetime, so they expire in the order in which they were
// renewed. The lock of the feed guards it.
type expiry struct {
	order list.List // of due, the next one first
	due   map[string]*list.Element
	timer linger.Timer
	named int // counter for the keys made for rows of merge latest, which have none
}

type due struct {
	key string
	at  time.Time
}

func (x *expiry) renew(f *Feed, key string) {
	if x.due == nil {
		x.due = map[string]*list.Element{}
	}
	d := due{key, f.feeds.cfg.Clock.Now().Add(f.spec.Expire)}
	if e := x.due[key]; e != nil {
		e.Value = d
		x.order.MoveToBack(e)
	} else {
		x.due[key] = x.order.PushBack(d)
	}
	if !x.timer.Waits() {
		x.arm(f)
	}
}

func (x *expiry) arm(f *Feed) {
	first := x.order.Front()
	if first == nil {
		return
	}
	wait := first.Value.(due).at.Sub(f.feeds.cfg.Clock.Now())
	x.timer.Set(f.feeds.cfg.Clock, wait, &f.mu, f.expire)
}

// expire removes the expired entries. The caller holds the lock.
func (f *Feed) expire() {
	x := &f.expiry
	now := f.feeds.cfg.Clock.Now()
	expired, latest := false, f.spec.Rule.Kind == merge.Latest
	for e := x.order.Front(); e != nil && !e.Value.(due).at.After(now); e = x.order.Front() {
		key := e.Value.(due).key
		x.forget(key)
		if expired = true; latest {
			f.state.DropOldest()
		} else {
			f.remove(key)
		}
	}
	if expired && latest { // no event of this merge removes a row
		f.append("", Event{Name: merge.SetAll, Data: f.state.Append(nil)})
	}
	x.arm(f)
	f.count()
	if expired {
		f.feeds.cfg.Changed(f.key.Stream)
	}
}

// renewLatest adds the lifetimes of rows that were added to merge latest, and drops those of rows that were pushed out.
func (x *expiry) renewLatest(f *Feed, added int) {
	for range added {
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
	x.timer.Stop()
	x.clear()
}
