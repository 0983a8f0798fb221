package feed

import (
	"testing"

	"github.com/livec-lang/livec/runtime/merge"
)

// TestCover publishes into a stream whose body gives two entries. What events remove or replace is gone for new subscribers too, as it is
// for those who apply the events; when nobody subscribes any more, the body counts again.
func TestCover(t *testing.T) {
	s := newFixture(t)
	f := s.hold(Key{"a/people", "[]"}, &Spec{Rule: merge.Rule{Kind: merge.Presence}, Over: true})
	first := []byte(`[{"key":"1","n":"one"},{"key":"2","n":"two"}]`)
	value := func() (json string, head uint64) {
		t.Helper()
		got, head, err := f.CatchUp().Join(nil, first, 0)
		if err != nil {
			t.Fatal(err)
		}
		return string(got), head
	}
	_, head := value()
	step := func(name, data, want string, sends bool) {
		t.Helper()
		s.publish(f, name, data, nil)
		got, now := value()
		if got != want || (now > head) != sends {
			t.Errorf("%s %s: the value is %s at %d, want %s; it was at %d", name, data, got, now, want, head)
		}
		head = now
	}
	step(merge.Join, `{"key":"3"}`, `[{"key":"1","n":"one"},{"key":"2","n":"two"},{"key":"3"}]`, true)
	step(merge.Leave, `{"key":"1"}`, `[{"key":"2","n":"two"},{"key":"3"}]`, true)
	step(merge.Leave, `{"key":"1"}`, `[{"key":"2","n":"two"},{"key":"3"}]`, false)
	step(merge.Join, `{"key":"1","n":"again"}`, `[{"key":"1","n":"again"},{"key":"2","n":"two"},{"key":"3"}]`, true)
	step(merge.SetAll, `[{"key":"4"}]`, `[{"key":"4"}]`, true)
	step(merge.Leave, `{"key":"2"}`, `[{"key":"4"}]`, false)
	step(merge.Leave, `{"key":"4"}`, `[]`, true)
	step(merge.Join, `{"key":"5"}`, `[{"key":"5"}]`, true)
	s.Release(f, "")
	f = s.hold(f.key, f.spec)
	if got, now := value(); got != `[{"key":"1","n":"one"},{"key":"2","n":"two"},{"key":"5"}]` || now == head {
		t.Errorf("after all have left the value is %s at %d", got, now)
	}
}
