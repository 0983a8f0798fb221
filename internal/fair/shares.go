package fair

import "time"

// Shares holds down those who use a thing for long at a time, such as the writer of a database. Queue divides time among those who wait,
// and forgets when nobody does; so somebody who wants the thing now and then would find it taken each time by one who always wants it.
// Shares knows for how long each caller and each entry point has used the thing of late in long turns. Who has used it for more than a
// share of the time rests while others use it. This is a leaky bucket, kept as the time at which it is empty (the generic cell rate
// algorithm of ATM).
//
// It has no lock: its owner guards it. The zero value needs Long, Part, Burst and Within.
type Shares struct {
	Long   time.Duration // a turn that takes longer counts
	Part   int           // the share of the time is one part of so many
	Burst  time.Duration // the time that may be used at once
	Within time.Duration // how long it matters that others have used the thing

	empty  map[user]time.Time // when what was used is paid off; of callers and of entry points
	others time.Time          // when somebody has used it who has nothing to pay
	tidied time.Time          // when what is paid off was forgotten
}

// user is a caller or an entry point.
type user struct{ caller, name string }

// maxUsers bounds those who are remembered; what is paid off is forgotten.
const maxUsers = 4096

// Quiet reports whether nobody has to rest. It is fast, for those who ask each time.
func (s *Shares) Quiet() bool { return len(s.empty) == 0 }

// Used notes a turn of a caller by an entry point. others is when somebody else had the last turn before those of this caller.
func (s *Shares) Used(caller, name string, cost time.Duration, now, others time.Time) {
	if len(s.empty) == 0 {
		if cost <= s.Long {
			return
		}
		s.empty, s.others = map[user]time.Time{}, others
	}
	if cost <= s.Long {
		if !s.pays(caller, name, now) {
			s.others = now
		}
		return
	}
	began := now.Add(-cost)
	if began.Sub(s.others) < s.Within {
		s.others = s.others.Add(cost) // meanwhile nobody could use it
	}
	if len(s.empty) >= maxUsers {
		s.tidy(now)
	}
	for _, u := range [...]user{{caller: caller}, {name: name}} {
		at, known := s.empty[u]
		if u == (user{}) || !known && len(s.empty) >= maxUsers {
			continue
		}
		if at.Before(began) {
			at = began
		}
		s.empty[u] = at.Add(time.Duration(s.Part) * cost)
	}
}

// pays reports whether a caller or an entry point has something to pay off.
func (s *Shares) pays(caller, name string, now time.Time) bool {
	return now.Before(s.empty[user{caller: caller}]) || now.Before(s.empty[user{name: name}])
}

// Rests reports whether a caller must rest, or an entry point, and until when at most. It may go on earlier: ask again.
func (s *Shares) Rests(caller, name string, now time.Time) (until time.Time, rests bool) {
	if len(s.empty) == 0 {
		return time.Time{}, false
	}
	until = s.empty[user{caller: caller}]
	if at := s.empty[user{name: name}]; at.After(until) {
		until = at
	}
	if until.IsZero() {
		s.tidy(now)
		return until, false
	}
	until = until.Add(-time.Duration(s.Part) * s.Burst)
	if free := s.others.Add(s.Within); free.Before(until) {
		until = free
	}
	if !now.Before(until) {
		s.tidy(now)
		return time.Time{}, false
	}
	return until, true
}

// tidy forgets what is paid off. It does so now and then only, since there may be much.
func (s *Shares) tidy(now time.Time) {
	if now.Sub(s.tidied) < s.Within {
		return
	}
	s.tidied = now
	for u, at := range s.empty {
		if !now.Before(at) {
			delete(s.empty, u)
		}
	}
}
