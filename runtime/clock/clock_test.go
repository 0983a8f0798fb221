package clock

import (
	"fmt"
	"testing"
	"time"
)

func TestManual(t *testing.T) {
	start := time.Unix(1000, 0)
	c := NewManual(start)
	var ran []string
	note := func(name string) func() {
		return func() { ran = append(ran, fmt.Sprint(name, "@", c.Now().Sub(start))) }
	}
	c.AfterFunc(3*time.Second, note("c"))
	c.AfterFunc(time.Second, note("a"))
	c.AfterFunc(time.Second, note("b")) // due after a, though made before it
	stopped := c.AfterFunc(2*time.Second, note("never"))
	c.AfterFunc(2*time.Second, func() { c.AfterFunc(500*time.Millisecond, note("made on the way")) })
	if !stopped() || stopped() {
		t.Error("a timer is stopped once")
	}
	between := 0
	c.Advance(2900*time.Millisecond, func() { between++ })
	if want := "[a@1s b@1s made on the way@2.5s]"; fmt.Sprint(ran) != want || between != 5 {
		t.Errorf("ran %v with %d pauses, want %s", ran, between, want)
	}
	if c.Now() != start.Add(2900*time.Millisecond) || c.Timers() != 1 {
		t.Errorf("it is %s and %d timers wait", c.Now(), c.Timers())
	}
	c.Advance(time.Hour, nil)
	c.AfterFunc(-time.Second, note("late"))
	c.Advance(0, nil)
	if want := "late@1h0m2.9s"; ran[len(ran)-1] != want {
		t.Errorf("ran %v, want %s", ran, want)
	}
}

func TestSystem(t *testing.T) {
	done := make(chan struct{})
	System{}.AfterFunc(0, func() { close(done) })
	<-done
	if stop := (System{}).AfterFunc(time.Hour, func() {}); !stop() {
		t.Error("a timer that waits cannot be stopped")
	}
	if d := time.Since(System{}.Now()); d < 0 {
		t.Errorf("now lies ahead by %s", -d)
	}
}
