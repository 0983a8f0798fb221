package ir

import (
	"fmt"
	"time"
)

// StreamForm says where the events of a stream come from.
type StreamForm uint8

// The forms.
const (
	LiveStream      StreamForm = iota + 1 // from the writes: Query
	DerivedStream                         // Body is run again when what it read changes
	PublishedStream                       // Merge; Body gives the first value, `publish` the events
)

// String is the form as people name it.
func (f StreamForm) String() string {
	switch f {
	case LiveStream:
		return "live"
	case DerivedStream:
		return "derived"
	case PublishedStream:
		return "published"
	}
	return fmt.Sprintf("form %d", f)
}

// Stream is an entry point that clients watch.
type Stream struct {
	Pos    Pos
	Module string
	Name   string
	Doc    []string
	Form   StreamForm
	Params []*Var
	Access Access
	Rates  []Rate
	Query  *Query // of a live stream; Args are evaluated when a client subscribes
	Body   *Block // of the other forms
	Value  Type   // what the client holds: List of Row, Optional of Row, a record or a scalar

	Sources  []Source      // of a derived stream: those it names with `on`; none: what its body reads
	Debounce time.Duration // of a derived stream

	Merge         *Merge // of a published stream
	Replay        Replay
	Delta         *Delta
	OnSubscribe   *Block
	OnUnsubscribe *Block
}

// Source is what a derived stream follows: a table or another stream.
type Source struct {
	Table  *Table
	Stream *Stream
}

// MergeKind is how a client puts events into the value it holds.
type MergeKind string

// The merges.
const (
	MergeCrud     MergeKind = "crud"
	MergeLatest   MergeKind = "latest"
	MergeSet      MergeKind = "set"
	MergePresence MergeKind = "presence"
	MergeCursor   MergeKind = "cursor"
)

// Merge is the `merge` clause with `key` and `prepend`.
type Merge struct {
	Kind MergeKind
	// Item is one item of the list that the client holds; for set, the whole value. That of presence and cursor has the string field
	// `key`, whether it is written there or the server adds it.
	Item    Type
	Key     []*Field // of Item, for crud; nil otherwise
	Max     int64    // of latest; 50 unless said
	Prepend bool
}

// Replay bounds the events that a returning client is sent. Zero: the server's own bounds.
type Replay struct {
	Count int64
	Age   time.Duration
}

// Delta is the `delta` clause.
type Delta struct {
	Version     *Block
	VersionType Type
	Since       *Var
	Diff        *Block
}

// Publish sends an event of a published stream or a channel after the commit. Exactly one of Stream and Channel is set.
type Publish struct {
	Pos      Pos
	Stream   *Stream
	Channel  *Channel
	Args     []Expr
	Event    string
	Data     Expr
	Revealed bool // `reveal(…)` stands around the data: it may go to those whom the policies of its rows do not let see them
	Throttle time.Duration
	Debounce time.Duration
}

func (*Publish) isStmt() {}
