package intake

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
)

// made is an Intake with a memory of 1 mb, and 10 s for each part.
func made() (*Intake, *govern.Governor) {
	g := govern.New(limits.Values{limits.MaxQueueMemory: 1 << 20, limits.BodyWait: 10_000}, 1<<30, nil)
	return New(g), g
}

// TestParts ends a message whose part does not come in time, and none that goes on.
func TestParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, g := made()
		ended := make(chan limits.ID, 9)
		m := in.Message("", func(id limits.ID) { ended <- id })
		m.Await()
		for range 5 {
			<-time.After(9 * time.Second)
			m.Arrived(partSize)
			m.Await() // does not count again
		}
		<-time.After(9 * time.Second)
		m.Arrived(partSize - 1)
		if synctest.Wait(); len(ended) > 0 {
			t.Fatal("it went on")
		}
		<-time.After(2 * time.Second)
		if synctest.Wait(); len(ended) != 1 || <-ended != limits.BodyWait || g.ReachedTotal(limits.BodyWait) != 1 {
			t.Error("a part is not complete")
		}
		m.End()
		m = in.Message("", func(limits.ID) { t.Error("it is whole") })
		m.Await()
		m.Whole()
		<-time.After(time.Minute)
		m.End()
	})
}

// TestEndsAreSpread ends many messages that are due at once over an eighth of their time.
func TestEndsAreSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, _ := made()
		const many = 1000
		var ended atomic.Int64
		for range many {
			in.Message("", func(limits.ID) { ended.Add(1) }).Await()
		}
		<-time.After(10*time.Second + 300*time.Millisecond)
		if synctest.Wait(); ended.Load() < many/4 || ended.Load() > many*3/4 {
			t.Errorf("%d have ended after a quarter of the time", ended.Load())
		}
		<-time.After(time.Second)
		if synctest.Wait(); ended.Load() != many {
			t.Errorf("%d have ended", ended.Load())
		}
	})
}

// TestMakeRoom has the largest of those that send nothing make room.
func TestMakeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, g := made()
		for _, size := range []int64{300 << 10, 500 << 10, 200 << 10} {
			var m *Message
			m = in.Message("", func(id limits.ID) {
				if size != 500<<10 || id != limits.MaxQueueMemory {
					t.Errorf("%d made room for %v", size, id)
				}
				go m.End()
			})
			m.Hold(size)
			m.Await()
		}
		began := time.Now()
		m := in.Message("", nil)
		if waited, reached := m.Hold(400 << 10); !waited || reached != 0 {
			t.Error("there is no room")
		}
		if d := time.Since(began); d < patience || d >= roomWait {
			t.Errorf("it took %s", d)
		}
		m.End()
		if used := g.Account(limits.MaxQueueMemory).Used(); used != 500<<10 || in.leaving != 0 {
			t.Errorf("%d are in use, %d leave", used, in.leaving)
		}
	})
}

// TestNoRoom waits for memory that others than clients hold.
func TestNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, g := made()
		g.Account(limits.MaxQueueMemory).Add(1 << 20)
		m := in.Message("", nil)
		if waited, reached := m.Hold(1); !waited || reached != limits.MaxQueueMemory {
			t.Error("there is no memory")
		}
		m.End()
		g.Account(limits.MaxQueueMemory).Add(-1 << 20)
		if _, reached := in.Message("", nil).Hold(1); reached != 0 {
			t.Error("there is memory")
		}
	})
}
