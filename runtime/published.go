package runtime

import (
	"time"

	"github.com/livec-lang/livec/runtime/merge"
)

// Merge says how a client puts events into the value it holds.
type Merge = merge.Rule

// The merges, for Merge.Kind.
const (
	MergeCrud     = merge.Crud
	MergeLatest   = merge.Latest
	MergeSet      = merge.Set
	MergePresence = merge.Presence
	MergeCursor   = merge.Cursor
)

// Published is a stream whose body gives the first value, while its events are published by calls. A are its decoded arguments.
//
// Of merge crud, latest and set each subscriber is given what First gives for it, with the events that are not yet in it. Of merge presence and cursor the server also keeps what was published, for as long
// as anybody subscribes, so that a newcomer sees who is there.
type Published[A any] struct {
	Name     string // module/name
	Mode     Mode   // of Open and First: Pure or Read
	RateByIP []Rate
	Merge    Merge
	Replay   Replay
	Decode   func(args []byte) (A, bool) // as of RPC
	Parse    func(args []byte) (A, error)

	// Open runs guards, access and gate, and names the topic: a JSON array of the arguments, each as its type is encoded, and of the values of ctx that the stream reads. The same is given to
	// Publish. nil stands for []. It returns ErrGate when the gate is closed.
	Open func(c *Call, a *A) (topic []byte, err error)

	// First appends the first value as JSON. nil stands for the empty list, or null of merge set.
	First func(c *Call, a *A, dst []byte) ([]byte, error)

	Lifecycle Lifecycle[A]
}

// Replay bounds the events that a returning client is sent instead of the value. Zero values mean the server's own bounds.
type Replay struct {
	Count int           // events that are kept at least
	Age   time.Duration // how long they are kept when nobody subscribes
}

// Lifecycle is what runs when a subscriber comes and goes. Both are calls of their own, one at a time for each connection, with who subscribed as their caller; what they publish leaves
// after their commit. A failure reaches the error hook and nobody else. A gate that closes is a leaving, one that opens a coming.
type Lifecycle[A any] struct {
	Mode         Mode
	Subscribed   func(c *Call, a *A) error // once the first data is sent
	Unsubscribed func(c *Call, a *A) error // once for each Subscribed, after it, however the subscription ends
}

// Pace spreads the events of a publish statement over time, for each topic, event and key, and for each caller where there is no key. At most one field is set.
type Pace struct {
	Throttle time.Duration // the first leaves at once, then at most one in this time; the last always leaves
	Debounce time.Duration // the last leaves after this time without another
}
