package sqlite

import (
	"testing"
	"time"
)

// TestSlow has entry points that take long always, once, and now and then.
func TestSlow(t *testing.T) {
	const ms = time.Millisecond
	now := time.Now()
	for name, test := range map[string]struct {
		took []time.Duration
		long bool
	}{
		"very long, once":      {[]time.Duration{5000 * ms}, true},
		"long, once":           {[]time.Duration{ms, 100 * ms, ms}, false},
		"long, always":         {[]time.Duration{100 * ms, 100 * ms, 100 * ms}, true},
		"very long, then fast": {[]time.Duration{1000 * ms, ms, ms, ms, ms, ms, ms, ms}, false},
		"fast":                 {[]time.Duration{ms, ms}, false},
	} {
		s := newSlow(50 * ms)
		for _, d := range test.took {
			s.took(name, d, now)
		}
		if s.is(name) != test.long {
			t.Errorf("%s: it is long: %v", name, !test.long)
		}
	}
	s := newSlow(50 * ms)
	s.goesOn("m/scan", 60*ms, now)
	s.goesOn("m/old", 60*ms, now.Add(-2*slowFor))
	if !s.is("m/scan") || s.is("m/old") || s.is("") {
		t.Errorf("what goes on counts at once, until it is forgotten: %v", s.of)
	}
}
