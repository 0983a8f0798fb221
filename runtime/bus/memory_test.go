package bus_test

import (
	"testing"

	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/bus/bustest"
)

func TestMemory(t *testing.T) {
	bustest.Run(t, func(*testing.T) func() bus.Bus {
		b := bus.NewMemory()
		return func() bus.Bus { return b }
	})
}

// TestMemoryIsSynchronous checks that handlers have run when Publish returns, and that publishing does not allocate.
func TestMemoryIsSynchronous(t *testing.T) {
	b := bus.NewMemory()
	n := 0
	to := bus.Channel{Kind: "a/b", Key: "[]"}
	if _, err := b.Subscribe(t.Context(), to, func(bus.Message) { n++ }); err != nil {
		t.Fatal(err)
	}
	m := bus.Message{Event: "set", Data: []byte("1")}
	allocated := testing.AllocsPerRun(100, func() {
		if err := b.Publish(t.Context(), to, m); err != nil {
			t.Fatal(err)
		}
	})
	if n != 101 || allocated != 0 {
		t.Errorf("%d calls and %v allocations", n, allocated)
	}
}

func BenchmarkMemory(b *testing.B) {
	m, to := bus.NewMemory(), bus.Channel{Kind: "chat/typing", Key: `["lobby"]`}
	n := 0
	if _, err := m.Subscribe(b.Context(), to, func(bus.Message) { n++ }); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = m.Publish(b.Context(), to, bus.Message{Event: "update", Data: []byte("{}")})
	}
}
