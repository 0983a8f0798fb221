// Package bus carries messages from those who publish to a channel to all subscribers of the channel. They are the servers of one app, in
// one process or in several. A server publishes all events of feeds and all signals on its bus, also those for its own clients.
//
// Every implementation guarantees the following, and package bustest checks it:
//
//   - Delivery is at most once. A message may be lost, for example while a connection is down, but is never delivered twice. A subscriber
//     gets the messages that were published after Subscribe has returned.
//   - Each channel has one order. All handlers of a channel, in all processes, get its messages in that order, and messages of one
//     goroutine arrive in the order of its calls. Different channels are independent.
//   - The publisher's own process is no exception: its handlers get the message once, as all others do.
//   - Publish does not wait for handlers in other processes or for the network. It is called before a commit is answered, so an
//     implementation over a network puts the message into a bounded queue, and fails if the queue is full.
//   - Subscribe may wait, up to the deadline of its context.
//
// The bus stores nothing. The state that a new subscriber gets, and the events that a client has missed, are the matter of package topic.
package bus

import "context"

// Channel names a channel, by the kind of thing that it is about and by which one. Both may be any text.
type Channel struct{ Kind, Key string }

// Message is one message. It has data only, so that any implementation can encode it.
type Message struct {
	Event  string // the name of the event
	Data   []byte // JSON; after Publish, neither publishers nor handlers change it
	Commit uint64 // the sequence of the commit that has published it; 0 for none
	Owner  string // the client whose entry Data is; "" for none
	Caller string // for whom the memory of the event counts; "" if that is not known
}

// Handler is called with the messages of a channel, one at a time. It must not block, and must not publish to the same channel.
type Handler func(m Message)

// Healthy is a bus that knows whether it works. A Bus may implement it: a server whose bus does not work is not ready for clients, since
// they would miss what others do. The bus itself logs why.
type Healthy interface {
	// Health is why messages do not get through at present, such as a lost connection; nil if they do. It does not wait.
	Health() error
}

// Bus connects the servers of an app. It is safe for concurrent use.
type Bus interface {
	// Publish sends a message to all handlers of a channel; it succeeds if there are none. After an error some handlers may have got the
	// message, and nothing sends it again.
	Publish(ctx context.Context, to Channel, m Message) error

	// Subscribe calls h with each message that is published to a channel after Subscribe has returned, until unsubscribe is called.
	// unsubscribe does not wait: h may still get a message that is being delivered. Calling unsubscribe again does nothing.
	Subscribe(ctx context.Context, to Channel, h Handler) (unsubscribe func(), err error)
}
