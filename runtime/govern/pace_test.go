package govern

import (
	"strconv"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
)

func TestBucket(t *testing.T) {
	var b Bucket
	now := time.Hour
	const rate = 100
	for i := range 400 { // four seconds' worth
		if wait := b.take(1, rate, now); wait != 0 {
			t.Fatalf("token %d: wait %s", i, wait)
		}
	}
	if wait := b.take(1, rate, now); wait != 10*time.Millisecond {
		t.Errorf("beyond the burst: wait %s", wait)
	}
	if wait := b.take(1, rate, now+10*time.Millisecond); wait != 0 {
		t.Errorf("after the wait: wait %s", wait)
	}
	if wait := b.owe(50, rate, now+10*time.Millisecond); wait != 500*time.Millisecond {
		t.Errorf("a debt: wait %s", wait)
	}
	if wait := b.owe(1<<40, rate, now); wait != maxDebt {
		t.Errorf("a debt without end: wait %s", wait)
	}
	if wait := b.take(400, rate, now+time.Minute); wait != 0 {
		t.Errorf("later: wait %s", wait)
	}
}

func TestPaceKeepsFewKeys(t *testing.T) {
	g := New(limits.Values{limits.MaxMessagesPerAddress: 1}, 1<<30, nil)
	p := g.Pace(limits.MaxMessagesPerAddress)
	for i := range p.shards {
		for k := range 10 * minPaces { // all of them were full long ago
			p.shards[i].buckets[strconv.Itoa(k)] = 0
		}
	}
	for i := range 1000 {
		p.Take("new"+strconv.Itoa(i), 1)
	}
	if n := p.Len(); n > 1000 {
		t.Errorf("%d keys are kept", n)
	}
	for range 4 {
		p.Take("x", 1)
	}
	if wait := p.Take("x", 1); wait <= 0 || g.ReachedTotal(limits.MaxMessagesPerAddress) != 1 {
		t.Errorf("wait %s, reached %d", wait, g.ReachedTotal(limits.MaxMessagesPerAddress))
	}
	if wait := p.Take("y", 1); wait != 0 {
		t.Errorf("another key waits %s", wait)
	}
}
