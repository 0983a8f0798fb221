package ir

import (
	"fmt"
	"time"
)

// StreamForm is the source of a stream's events.
type StreamForm uint8

// The forms.
const (
	LiveStream      StreamForm = iota + 1 // from writes that change the result of Query
	DerivedStream                         // Body runs again when something it read changes
	PublishedStream                       // Merge; Body returns the first value, `publish` sends the events
)

// String returns the form as authors call it.
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

// Stream is an entry point that clients subscribe to.
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

	Sources  []Source      // of a derived stream: the sources after `on`; if empty, whatever the body reads
	Debounce time.Duration // of a derived stream

	Merge         *Merge // of a published stream
	Replay        Replay
	Delta         *Delta
	OnSubscribe   *Block
	OnUnsubscribe *Block
}

// Source is a table or stream that a derived stream follows.
type Source struct {
	Table  *Table
	Stream *Stream
}

// MergeKind is how a client applies events to the value it holds.
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
	// Item is one item of the list that the client holds; for set, it is the whole value. For presence and cursor it has the
	// string field `key`, either declared or added by the server.
	Item    Type
	Key     []*Field // of Item, for crud; nil otherwise
	Max     int64    // of latest; default 50
	Prepend bool
}

// Replay bounds the events that a client receives when it comes back. Zero means the server's own bounds.
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
	Revealed bool // the data is inside of `reveal(…)`: it may go to users who may not read its rows
	Throttle time.Duration
	Debounce time.Duration
}

func (*Publish) isStmt() {}
