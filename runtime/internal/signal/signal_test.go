package signal

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/livec-lang/livec/runtime/bus"
)

type receiver struct {
	got    []string
	closed bool
}

func (r *receiver) Offer(message []byte) { r.got = append(r.got, string(message)) }
func (r *receiver) Closed() bool         { return r.closed }

// TestSignals has two servers with three connections of one user.
func TestSignals(t *testing.T) {
	b := bus.NewMemory()
	one, two := New(b), New(b)
	var first, second, third, stranger receiver
	join := func(s *Users, key string, r *receiver) {
		t.Helper()
		if err := s.Join(t.Context(), key, r); err != nil {
			t.Fatal(err)
		}
	}
	join(one, "ann", &first)
	join(one, "ann", &first) // again
	join(one, "ann", &second)
	join(two, "ann", &third)
	join(one, "bob", &stranger)
	join(one, "", &stranger)
	send := func(s *Users, key string, want int) {
		t.Helper()
		if n, err := s.Send(t.Context(), "chat/ping", key, []byte(`[1]`)); n != want || err != nil {
			t.Errorf("%d connections of %q were reached, want %d; %v", n, key, want, err)
		}
	}
	send(one, "ann", 2)
	send(two, "ann", 1)
	send(two, "bob", 0)
	send(one, "", 0)
	second.closed = true
	send(one, "ann", 1)
	if n := one.Connections("ann"); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
	one.Leave("ann", &first)
	one.Leave("ann", &second)
	one.Leave("ann", &second)
	send(one, "ann", 0)
	for i, want := range []int{3, 2, 4, 1} {
		r := []*receiver{&first, &second, &third, &stranger}[i]
		if len(r.got) != want || !slices.Contains(r.got, `{"t":"sig","m":"chat/ping","a":[1]}`) {
			t.Errorf("connection %d got %q, want %d", i, r.got, want)
		}
	}
	if one.Delivered() != 6 || two.Delivered() != 4 || len(one.users) != 1 {
		t.Errorf("%d and %d were delivered, %d users are left", one.Delivered(), two.Delivered(), len(one.users))
	}
}

// TestJoinFails checks that nothing is left behind if the bus cannot be used.
func TestJoinFails(t *testing.T) {
	s := New(bus.NewMemory())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var r receiver
	if err := s.Join(ctx, "ann", &r); !errors.Is(err, context.Canceled) || s.Connections("ann") != 0 {
		t.Errorf("%v, %d connections", err, s.Connections("ann"))
	}
	if n, err := s.Send(ctx, "chat/ping", "ann", nil); n != 0 || err == nil {
		t.Errorf("%d were reached, %v", n, err)
	}
}
