// Package play runs an app of many random modules by a script, as its clients would, and writes down all that comes out of it. It is
// linked into the app under test.
package play

// Script is what is done to an app of random modules, and what must not come out of it.
type Script struct {
	Common  [2][]string // canaries in the rows of users, of each of the two databases
	Key     [2]string   // the secret setting of the app, with each of the two databases
	Before  []Step      // makes the users
	Modules []Module
	Callers bool // it is one of the caller test
}

// Each stands for each of the callers, in some order. Writer is somebody who only writes: what others are shown of it is the same
// whoever they are.
const (
	Each   = -1
	Writer = 3
)

// Module is what is done to one of the modules.
type Module struct {
	Name     string
	Canaries [2][]string // in the secret columns of its tables, of each of the two databases: texts as they are stored
	Steps    []Step
	Presence bool // of the caller test: its streams show each caller's entry to all
	Policy   bool // of the caller test: what is private may be shown to its owner only
}

// Step is one thing that a client does.
type Step struct {
	Do    Verb
	Who   int       // which of the callers
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
	Advance   Verb = "advance"   // the clock, so that what is throttled leaves
	Overview  Verb = "overview"  // reads which rooms are open
)

// Finding is something that came out and should not have.
type Finding struct {
	Module string
	Step   string // what was done
	// What is wrong. "canary": a piece of a secret; "differs": the two databases can be told apart; "contract": a schema shows a secret field;
	// "answer": that of another caller; "set": a client has set a secret; "panic": the server has failed.
	What string
	Text string // what came out
}

func (f Finding) String() string { return f.Module + " " + f.Step + ": " + f.What + ": " + f.Text }
