// Package contract defines the contract of an app as JSON. The compiler writes it; argument validation, the HTTP entry points, the console
// and tools read it.
package contract

import "encoding/json"

// The parts of a room. The name of a part follows that of the room, after a dot.
const (
	DataPart     = ".data"
	PresencePart = ".presence"
	CursorsPart  = ".cursors"
)

// Contract describes an app to its clients: its modules with their entry points, and its named types as JSON Schemas (2020-12).
type Contract struct {
	Name    string                     `json:"name"`
	Hash    string                     `json:"hash"`
	Modules []Module                   `json:"modules"`
	Defs    map[string]json.RawMessage `json:"$defs"` // JSON Schema 2020-12 of each named type
}

// Module is one module of the contract.
type Module struct {
	Name        string       `json:"name"`
	Doc         string       `json:"doc,omitempty"`
	EntryPoints []EntryPoint `json:"entryPoints"`
}

// EntryPoint is one entry point.
type EntryPoint struct {
	Kind    string          `json:"kind"` // the keyword: rpc, stream, …
	Name    string          `json:"name"` // module/name
	Hash    string          `json:"hash"` // of what its clients depend on
	Doc     string          `json:"doc,omitempty"`
	Params  []Param         `json:"params"`
	Args    json.RawMessage `json:"args"`             // JSON Schema of the argument array; refers to #/$defs/…
	Type    string          `json:"type,omitempty"`   // of the result, as written in the language
	Result  json.RawMessage `json:"result,omitempty"` // JSON Schema of the result or the stream's value
	Access  string          `json:"access"`           // "public", or the guards and access rules as written
	Errors  []string        `json:"errors,omitempty"` // the codes that it can fail with
	Session bool            `json:"session,omitempty"`
	Writes  []string        `json:"writes,omitempty"` // tables
	Reads   []string        `json:"reads,omitempty"`
	Merge   string          `json:"merge,omitempty"` // as written, with its key: "latest 100", "crud key sku"
	Paged   bool            `json:"paged,omitempty"` // clients can load further pages

	Publishes []string `json:"publishes,omitempty"` // streams and channels
	Signals   []string `json:"signals,omitempty"`

	// Event is the JSON Schema of what clients publish to a channel, without the key that the server adds.
	Event    json.RawMessage `json:"event,omitempty"`
	Data     *Part           `json:"data,omitempty"` // parts of a room
	Presence *Part           `json:"presence,omitempty"`
	Cursors  *Part           `json:"cursors,omitempty"`
}

// Part is one part of a room: the value that clients get, and what they may publish to it.
type Part struct {
	Type   string          `json:"type"`
	Result json.RawMessage `json:"result"`
	Event  json.RawMessage `json:"event,omitempty"` // as in EntryPoint; presence has it only if clients may change their own
	Paged  bool            `json:"paged,omitempty"`
}

// Param is one parameter.
type Param struct {
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Optional bool            `json:"optional,omitempty"`
	Doc      string          `json:"doc,omitempty"`
	Schema   json.RawMessage `json:"schema"`
}

// Published are the schemas of what clients publish to an entry point and to its parts, by the names of these.
func (e *EntryPoint) Published() map[string]json.RawMessage {
	all := map[string]json.RawMessage{}
	if e.Event != nil {
		all[e.Name] = e.Event
	}
	if e.Presence != nil && e.Presence.Event != nil {
		all[e.Name+PresencePart] = e.Presence.Event
	}
	if e.Cursors != nil && e.Cursors.Event != nil {
		all[e.Name+CursorsPart] = e.Cursors.Event
	}
	return all
}
