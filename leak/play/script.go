// Package play runs an app of many random modules, does the steps of a script as clients would, and records all output. It is linked into
// the app under test.
package play

// Script is what clients do with an app of random modules, and what must not be in the output.
type Script struct {
	Common  [2][]string // canaries in the rows of users, for each of the two databases
	Key     [2]string   // the secret setting of the app, for each of the two databases
	Before  []Step      // inserts the users
	Modules []Module
	Callers bool // it is for TestCallers
}

// Each stands for all callers, in some order. Writer is a caller who only writes: what others see of it does not depend on them.
const (
	Each   = -1
	Writer = 3
)

// Module is the steps for one module.
type Module struct {
	Name     string
	Canaries [2][]string // in the secret columns of its tables, for each of the two databases: texts as they are stored
	Steps    []Step
	Presence bool // of TestCallers: its streams show each caller's entry to all callers
	Policy   bool // of TestCallers: private rows may be shown to their owner only
}

// Step is one thing that a client does.
type Step struct {
	Do    Verb
	Who   int       // index of the caller
	Name  string    // module/name
	Args  [2]string // a JSON array, for each of the two databases
	Event string    // of Publish
	Entry string    // of Publish, as JSON
	Fails bool      // it sets what no client may set, so it must fail
}

// Verb is a kind of step.
type Verb string

// The verbs.
const (
	Call      Verb = "call"      // an rpc over the socket
	Post      Verb = "post"      // an rpc over HTTP
	Get       Verb = "get"       // a stream over HTTP
	Events    Verb = "events"    // a stream as server-sent events
	Subscribe Verb = "subscribe" // to a stream, over the socket
	Publish   Verb = "publish"   // into a channel
	Advance   Verb = "advance"   // the clock, so that throttled events are sent
	Overview  Verb = "overview"  // lists the open rooms
)

// Finding is output that should not be there.
type Finding struct {
	Module string
	Step   string // the step that has caused it
	// What is wrong. "canary": a piece of a secret; "differs": the output of the two databases differs; "contract": a schema shows a secret
	// field; "answer": the answer to another caller; "set": a client has set a secret; "panic": the server has failed.
	What string
	Text string // the output
}

func (f Finding) String() string { return f.Module + " " + f.Step + ": " + f.What + ": " + f.Text }
