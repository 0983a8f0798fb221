package outbound

import "sync/atomic"

// Stats counts what the queues of a server did.
type Stats struct {
	Frames    atomic.Uint64 // sent
	Messages  atomic.Uint64 // in those frames
	Bytes     atomic.Uint64 // of those frames
	Delivered atomic.Uint64 // events among the messages
	Resyncs   atomic.Uint64 // readers whose log had dropped their next event
	Behind    atomic.Uint64 // clients closed because they read too slowly
}

func (s *Stats) frame(f *frame) {
	s.Frames.Add(1)
	s.Messages.Add(uint64(f.n))
	if f.events > 0 {
		s.Delivered.Add(uint64(f.events))
	}
	s.Bytes.Add(uint64(len(f.buf)))
}
