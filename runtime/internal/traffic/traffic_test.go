package traffic

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/fault"
)

// refuses checks an error: its code, and the limit that it names.
func refuses(t *testing.T, got *fault.Error, code string, id limits.ID) {
	t.Helper()
	if got == nil || got.Code != code || !strings.Contains(got.Message, "(limit "+id.String()+")") || got.RetryAfter <= 0 {
		t.Errorf("%v, want %s by %s, with a time to try again", got, code, id)
	}
}

// TestHeld holds as much as the limits allow. What is refused takes nothing, and what is given back can be taken again.
func TestHeld(t *testing.T) {
	g := govern.New(limits.Values{
		limits.MaxConnections: 3, limits.MaxConnectionsPerAddress: 2, limits.MaxConnectionsPerUser: 1,
		limits.MaxSubscriptions: 3, limits.MaxSubscriptionsPerAddress: 2, limits.MaxSubscriptionsPerUser: 1,
	}, 1<<30, nil)
	traffic := New(g)
	connect := func(network string) {
		t.Helper()
		if err := traffic.Connect(network); err != nil {
			t.Error(err)
		}
	}
	connect("a")
	connect("a")
	for range 3 {
		refuses(t, traffic.Connect("a"), fault.CodeRateLimited, limits.MaxConnectionsPerAddress)
	}
	connect("b")
	for range 3 {
		refuses(t, traffic.Connect("c"), fault.CodeOverloaded, limits.MaxConnections)
	}
	traffic.Disconnect("a")
	connect("c")
	if !traffic.Join("u") || traffic.Join("u") || !traffic.Join("") || !traffic.Join("") {
		t.Error("a user has one connection, and nobody as many as there are")
	}
	traffic.Leave("u")
	if !traffic.Join("u") {
		t.Error("a user who has left may join again")
	}

	subscribe := func(user, network string) {
		t.Helper()
		if err := traffic.Subscribe(user, network); err != nil {
			t.Error(err)
		}
	}
	subscribe("u", "a")
	subscribe("", "a")
	for range 3 {
		refuses(t, traffic.Subscribe("u", "b"), fault.CodeRateLimited, limits.MaxSubscriptionsPerUser)
		refuses(t, traffic.Subscribe("v", "a"), fault.CodeRateLimited, limits.MaxSubscriptionsPerAddress)
	}
	subscribe("v", "b")
	for range 3 {
		refuses(t, traffic.Subscribe("w", "c"), fault.CodeOverloaded, limits.MaxSubscriptions)
	}
	traffic.Unsubscribe("u", "a")
	subscribe("u", "c")
	if n := g.Account(limits.MaxSubscriptions).Used(); n != 3 {
		t.Errorf("%d subscriptions are counted", n)
	}
}

// TestRequests sends more than each limit allows: the refusal names the limit that one has to wait for.
func TestRequests(t *testing.T) {
	// flood sends until it is refused.
	flood := func(send func() *fault.Error) *fault.Error {
		for range 1000 {
			if err := send(); err != nil {
				return err
			}
		}
		return nil
	}
	for _, c := range []struct {
		limit limits.ID
		value int64
		code  string
		send  func(traffic *Traffic) *fault.Error
	}{
		{limits.MaxMessagesPerAddress, 1, fault.CodeRateLimited, func(x *Traffic) *fault.Error { return x.Request("a") }},
		{limits.MaxMessages, 1, fault.CodeOverloaded, func(x *Traffic) *fault.Error { return x.Request("a") }},
		{limits.MaxMessagesPerUser, 1, fault.CodeRateLimited, func(x *Traffic) *fault.Error { return x.RequestOf("u", 0) }},
		{limits.MaxTrafficPerUser, 1024, fault.CodeRateLimited, func(x *Traffic) *fault.Error { return x.RequestOf("u", 2048) }},
		{limits.MaxTrafficPerAddress, 1024, fault.CodeRateLimited, func(x *Traffic) *fault.Error { x.Body("a", 2048); return x.Request("a") }},
		{limits.MaxTraffic, 1024, fault.CodeOverloaded, func(x *Traffic) *fault.Error { x.Body("a", 2048); return x.Request("a") }},
	} {
		traffic := New(govern.New(limits.Values{c.limit: c.value}, 1<<30, nil))
		refuses(t, flood(func() *fault.Error { return c.send(traffic) }), c.code, c.limit)
	}
	traffic := New(govern.New(limits.Values{limits.MaxMessagesPerUser: 1}, 1<<30, nil))
	if err := flood(func() *fault.Error { return traffic.RequestOf("", 1) }); err != nil {
		t.Errorf("nobody has a limit of users: %v", err)
	}
}
