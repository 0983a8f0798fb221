package outbound

import "sync"

// frame is a frame that is being built: '[' and messages with commas between.
type frame struct {
	buf    []byte
	n      int // messages
	events int // of those, events of topics
}

// keepFrame is the capacity, in bytes, up to which the buffer of a frame is reused.
const keepFrame = 64 << 10

var framePool = sync.Pool{New: func() any { return &frame{buf: make([]byte, 0, 1<<10)} }}

func newFrame() *frame {
	f := framePool.Get().(*frame)
	f.buf = append(f.buf[:0], '[')
	f.n, f.events = 0, 0
	return f
}

func (f *frame) free() {
	if cap(f.buf) <= keepFrame {
		framePool.Put(f)
	}
}

// add appends messages that are separated by commas.
func (f *frame) add(messages []byte, n int) {
	if f.n > 0 {
		f.buf = append(f.buf, ',')
	}
	f.buf = append(f.buf, messages...)
	f.n += n
}

// bytes is the finished frame: an array, or a message alone.
func (f *frame) bytes() []byte {
	if f.n == 1 {
		return f.buf[1:]
	}
	f.buf = append(f.buf, ']')
	return f.buf
}
