package conn

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/tasks"
)

// TestJobsEase adds more jobs than may wait: whoever reads from the connection waits until few are left, or the connection has ended.
func TestJobsEase(t *testing.T) {
	q := &jobs{conns: &Conns{cfg: Config{Tasks: &tasks.Group{}, Govern: govern.New(nil, 1<<30, nil)}}}
	crowded := q.most()
	next, began := make(chan struct{}), make(chan struct{})
	add := func() { q.add(func() { began <- struct{}{}; <-next }) }
	add()
	<-began // the first does not wait any more
	for range crowded {
		add()
	}
	if q.ease(t.Context()) {
		t.Errorf("waited for %d jobs", crowded)
	}
	add()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if !q.ease(gone) {
		t.Error("did not wait until the connection had ended")
	}
	waits := func() chan struct{} {
		q.mu.Lock()
		defer q.mu.Unlock()
		return q.eased
	}
	before := waits()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	left := make(chan int, 1)
	go func() {
		if !q.ease(ctx) || ctx.Err() != nil {
			left <- -1
			return
		}
		q.mu.Lock()
		defer q.mu.Unlock()
		left <- len(q.queue)
	}()
	for waits() == before && ctx.Err() == nil {
		runtime.Gosched()
	}
	for range crowded/2 + 1 {
		next <- struct{}{}
		<-began
	}
	if n := <-left; n != crowded/2 {
		t.Errorf("went on when %d jobs waited", n)
	}
	for range crowded / 2 {
		next <- struct{}{}
		<-began
	}
	next <- struct{}{}
	if q.ease(ctx) {
		t.Error("waited for no jobs")
	}
}
