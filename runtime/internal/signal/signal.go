// Package signal sends signals to users, through the bus of the server. It knows the connections of each user to this server.
package signal

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/wire"
)

// Receiver is a connection that gets signals.
type Receiver interface {
	Offer(message []byte)
	Closed() bool // nothing is sent any more
}

// Users are the users with a connection to this server.
type Users struct {
	bus       bus.Bus
	delivered atomic.Uint64

	mu    sync.Mutex
	users map[string]*user // by their key
}

type user struct {
	receivers map[Receiver]struct{} // guarded by Users.mu

	joining     sync.Mutex
	unsubscribe func() // nil until this server is subscribed to the channel of the user; guarded by joining
}

// New makes the users of a server, who get the signals of a bus.
func New(b bus.Bus) *Users { return &Users{bus: b, users: map[string]*user{}} }

// joinWait bounds how long a connection waits for the bus.
const joinWait = 10 * time.Second

func channelOf(key string) bus.Channel { return bus.Channel{Kind: "user", Key: key} }

// Join adds a connection to the user with a key. When it returns, the connection gets all signals to the user. The key "" is that of
// anonymous users, who get none.
func (s *Users) Join(ctx context.Context, key string, r Receiver) error {
	if key == "" {
		return nil
	}
	s.mu.Lock()
	u := s.users[key]
	if u == nil {
		u = &user{receivers: map[Receiver]struct{}{}}
		s.users[key] = u
	}
	u.receivers[r] = struct{}{}
	s.mu.Unlock()
	if err := s.subscribe(ctx, key, u); err != nil {
		s.Leave(key, r)
		return err
	}
	return nil
}

func (s *Users) subscribe(ctx context.Context, key string, u *user) error {
	u.joining.Lock()
	defer u.joining.Unlock()
	if u.unsubscribe != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, joinWait)
	defer cancel()
	var err error
	u.unsubscribe, err = s.bus.Subscribe(ctx, channelOf(key), func(m bus.Message) { s.deliver(u, m) })
	return err
}

// Leave removes a connection from the user with a key.
func (s *Users) Leave(key string, r Receiver) {
	s.mu.Lock()
	u := s.users[key]
	if u == nil {
		s.mu.Unlock()
		return
	}
	delete(u.receivers, r)
	empty := len(u.receivers) == 0
	if empty {
		delete(s.users, key)
	}
	s.mu.Unlock()
	if !empty {
		return
	}
	u.joining.Lock()
	defer u.joining.Unlock()
	if u.unsubscribe != nil {
		u.unsubscribe()
	}
}

// Connections is the number of connections to this server that the user with a key has.
func (s *Users) Connections(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[key]; u != nil {
		return len(u.receivers)
	}
	return 0
}

// Delivered is the number of signals that were passed to connections.
func (s *Users) Delivered() uint64 { return s.delivered.Load() }

// Send sends a signal to all connections of the user with a key. args is a JSON array. reached is the number of open connections that the
// user has to this server; those to other servers get the signal too.
func (s *Users) Send(ctx context.Context, name, key string, args []byte) (reached int, err error) {
	if key == "" {
		return 0, nil
	}
	s.mu.Lock()
	if u := s.users[key]; u != nil {
		reached = len(u.open())
	}
	s.mu.Unlock()
	if err := s.bus.Publish(ctx, channelOf(key), bus.Message{Event: name, Data: args}); err != nil {
		return 0, err
	}
	return reached, nil
}

// deliver passes a signal to the connections of a user.
func (s *Users) deliver(u *user, m bus.Message) {
	s.mu.Lock()
	open := u.open()
	s.mu.Unlock()
	if len(open) == 0 {
		return
	}
	message := wire.AppendSig(nil, m.Event, m.Data)
	for _, r := range open {
		r.Offer(message)
	}
	s.delivered.Add(uint64(len(open)))
}

// open lists the connections that are open. The caller holds Users.mu.
func (u *user) open() []Receiver {
	open := make([]Receiver, 0, len(u.receivers))
	for r := range u.receivers {
		if !r.Closed() {
			open = append(open, r)
		}
	}
	return open
}
