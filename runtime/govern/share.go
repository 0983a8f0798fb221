package govern

import "github.com/livec-lang/livec/limits"

// A caller may have a part of what is free of an account, so that there is always something left for others (Choudhury and Hahne, Dynamic
// queue length thresholds, 1998). The part is such that one who is alone may have as much as the limit for each caller. A caller is named
// as in store.Turn; "" is the server itself, for which nothing is counted.

// each is the most that a caller may have who is alone. share reports whether that is less than all.
func (a *Account) each() (most int64, share bool) {
	if a.callers == nil {
		return 0, false
	}
	most = a.governor.values[a.callers.id]
	return most, most < a.Limit()
}

// little is the part of the limit that a caller may have in any case, as long as there is room.
const little = 64

// allows reports whether a caller may have n more. own is what it has of the same thing already: who has nothing else may have that,
// however large it is.
func (a *Account) allows(caller string, own, n int64) bool {
	each, share := a.each()
	used := a.used.Load() + n
	if !share || caller == "" || used <= each { // nobody has more than what is in use
		return true
	}
	held, limit := a.callers.Used(caller), a.Limit()
	if held <= own || held+n <= limit/little {
		return true
	}
	return float64(held+n)*float64(limit-each) <= float64(each)*float64(limit-used)
}

// exceeds reports whether a caller that has something would have more than its limit with n more, even if it was alone.
func (a *Account) exceeds(caller string, n int64) bool {
	each, share := a.each()
	held := a.HeldBy(caller)
	return share && held > 0 && held+n > each
}

// TakeFor takes n into use for a caller, unless that would exceed the limit or what the caller may have. Then it takes nothing, counts
// that, and returns the limit. own is what the caller has of the same thing already. AddFor gives it back. Those who ask at the same time
// may exceed what a caller may have together, by what each of them takes.
func (a *Account) TakeFor(caller string, own, n int64) (reached limits.ID, ok bool) {
	if !a.allows(caller, own, n) {
		return a.callers.reached()
	}
	if !a.Take(n) {
		return a.id, false
	}
	a.Hold(caller, n)
	return 0, true
}

// AddFor takes n into use for a caller, even if that exceeds a limit, or gives back -n.
func (a *Account) AddFor(caller string, n int64) {
	a.Add(n)
	a.Hold(caller, n)
}

// Hold counts n of what is in use for a caller, or -n no longer.
func (a *Account) Hold(caller string, n int64) {
	if a.callers != nil && caller != "" && n != 0 {
		a.callers.add(caller, n)
	}
}

// FitsFor is Fits for a caller. If n does not fit, reached is the limit.
func (a *Account) FitsFor(caller string, n int64) (reached limits.ID, ok bool) {
	if a.Has(caller, n) {
		return 0, true
	}
	if a.exceeds(caller, n) {
		return a.callers.reached() // what others do not use at present makes no room for more than that
	}
	if reached = a.id; a.used.Load()+n <= a.Limit() {
		reached = a.callers.id
	}
	a.governor.Reached(reached)
	return reached, a.reclaim(func() bool { return a.Has(caller, n) })
}

// Has reports whether n more fit for a caller as it is, without making room or counting that they do not.
func (a *Account) Has(caller string, n int64) bool {
	return a.used.Load()+n <= a.Limit() && a.allows(caller, 0, n)
}

// Room reports whether a caller may have n more: within its share and the limit; who has little, up to a quarter above it; and anybody as
// much as it takes where nobody has more than little. Otherwise it counts that, and returns the limit. It takes nothing and makes no room.
func (a *Account) Room(caller string, n int64) (reached limits.ID, ok bool) {
	used, limit := a.used.Load(), a.Limit()
	fits, some := used+n <= limit, limit/little
	switch {
	case fits && a.allows(caller, 0, n), used+n <= limit/4*5 && a.HeldBy(caller) <= some, used <= some:
		return 0, true
	case fits:
		return a.callers.reached()
	}
	a.governor.Reached(a.id)
	return a.id, false
}

// Roomy is how much may be in use while Room has nothing against anybody who wants 0 more.
func (a *Account) Roomy() int64 {
	if each, share := a.each(); share {
		return each
	}
	return a.Limit()
}

// HeldBy is what is in use for a caller.
func (a *Account) HeldBy(caller string) int64 {
	if a.callers == nil || caller == "" {
		return 0
	}
	return a.callers.Used(caller)
}

func (q *Quotas) reached() (limits.ID, bool) {
	q.governor.Reached(q.id)
	return q.id, false
}
