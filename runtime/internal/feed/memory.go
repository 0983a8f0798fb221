package feed

import (
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/merge"
)

// What is counted besides keys and data, in bytes.
const (
	feedSize  = 1 << 10 // a feed, with its topic
	entrySize = 256     // an entry: in the value, in the topic, with its lifetime and its owners
	eventSize = 128     // an event that a CatchUp keeps
	pacedSize = 1280    // the state of events of one name in a lane, with an event that is held back and a timer
)

// Why there is not enough memory: the server has none left, or the caller has had its share.
var (
	errFull  = fault.NoMemory(limits.MaxTopicMemory, "This caller", "what is published")
	errShare = fault.NoMemory(limits.MaxTopicMemoryPerCaller, "This caller", "topics")
)

// errorOf is the error of a limit that something does not fit in.
func errorOf(reached limits.ID) error {
	if reached == limits.MaxTopicMemoryPerCaller {
		return errShare
	}
	return errFull
}

// newFeedSize is what a feed takes without events.
func newFeedSize(key Key) int64 { return int64(feedSize + 2*len(key.Topic)) }

// count counts the memory of the feed anew. The caller holds the lock, or is the only one who knows the feed.
func (f *Feed) count() {
	frame, entries := 0, 0
	if !f.closed {
		frame = int(newFeedSize(f.key)) + f.caught
		if f.state != nil {
			entries = f.state.Size() + entrySize*f.state.Len()
		}
	}
	if frame != f.counted.frame {
		f.frame.Add(int64(frame - f.counted.frame))
		f.counted.frame = frame
	}
	if entries != f.counted.entries {
		f.entries.Add(int64(entries - f.counted.entries))
		f.counted.entries = entries
	}
}

// Attend has the feed count for a caller, if it counts for nobody else. Those who hold it do so already. Withdraw ends it.
func (f *Feed) Attend(caller string) {
	if f.frame.Hold(caller) {
		f.entries.Pass(caller)
	}
}

// Withdraw ends an Attend.
func (f *Feed) Withdraw(caller string) {
	if f.frame.Release(caller) {
		f.entries.Pass("")
	}
}

// publishes counts what an event adds for its publisher; for the one for whom the feed counts, if that is not known. The caller holds the
// lock.
func (f *Feed) publishes(e *Event, caller string) {
	if caller == "" {
		caller = f.frame.Payer()
	}
	if e.Name == merge.SetAll {
		f.entries.Pass(caller) // it replaces what others have published
	} else {
		f.entries.By(caller)
	}
	if f.state != nil && f.spec.Rule.Kind == merge.Latest && e.Name != merge.SetAll {
		// The oldest leave, whoever has published them.
		size := len(e.Data) + entrySize
		f.entries.Add(int64(size))
		f.counted.entries += size
	}
}

// Admit reports whether there is memory for an event that Publish gets with this pace and lane, before it is accepted: what was accepted is
// kept. more is what the same call has to publish besides, in bytes. If so, Admit gives how many bytes the event may take. Otherwise it
// fails with the code OVERLOADED.
func (s *Feeds) Admit(p *Publication, pace Pace, lane string, more int64) (bytes int64, err error) {
	size := newFeedSize(p.Key) + pacedSize + int64(len(lane)) + entrySize + 2*int64(len(p.Data))
	if s.memory.Has(p.Caller, more+size) {
		return size, nil
	}
	grows := s.growth(p)
	if pace != (Pace{}) {
		grows = max(grows, s.pacer.growth(p, lane)) // what is held back has left when its feed grows
	}
	if grows == 0 {
		return 0, nil
	}
	if reached, ok := s.memory.FitsFor(p.Caller, more+grows); !ok {
		return 0, errorOf(reached)
	}
	return grows, nil
}

// growth is how much memory an event takes that it does not free.
func (s *Feeds) growth(p *Publication) int64 {
	size := entrySize + 2*int64(len(p.Data))
	f := s.get(p.Key)
	switch {
	case f != nil:
		return f.growth(&p.Event)
	case p.Spec.Lasting:
		return newFeedSize(p.Key) + size
	default:
		return 0 // nobody gets it
	}
}

func (f *Feed) growth(e *Event) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	kind := f.spec.Rule.Kind
	_, removal := kind.Puts()
	grows := 0
	if !kind.Compacts() {
		grows = min(len(e.Data), f.topic.Room())
	}
	if f.state == nil || e.Name == removal && removal != "" {
		return int64(grows)
	}
	size := len(e.Data)
	switch {
	case e.Name == merge.SetAll:
		size -= f.state.Size()
	case kind == merge.Latest:
		if n := f.state.Len(); n >= f.spec.Rule.Most() {
			size -= f.state.Size() / n // the oldest leaves
		} else {
			size += entrySize
		}
	default:
		if key, err := f.spec.Rule.KeyOf(e.Data); err == nil && f.state.Has(key) {
			size -= len(f.state.Get(key))
		} else {
			size += entrySize
		}
	}
	return int64(grows + max(0, size))
}
