// Package traffic keeps the limits of what clients send and hold: connections, subscriptions, messages and bytes, for each connection,
// user and address and for the server. What a connection has used up, it waits for; what a request has used up, it is refused for.
package traffic

import (
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/fault"
)

// Traffic is that of all clients. Its methods may be called from any goroutine. Addresses are given as networks; see identity.Network.
type Traffic struct {
	govern *govern.Governor

	connections, subscriptions held
	messages, bytes            flow
}

// held counts what clients hold.
type held struct {
	all             *govern.Account
	users, networks *govern.Quotas
}

// flow counts what clients send.
type flow struct {
	connection            limits.ID
	all, users, addresses *govern.Pace
}

// New starts counting.
func New(g *govern.Governor) *Traffic {
	return &Traffic{
		govern: g,
		connections: held{
			g.Account(limits.MaxConnections), g.Quotas(limits.MaxConnectionsPerUser), g.Quotas(limits.MaxConnectionsPerAddress),
		},
		subscriptions: held{
			g.Account(limits.MaxSubscriptions), g.Quotas(limits.MaxSubscriptionsPerUser), g.Quotas(limits.MaxSubscriptionsPerAddress),
		},
		messages: flow{
			limits.MaxMessagesPerConnection,
			g.Pace(limits.MaxMessages), g.Pace(limits.MaxMessagesPerUser), g.Pace(limits.MaxMessagesPerAddress),
		},
		bytes: flow{
			limits.MaxTrafficPerConnection,
			g.Pace(limits.MaxTraffic), g.Pace(limits.MaxTrafficPerUser), g.Pace(limits.MaxTrafficPerAddress),
		},
	}
}

// retryAfter is when a client may try again that was refused, since others hold too much.
const retryAfter = 5 * time.Second

// limited is the error of a client that has its share. The message names the limit.
func limited(message string, id limits.ID, wait time.Duration) *fault.Error {
	return &fault.Error{Code: fault.CodeRateLimited, Message: named(message, id), RetryAfter: wait}
}

// full is the error of a server that has no room, whoever asks. The message names the limit.
func full(message string, id limits.ID, wait time.Duration) *fault.Error {
	return fault.Overloaded(named(message, id), wait)
}

func named(message string, id limits.ID) string { return message + " (limit " + id.String() + ")" }

// Connect counts a connection of an address; Disconnect ends it. It returns the error that the client is shown if there are too many.
func (t *Traffic) Connect(network string) *fault.Error {
	switch c := &t.connections; {
	case !c.networks.Take(network, 1):
		return limited("There are too many connections from this address", limits.MaxConnectionsPerAddress, retryAfter)
	case !c.all.Take(1):
		c.networks.Give(network, 1)
		return full("There are too many connections", limits.MaxConnections, retryAfter)
	}
	return nil
}

// Disconnect ends a connection that Connect has counted.
func (t *Traffic) Disconnect(network string) {
	t.connections.all.Add(-1)
	t.connections.networks.Give(network, 1)
}

// Join counts a connection of a user; Leave ends it. It reports whether there may be another one.
func (t *Traffic) Join(user string) bool { return user == "" || t.connections.users.Take(user, 1) }

// Leave ends a connection that Join has counted.
func (t *Traffic) Leave(user string) {
	if user != "" {
		t.connections.users.Give(user, 1)
	}
}

// Subscribe counts a subscription; Unsubscribe ends it. user is "" for an anonymous caller. It returns the error that the client is shown
// if there are too many.
func (t *Traffic) Subscribe(user, network string) *fault.Error {
	s := &t.subscriptions
	if user != "" && !s.users.Take(user, 1) {
		return limited("This user has too many subscriptions", limits.MaxSubscriptionsPerUser, retryAfter)
	}
	var refused *fault.Error
	if !s.networks.Take(network, 1) {
		refused = limited("There are too many subscriptions from this address", limits.MaxSubscriptionsPerAddress, retryAfter)
	} else if !s.all.Take(1) {
		s.networks.Give(network, 1)
		refused = full("There are too many subscriptions", limits.MaxSubscriptions, retryAfter)
	}
	if refused != nil && user != "" {
		s.users.Give(user, 1)
	}
	return refused
}

// Unsubscribe ends a subscription that Subscribe has counted.
func (t *Traffic) Unsubscribe(user, network string) {
	s := &t.subscriptions
	s.all.Add(-1)
	s.networks.Give(network, 1)
	if user != "" {
		s.users.Give(user, 1)
	}
}

// Request counts a request of an address before its body is read. It returns the error that the client is shown if there are too many.
func (t *Traffic) Request(network string) *fault.Error {
	if wait, id := longer(t.messages.addresses.Take(network, 1), limits.MaxMessagesPerAddress,
		t.bytes.addresses.Take(network, 0), limits.MaxTrafficPerAddress); wait > 0 {
		return limited("Too much comes from this address; try again later", id, wait)
	}
	if wait, id := longer(t.messages.all.Take("", 1), limits.MaxMessages, t.bytes.all.Take("", 0), limits.MaxTraffic); wait > 0 {
		return full("Too many requests come; try again later", id, wait)
	}
	return nil
}

// longer gives the longer one of two waits, and its limit.
func longer(a time.Duration, ofA limits.ID, b time.Duration, ofB limits.ID) (time.Duration, limits.ID) {
	if a >= b {
		return a, ofA
	}
	return b, ofB
}

// Body counts the bytes of a body that an address has sent.
func (t *Traffic) Body(network string, n int) {
	t.bytes.addresses.Owe(network, int64(n))
	t.bytes.all.Owe("", int64(n))
}

// RequestOf counts a request with its body for its user, once that is known; "" for an anonymous caller. It returns the error that the
// client is shown if the user sends too much.
func (t *Traffic) RequestOf(user string, n int) *fault.Error {
	if user == "" {
		return nil
	}
	if wait, id := longer(t.messages.users.Take(user, 1), limits.MaxMessagesPerUser,
		t.bytes.users.Take(user, int64(n)), limits.MaxTrafficPerUser); wait > 0 {
		return limited("This user sends too much; try again later", id, wait)
	}
	return nil
}
