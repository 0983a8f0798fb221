package runtime

import (
	"maps"
	"slices"
	"strings"

	"github.com/livec-lang/livec/internal/weborigin"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/signin"
)

// Registry is everything that a compiled app declares. The generated NewRegistry fills it; it must not change after New.
type Registry struct {
	app     App
	rpcs    map[string]*catalog.RPC
	streams map[string]*catalog.Stream // also channels and the parts of rooms
	rooms   map[string]*catalog.Room
	signals map[string]Signal
}

// MergeOf says how the events of a published stream, a channel or a part of a room change its value. ok is false for all other streams,
// whose events are diff and set.
func (r *Registry) MergeOf(stream string) (m Merge, ok bool) {
	e := r.streams[stream]
	if e == nil || e.Feed == nil {
		return Merge{}, false
	}
	return e.Feed.Rule, true
}

// sources are the streams that derived streams name as sources.
func (r *Registry) sources() (streams []string) {
	for _, e := range r.streams {
		if e.Derive != nil {
			streams = append(streams, e.Derive.Streams...)
		}
	}
	return streams
}

// Tables are the tables that the store must be opened with: those of the app, then those of the features that it uses.
func (r *Registry) Tables() []*relation.Table {
	tables := slices.Clip(r.app.Tables)
	for _, f := range r.features() {
		tables = append(tables, f.table)
	}
	return tables
}

// Queries are the queries that the store must be opened with: those of the app, then those of the features that it uses.
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

// features are the features that the app uses.
func (r *Registry) features() (used []feature) {
	if r.keepsAnswers() {
		used = append(used, feature{idempotency.Table, idempotency.Queries})
	}
	if r.app.Sessions {
		used = append(used, feature{signin.Table, signin.Queries})
	}
	return used
}

// origins are the origins of pages that may connect: those of the app, those in its settings, and more. It needs CheckEnv to have run.
func (r *Registry) origins(more []string) ([]string, error) {
	set := &r.app.Settings
	lists := slices.Concat(set.Origins, more)
	if set.EnvOrigins != nil {
		for _, list := range set.EnvOrigins() {
			if list != nil {
				lists = append(lists, *list)
			}
		}
	}
	return weborigin.List(strings.Join(lists, ","))
}

// originVars are the names of the settings with origins.
func (r *Registry) originVars() []string {
	if r.app.Settings.EnvOrigins == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(r.app.Settings.EnvOrigins()))
}

// keepsAnswers reports whether the answers of calls are stored: whether an rpc writes, so that calls with keys must take effect once.
func (r *Registry) keepsAnswers() bool {
	for _, e := range r.rpcs {
		if e.Mode == Write {
			return true
		}
	}
	return false
}

// App is the declarations of a compiled app that belong to no entry point.
type App struct {
	Name     string
	Hash     string // of the contract; the hello message contains it
	Contract []byte // the contract as JSON, with the JSON Schemas that validate arguments
	Env      []EnvVar
	Settings Settings
	Tables   []*relation.Table
	Queries  []*relation.Query
	Sessions bool // it reads, starts or ends sessions, so Registry.Tables has a table for them

	// Upgrade returns the user of a connection, or nil for an anonymous one. It runs in a transaction, once for each connection and again when
	// a row that it has read changes. An error refuses the connection.
	Upgrade func(c *Call) (any, error)
	// UserKey returns the key of a user of Upgrade, for rate limits, presence and signals.
	UserKey func(user any) string
	// CheckEnv reads the typed settings. It runs once, before the server listens, and its error names all mistakes.
	CheckEnv func(lookup func(string) (string, bool)) error
}

// Settings are the server settings in the app's source. Zero values mean the default.
type Settings struct {
	Origins []string // further origins that may connect; the server's own always may
	// EnvOrigins are settings of Env that hold further origins, separated by commas. It is called after CheckEnv.
	EnvOrigins func() map[string]*string
	Limits     limits.Values // see docs/limits.md; Options.Limits and the environment override them
}

// EnvVar describes one setting of the app, for messages and the console.
type EnvVar struct {
	Name     string
	Type     string // as written in the language
	Required bool
	Default  string // as written in the language
	Doc      string
}

// Mode is how a call may use the database. The compiler derives it from the footprint of the entry point.
type Mode = invoke.Mode

// The modes.
const (
	Pure  = invoke.Pure  // uses no table: no transaction
	Read  = invoke.Read  // one consistent snapshot
	Write = invoke.Write // one serializable transaction
)

// ErrGate is the error of a closed gate. The client gets no data and no error.
var ErrGate = catalog.ErrGate

// NewRegistry starts the registry of an app. It panics if a table of the app has the name of a system table.
func NewRegistry(app App) *Registry {
	for _, t := range app.Tables {
		if t.System() {
			panic("the table " + t.Name + " has the name of a system table: " + relation.SystemPrefix + "… is reserved for the runtime")
		}
	}
	return &Registry{
		app: app, rpcs: map[string]*catalog.RPC{}, streams: map[string]*catalog.Stream{},
		rooms: map[string]*catalog.Room{}, signals: map[string]Signal{},
	}
}

// register adds a declaration by its name. It panics if there is one with this name: generated code fills a registry, so that is a bug.
func register[T any](all map[string]T, kind, name string, e T) {
	if _, taken := all[name]; taken {
		panic("runtime: the " + kind + " " + name + " is registered twice")
	}
	all[name] = e
}
