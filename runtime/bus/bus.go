// Package bus carries messages from whoever publishes to a channel to all who are subscribed to it: the servers of one app, in one
// process or in several. A server publishes all events of feeds and all signals through its bus, also those for its own clients.
//
// An implementation promises this, and package bustest checks it:
//
//   - Delivery is at most once. A message may be lost, for example while a connection is down, but never comes twice. Who subscribes
//     gets the messages published after Subscribe has returned.
//   - Each channel has one order. All handlers of a channel, in all processes, get its messages in that order, and messages that one
//     goroutine has published get there in the order of its calls. Different channels are independent.
//   - A publisher's own process is no exception: its handlers get the message as all others do, once.
//   - Publish does not wait for handlers elsewhere or for the network. It is called where a commit is about to be answered, so an
//     implementation over a network puts the message in a queue with a bound, and fails where that is full.
//   - Subscribe may wait, up to the deadline of its context.
//
// The bus keeps nothing. What a newcomer is shown of earlier messages, and how a client finds the events it has missed, is the matter
// of package topic.
package bus

import "context"

// Channel names a channel: the kind of what it is about, and which one. Both may be any text.
type Channel struct{ Kind, Key string }

// Message is one message. Its fields are data, so that any implementation can encode them.
type Message struct {
	Event  string // what has happened
	Data   []byte // as JSON. Neither publishers nor handlers change it after Publish
	Commit uint64 // the sequence of the commit that it comes from; 0 for none
	Owner  string // names the client that Data is an entry of; "" for none
}

// Handler is called with the messages of a channel, one at a time. It must not block, and must not publish to the same channel.
type Handler func(m Message)

// Bus is a way between servers. Its methods may be called from any goroutine.
type Bus interface {
	// Publish sends a message to all handlers of a channel. It is no error if there are none. After an error some handlers may have
	// the message, and nobody tries again.
	Publish(ctx context.Context, to Channel, m Message) error

	// Subscribe has h called with each message published to a channel after Subscribe has returned, until unsubscribe is called.
	// unsubscribe does not wait: a message that is on its way may still come. To call it again does nothing.
	Subscribe(ctx context.Context, to Channel, h Handler) (unsubscribe func(), err error)
}
