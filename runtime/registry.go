package runtime

import (
	"slices"
	"sync"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/signin"
)

// Registry is all that a compiled app declares. The generated Register function fills it; it is not changed after New.
type Registry struct {
	app     App
	rpcs    map[string]*catalog.RPC
	streams map[string]*catalog.Stream // with channels and the parts of rooms
	rooms   map[string]*catalog.Room
	signals map[string]Signal
}

// MergeOf tells how the events of a published stream, a channel or a part of a room change its value. ok is false for any other stream, whose events are diff and set.
func (r *Registry) MergeOf(stream string) (m Merge, ok bool) {
	e := r.streams[stream]
	if e == nil || e.Feed == nil {
		return Merge{}, false
	}
	return e.Feed.Rule, true
}

// sources are the streams that derived ones name as what they are computed from.
func (r *Registry) sources() (streams []string) {
	for _, e := range r.streams {
		if e.Derive != nil {
			streams = append(streams, e.Derive.Streams...)
		}
	}
	return streams
}

// Tables are the tables to open a store with: those of the app, then those of the features that it uses.
func (r *Registry) Tables() []*relation.Table {
	tables := slices.Clip(r.app.Tables)
	for _, f := range r.features() {
		tables = append(tables, f.table)
	}
	return tables
}

// Queries are the queries to open a store with: those of the app, then those of the features that it uses.
func (r *Registry) Queries() []*relation.Query {
	queries := slices.Clip(r.app.Queries)
	for _, f := range r.features() {
		queries = append(queries, f.queries...)
	}
	return queries
}

// feature is a part of the runtime that stores rows of its own, in a system table.
type feature struct {
	table   *relation.Table
	queries []*relation.Query
}

// features are those that the app uses.
func (r *Registry) features() (used []feature) {
	if r.keepsAnswers() {
		used = append(used, feature{idempotency.Table, idempotency.Queries})
	}
	if r.app.Sessions {
		used = append(used, feature{signin.Table, signin.Queries})
	}
	return used
}

// keepsAnswers reports whether the answers of calls are stored: an rpc writes, and a call of it with a key takes effect once.
func (r *Registry) keepsAnswers() bool {
	for _, e := range r.rpcs {
		if e.Mode == Write && !e.Session {
			return true
		}
	}
	return false
}

// maxPayload is the bound of frames and bodies in bytes.
func (r *Registry) maxPayload() int {
	if n := r.app.Settings.MaxPayload; n > 0 {
		return n
	}
	return defaultMaxPayload
}

// App is what a compiled app says of itself as a whole.
type App struct {
	Name     string
	Hash     string // of the contract; the hello message carries it
	Contract []byte // the contract as JSON, with the JSON Schemas that arguments are judged by
	Env      []EnvVar
	Settings Settings
	Tables   []*relation.Table
	Queries  []*relation.Query
	Sessions bool // it reads, starts or ends sessions, which Registry.Tables then has a table for

	// Upgrade says who a connection is, or nil for anonymous. It runs in a transaction, once for a connection and again when a row it read has changed. An error
	// refuses the connection.
	Upgrade func(c *Call) (any, error)
	// UserKey names the user that Upgrade gave, for rate limits, presence and signals.
	UserKey func(user any) string
	// CheckEnv reads the typed settings; it runs once, before the server listens, and names all that is wrong.
	CheckEnv func(lookup func(string) (string, bool)) error
}

// Settings are the app's own server settings. Zero values mean the default.
type Settings struct {
	Origins    []string // further origins that may connect; the server's own always may
	MaxPayload int      // bytes of a frame or body, 64 KiB unless set
}

// EnvVar describes one setting of the app, for messages and the console.
type EnvVar struct {
	Name     string
	Type     string // as written in the language
	Required bool
	Default  string // as written in the language
	Doc      string
}

// Mode is what a call may do to the database. The compiler knows it from the call's effects.
type Mode = invoke.Mode

// The modes.
const (
	Pure  = invoke.Pure  // touches no table: no transaction
	Read  = invoke.Read  // one consistent snapshot
	Write = invoke.Write // one serializable transaction
)

