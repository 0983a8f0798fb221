package wire

import "fmt"

// Kind is the kind of a message from a client.
type Kind uint8

// The kinds.
const (
	Hello Kind = iota + 1
	Call
	Batch
	Sub
	More
	Unsub
	Pub
	Ping
)

var kinds = map[string]Kind{
	"hello": Hello, "call": Call, "batch": Batch, "sub": Sub, "more": More, "unsub": Unsub, "pub": Pub, "ping": Ping,
}

// Message is one message from a client. Slices point into the frame it was read from.
type Message struct {
	Kind  Kind
	ID    uint64
	Size  int    // bytes of the message in the frame, without the Payload
	Deep  bool   // its Args or its Value are nested deeper than MaxDepth, and were left out
	Path  []byte // m: the entry point
	Args  []byte // a: a JSON array, or empty if there is none. Its brackets match; its content is not checked
	Seed  []byte // k of a call
	Event []byte // k of a pub
	Value []byte // v of a pub, unchecked as Args is
	At    At
	// Of a hello.
	Version int
	Hash    string
	Hashes  map[string]string // of the entry points that the client knows; nil if it lists none
	Token   string            // identifies the caller; "" for none
	// Of a batch.
	Sequential bool
	Calls      []Message
	// Payload is the raw bytes of a binary call, nil for any other.
	Payload []byte
}

// At is the data that a returning client has: the state at an offset of a topic. The zero value is none.
type At struct {
	Epoch  string
	Offset uint64
}

// Malformed is the error of a frame or a message that cannot be read.
type Malformed struct {
	ID     uint64 // of the message; 0 if it could not be read
	Reason string
}

func (e *Malformed) Error() string { return e.Reason }

func malformed(id uint64, format string, args ...any) error {
	return &Malformed{ID: id, Reason: fmt.Sprintf(format, args...)}
}
