package outbound

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/gorilla/websocket"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/intake"
	"github.com/livec-lang/livec/runtime/internal/door"
	"github.com/livec-lang/livec/runtime/wire"
)

// smallMessage is how many bytes of messages a client may have sent that are not counted: few are larger, and counting takes time.
const smallMessage = 4 << 10

// inbound counts what a client has sent of messages that are not handled yet. The goroutine that reads uses it.
type inbound struct {
	frames  frames
	held    int64 // bytes of data frames that have come and are not handled
	message *intake.Message
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// errEnded is the error of reading from a connection that a limit has ended.
var errEnded = errors.New("what the client was sending was given up")

// await is called before more is read: what the client has begun, it must go on with.
func (k *socket) await() error {
	if k.ended.Load() != 0 {
		return errEnded
	}
	if k.inbound.frames.unfinished() {
		k.inbound.message.Await()
	}
	return nil
}

// arrived counts what was read. It waits if the client sends too much, or while the memory does not suffice.
func (k *socket) arrived(b []byte) error {
	if len(b) == 0 || k.handler == nil {
		return nil
	}
	in := &k.inbound
	data, whole := in.frames.read(b)
	in.held += int64(data)
	if whole > 0 {
		in.message.Whole()
	} else {
		in.message.Arrived(data)
	}
	if k.handler.Arrived(len(b)) {
		in.message.Paused()
		k.alive()
	} else if data > 0 && in.frames.unfinished() {
		k.alive() // it can answer no ping within a frame
	}
	return k.count()
}

// count counts the bytes that are held. Reading pauses while the memory does not suffice.
func (k *socket) count() error {
	in := &k.inbound
	waited, reached := in.message.Hold(in.counted())
	switch {
	case reached != 0:
		k.ended.CompareAndSwap(0, int64(limits.MaxQueueMemory))
		return errEnded
	case waited && !in.frames.unfinished():
		in.message.Whole()
		fallthrough
	case waited:
		k.alive()
	}
	return nil
}

// counted is how many bytes are counted of those that are held.
func (in *inbound) counted() int64 {
	if in.held <= smallMessage {
		return 0
	}
	return in.held
}

// took notes that the handler is done with a frame.
func (k *socket) took(frame []byte) {
	k.inbound.held -= int64(len(frame))
	k.inbound.message.Hold(k.inbound.counted()) // not more than before
}

// endInbound ends the connection, since what the client sends has run into a limit. The goroutine that reads does the rest.
func (k *socket) endInbound(id limits.ID) {
	k.ended.Store(int64(id))
	_ = k.net.SetReadDeadline(past) // fails if it is closed
}

// whyEnded is the close code and the reason of a connection that a limit has ended; 0 if none has.
func (k *socket) whyEnded() (code int, reason string) {
	switch limits.ID(k.ended.Load()) {
	case 0:
		return 0, ""
	case limits.BodyWait:
		return wire.CloseSlow, "A message took too long (limit bodyWait)"
	case limits.Heartbeat:
		return wire.CloseHeartbeat, "No answer to pings (limit heartbeat)"
	case limits.WriteWait:
		return wire.CloseHeartbeat, "The client does not take its data (limit writeWait)"
	default:
		return wire.CloseOverload, "There is no memory for what is being sent (limit maxQueueMemory)"
	}
}

// read reads from the connection below.
func (k *socket) read(c *door.Conn, b []byte) (int, error) {
	if err := k.await(); err != nil {
		return 0, err
	}
	n, err := c.Read(b)
	if e := k.arrived(b[:n]); e != nil {
		err = e
	}
	return n, err
}

// setReadDeadline sets a deadline, unless the connection is ended.
func (k *socket) setReadDeadline(c *door.Conn, t time.Time) error {
	err := c.SetReadDeadline(t)
	if k.ended.Load() != 0 { // maybe meanwhile
		err = c.SetReadDeadline(past)
	}
	return err
}

// frames follows the frames of a WebSocket (RFC 6455 §5.2), as far as it must to know which bytes are parts of messages, and whether one is
// not complete. The zero value is at the start.
type frames struct {
	header  [14]byte
	have    int    // bytes of the header of the next frame
	left    uint64 // bytes of the payload of the present one
	control bool   // which is a control frame
	last    bool   // which is the last one of its message
	within  bool   // a message has begun
}

// unfinished reports whether a message, or a frame, has begun and is not complete.
func (f *frames) unfinished() bool { return f.within || f.have > 0 || f.left > 0 }

// read follows bytes. It returns how many are of messages, and how many messages have become complete.
func (f *frames) read(b []byte) (data, whole int) {
	for {
		if f.left > 0 {
			n := min(f.left, uint64(len(b)))
			f.left -= n
			b = b[n:]
			if !f.control {
				data += int(n)
			}
			if f.left == 0 {
				whole += f.done()
			}
		}
		if len(b) == 0 {
			return data, whole
		}
		n := copy(f.header[f.have:f.size()], b)
		f.have += n
		b = b[n:]
		if f.have < f.size() {
			continue // size is known better now, or nothing is left
		}
		f.begin()
		if f.left == 0 {
			whole += f.done()
		}
	}
}

// size is how long the header is, as far as that is known.
func (f *frames) size() int {
	if f.have < 2 {
		return 2
	}
	size := 2
	switch f.header[1] & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if f.header[1]&0x80 != 0 {
		size += 4 // the mask
	}
	return size
}

// begin begins a frame whose header is complete.
func (f *frames) begin() {
	switch n := f.header[1] & 0x7f; n {
	case 126:
		f.left = uint64(binary.BigEndian.Uint16(f.header[2:]))
	case 127:
		f.left = binary.BigEndian.Uint64(f.header[2:])
	default:
		f.left = uint64(n)
	}
	f.have, f.control, f.last = 0, f.header[0]&0x0f >= websocket.CloseMessage, f.header[0]&0x80 != 0
	f.within = f.within || !f.control
}

// done ends a frame, and returns how many messages have become complete with it.
func (f *frames) done() int {
	if f.control || !f.last {
		return 0
	}
	f.within = false
	return 1
}