// RPC is one callable entry point. A are its decoded arguments, R its result.
type RPC[A, R any] struct {
	Name     string // module/name, or module/room.name
	Mode     Mode
	Session  bool          // starts or ends a session: served over HTTP
	External bool          // calls outside functions: may be slow. One that writes holds up all other writes, for Timeout at most
	Timeout  time.Duration // 30 s unless set
	RateByIP []Rate
	MaxBytes int // larger frames allowed for this call, for bytes parameters

	// Decode is the fast path: it reads the JSON array of arguments and reports whether it could accept them, with all refinements. It may refuse what is valid:
	// JSON Schema is the judge, on the same bytes, of all that Decode refuses, and Parse then reads what the schema accepted.
	Decode func(args []byte) (A, bool)
	Parse  func(args []byte) (A, error)

	// Call is the generated function: guards, access, rate by user, body.
	Call func(c *Call, a *A) (R, error)

	// Encode appends the result as JSON; nil for an rpc without a result.
	Encode func(dst []byte, r *R) []byte
}

// Stream is one live stream. A are its decoded arguments.
type Stream[A any] struct {
	Name     string
	RateByIP []Rate
	Query    *relation.Query
	Decode   func(args []byte) (A, bool)
	Parse    func(args []byte) (A, error)

	// Open runs guards, access and gate, and gives the parameters of the query. It returns ErrGate when the gate is closed.
	Open func(c *Call, a *A) ([]relation.Value, error)

	Lifecycle Lifecycle[A]
}

// ErrGate is the error of a gate that refuses: silence for the client, no error.
var ErrGate = catalog.ErrGate

// NewRegistry starts the registry of an app. It panics if a table of the app has the name of a system table.
func NewRegistry(app App) *Registry {
	for _, t := range app.Tables {
		if t.System() {
			panic("the table " + t.Name + " has the name of a system table: " + relation.SystemPrefix + "… is reserved for the runtime")
		}
	}
	return &Registry{
		app: app, rpcs: map[string]*catalog.RPC{}, streams: map[string]*catalog.Stream{}, rooms: map[string]*catalog.Room{}, signals: map[string]Signal{},
	}
}

// AddRPC registers an rpc.
func AddRPC[A, R any](r *Registry, rpc RPC[A, R]) {
	r.rpcs[rpc.Name] = &catalog.RPC{
		Spec:     invoke.Spec{Path: rpc.Name, Mode: rpc.Mode, Timeout: rpc.Timeout, External: rpc.External, Session: rpc.Session},
		RateByIP: rpc.RateByIP, MaxBytes: rpc.MaxBytes,
		NewFrame: func() any { return new(frame[A, R]) }, Pool: &sync.Pool{},
		Decode: func(args []byte, into any) (ok bool) {
			r := into.(*frame[A, R])
			r.args, ok = rpc.Decode(args)
			return ok
		},
		Parse: func(args []byte, into any) (err error) {
			r := into.(*frame[A, R])
			r.args, err = rpc.Parse(args)
			return err
		},
		Call: func(in *invoke.Invocation, into any, dst []byte) (_ []byte, err error) {
			r := into.(*frame[A, R])
			if r.result, err = rpc.Call(callOf(in), &r.args); err != nil {
				return nil, err
			}
			if rpc.Encode == nil {
				return append(dst, "null"...), nil
			}
			return rpc.Encode(dst, &r.result), nil
		},
	}
}

// frame is where a call has its arguments and its result, so that neither is allocated for each call.
type frame[A, R any] struct {
	args   A
	result R
}

// AddStream registers a live stream.
func AddStream[A any](r *Registry, s Stream[A]) {
	r.streams[s.Name] = &catalog.Stream{
		Name: s.Name, Kind: catalog.Live, Schema: s.Name, Mode: Read, RateByIP: s.RateByIP, Query: s.Query,
		Decode: decoder(s.Decode), Parse: parser(s.Parse),
		Open: func(in *invoke.Invocation, args any) (catalog.Place, error) {
			params, err := s.Open(callOf(in), args.(*A))
			return catalog.Place{Params: params}, err
		},
		Lifecycle: lifecycleOf(s.Lifecycle),
	}
}

// decoder is Decode without the type of its arguments.
func decoder[A any](decode func([]byte) (A, bool)) func([]byte) (any, bool) {
	return func(args []byte) (any, bool) {
		a, ok := decode(args)
		if !ok {
			return nil, false
		}
		return &a, true
	}
}

// parser is Parse without the type of its arguments.
func parser[A any](parse func([]byte) (A, error)) func([]byte) (any, error) {
	return func(args []byte) (any, error) {
		a, err := parse(args)
		return &a, err
	}
}
