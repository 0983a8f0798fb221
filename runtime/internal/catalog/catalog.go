// Package catalog describes the entry points of an app without the types of their arguments: what connections and the HTTP entry points
// need to know of an rpc, a stream, a channel or a room. Package runtime makes the descriptions from the registrations of generated code.
package catalog

import (
	"errors"
	"slices"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/derive"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/room"
	"github.com/livec-lang/livec/runtime/metrics"
	"github.com/livec-lang/livec/runtime/ratelimit"
)

// Catalog is all entry points of an app, by name.
type Catalog struct {
	RPCs    map[string]*RPC
	Streams map[string]*Stream // also channels and the parts of rooms
}

// RPCPath is the path of rpcs over HTTP; the name of the rpc follows it.
const RPCPath = "/_live/rpc/"

// ErrGate is the error of a closed gate. The client gets no data and no error.
var ErrGate = errors.New("the gate is closed")

// RPC describes an rpc. Its arguments and its result are in a frame, which NewFrame makes.
type RPC struct {
	invoke.Spec
	RateByIP []ratelimit.Rate
	MaxBytes int // what its parameter of bytes takes, if that is more than the usual limit of a call; else 0
	NewFrame func() any
	Decode   func(args []byte, frame any) bool  // the fast path, which may refuse valid arguments
	Parse    func(args []byte, frame any) error // reads arguments that the schema has accepted
	Call     func(in *invoke.Invocation, frame any, dst []byte) ([]byte, error)
	Metrics  *metrics.EntryPoint // of the server that runs it
	Pool     *sync.Pool          // of calls over connections, each with a frame
}

// HeaderRoom is how many bytes a frame or body may have besides the bytes that a limit is about.
const HeaderRoom = 4 << 10

// TextLimit is how many bytes the message or body of a call may have: maxPayload, or more if a parameter takes bytes, which are base64
// there.
func (e *RPC) TextLimit(maxPayload int) int {
	if e.MaxBytes <= maxPayload {
		return maxPayload
	}
	return e.MaxBytes/3*4 + HeaderRoom
}

// LargestFrame is how many bytes a frame of a WebSocket may have: enough for the largest call, and for several calls in one frame.
func (c *Catalog) LargestFrame(maxPayload int) int {
	largest := 2 * maxPayload
	for _, e := range c.RPCs {
		largest = max(largest, e.TextLimit(maxPayload))
	}
	return largest + HeaderRoom
}

// Kind says where the data of a stream comes from.
type Kind uint8

// The kinds of streams.
const (
	Live      Kind = iota // a live query
	Published             // a body, and the events that calls publish
	Kept                  // the events that were published, kept in memory: channels, presence, cursors
	Derived               // a value that is computed again when its sources change
)

// Stream describes everything that can be subscribed to.
type Stream struct {
	Name     string
	Kind     Kind
	Schema   string      // the entry point of the contract whose schema validates the arguments
	Mode     invoke.Mode // of its checks: Pure or Read
	RateByIP []ratelimit.Rate
	Decode   func(args []byte) (any, bool)  // as of RPC
	Parse    func(args []byte) (any, error) // as of RPC
	Metrics  *metrics.EntryPoint            // of the server that runs it

	// Open runs the checks: guards, access and gate. It returns ErrGate if the gate is closed.
	Open      func(in *invoke.Invocation, args any) (View, error)
	Lifecycle *Lifecycle // nil for none
	Room      *Room      // of a part of a room; nil for any other

	Query  *relation.Query // of a live query
	Feed   *feed.Spec      // of a stream with published events
	Derive *derive.Spec    // of a derived stream
	// First appends the first value of a published stream, or the value of a derived one; nil for none.
	First     func(in *invoke.Invocation, args any, dst []byte) ([]byte, error)
	Publisher *Publisher // for clients that publish to it; nil if they cannot
}

// Spec says how the checks of a stream, and its first value, run.
func (s *Stream) Spec() invoke.Spec { return invoke.Spec{Path: s.Name, Mode: s.Mode} }

// View is the part of a stream's data that a caller is shown, as the checks have found.
type View struct {
	Params []relation.Value // of a live query
	Topic  string           // of any other kind: a JSON array, or the digest of a long one
	Hidden Hidden           // of a derived stream; the same for the same topic
	Room   string           // of a part of a room: the arguments of the room, a JSON array
	Info   []byte           // of a part of a room: what the server shows of the caller to other members
}

// Same reports whether two views show the same data.
func (v *View) Same(o *View) bool {
	return v.Topic == o.Topic && v.Room == o.Room && slices.EqualFunc(v.Params, o.Params, relation.Same)
}

// Hidden are the hidden parameters of a derived stream; runtime.Hidden documents them.
type Hidden struct {
	User  any
	IP    string
	Added any
}

// Lifecycle is what runs when somebody has subscribed, and when they have unsubscribed; either may be nil.
type Lifecycle struct {
	Mode                     invoke.Mode
	External                 bool // calls extern functions
	Subscribed, Unsubscribed func(in *invoke.Invocation, args any) error
}

// Publisher says how clients publish to a stream.
type Publisher struct {
	Schema   string                         // the definition of the contract that validates what they publish
	Decode   func(v []byte) ([]byte, bool)  // the fast path: reads what a client publishes, and returns it as others get it
	Parse    func(v []byte) ([]byte, error) // the same for data that the schema has accepted
	RateByIP []ratelimit.Rate
	Rates    []ratelimit.Rate
	Check    func(in *invoke.Invocation, args any) error // guards of publishers; nil for none
	Limit    func(in *invoke.Invocation, args any) error // rates by expression; nil for none
}

// Room is what the parts of a room have in common.
type Room struct {
	room.Spec
	Mode      invoke.Mode // of Open
	Open      func(in *invoke.Invocation, args any) (View, error)
	Lifecycle *Lifecycle
}

// Adopt makes a derived stream the data of the room: its subscribers are in the room.
func (r *Room) Adopt(data *Stream) {
	own := data.Open
	data.Room, data.Mode = r, max(data.Mode, r.Mode)
	data.Open = func(in *invoke.Invocation, args any) (View, error) {
		at, err := r.Open(in, args)
		if err != nil {
			return View{}, err
		}
		p, err := own(in, args)
		p.Room, p.Info = at.Room, at.Info
		return p, err
	}
}
