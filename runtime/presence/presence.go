// Package presence keeps the members of rooms, over all servers of an app. A member is one user; a user may be in a room with several
// connections, on several servers.
//
// Every implementation guarantees the following, and package presencetest checks it:
//
//   - A member joins with its first connection. It leaves when it has had no connection for the grace time; a user who returns within that
//     time causes no change.
//   - A connection ends with Remove. If a server ends without Remove, its connections count as removed after a time that the implementation
//     states.
//   - Watchers of a room, on all servers, get its changes in one order, each once. There is no change if nothing changes for them.
//   - Methods may wait, up to the deadline of their context. After an error the call may or may not have had its effect.
package presence

import (
	"context"
	"errors"
)

// ErrClosed is the error of a manager that was closed.
var ErrClosed = errors.New("the presence manager is closed")

// Room names a room, by its kind and by which one it is. Both may be any text.
type Room struct{ Kind, Key string }

// Member is one user in a room.
type Member struct {
	Key  string // of the user; no other member of the room has it
	Info []byte // JSON; the bytes must not be changed
}

// ChangeKind is a kind of change.
type ChangeKind uint8

// The kinds of changes.
const (
	Joined  ChangeKind = iota + 1
	Updated            // the member has another Info
	Left               // Info is nil
)

// Change is a change of a room.
type Change struct {
	Kind ChangeKind
	Member
}

// Handler is called with the changes of a room, one at a time. It must not block, and must not call the Manager.
type Handler func(Change)

// Manager keeps the members of rooms. Its methods may be called from any goroutine.
//
// A member shows the info that its user has set by Override. If there is none, it shows the info that the server has set last, by Add or
// Update.
type Manager interface {
	// Add adds a connection of a member, and sets the server's info.
	Add(ctx context.Context, r Room, m Member) error

	// Remove removes a connection of a member. It does nothing if the member has none.
	Remove(ctx context.Context, r Room, key string) error

	// Update sets the server's info of a member. It does nothing if the member is not in the room.
	Update(ctx context.Context, r Room, m Member) error

	// Override sets the user's own info of a member, until the member leaves. It does nothing if the member is not in the room.
	Override(ctx context.Context, r Room, m Member) error

	// Watch calls h with Joined for each member of a room, and then with each change, until stop is called. When Watch returns, h has been
	// called for all members. stop does not wait: h may still get a change that is being delivered. Calling stop again does nothing.
	Watch(ctx context.Context, r Room, h Handler) (stop func(), err error)

	// Close ends the manager: this server's connections are removed, and handlers are not called any more. Later calls return
	// ErrClosed.
	Close() error
}
