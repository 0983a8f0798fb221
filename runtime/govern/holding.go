package govern

import (
	"slices"
	"sync"

	"github.com/livec-lang/livec/limits"
)

// Holding is something that counts in an account and that several callers may hold, such as a live query. It counts for one of them: for
// who came first and, when that one has gone, for another one of those who hold it. So what is held always counts for somebody. What nobody
// holds counts for nobody: it is there until something else needs its room.
//
// What is added may count for who has made it instead; see By. Make a Holding with Account.Holding. Its methods may be called from any
// goroutine.
type Holding struct {
	account *Account
	last    bool // see Account.Holding

	mu     sync.Mutex
	payer  string
	count  int            // how often payer holds it
	others map[string]int // how often others hold it
	by     string         // for whom what is added counts; "" for nobody
	nobody int64          // bytes
	parts  []part         // the first has been added first
}

type part struct {
	caller string
	bytes  int64
}

// maxParts is for how many callers a Holding counts at a time. What came first of others counts for nobody.
const maxParts = 64

// Holding is for something that counts in the account. If last is set, what shrinks is what the same caller has added, as of entries that
// replace each other; else it is what was added first, as of a log.
func (a *Account) Holding(last bool) *Holding { return &Holding{account: a, last: last} }

// Hold has a caller hold it. It reports whether nobody did. The server itself may hold it too, but that changes nothing.
func (h *Holding) Hold(caller string) (first bool) {
	if caller == "" {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.count == 0:
		h.payer, h.count = caller, 1
		h.pass(caller)
		return true
	case h.payer == caller:
		h.count++
	default:
		if h.others == nil {
			h.others = map[string]int{}
		}
		h.others[caller]++
	}
	return false
}

// Release ends a Hold. It reports whether nobody holds it now.
func (h *Holding) Release(caller string) (last bool) {
	if caller == "" {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if caller != h.payer {
		if h.others[caller]--; h.others[caller] <= 0 {
			delete(h.others, caller)
		}
		return false
	}
	if h.count--; h.count > 0 {
		return false
	}
	h.payer = ""
	for other, n := range h.others { // any will do
		h.payer, h.count = other, n
		delete(h.others, other)
		break
	}
	h.pass(h.payer)
	return h.count == 0
}

// Payer is for whom it counts; "" for nobody.
func (h *Holding) Payer() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.payer
}

// Pass has all of it count for a caller.
func (h *Holding) Pass(caller string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pass(caller)
}

func (h *Holding) pass(caller string) {
	h.by = caller
	if len(h.parts) == 1 && h.parts[0].caller == caller && h.nobody == 0 {
		return
	}
	all := h.nobody
	for _, p := range h.parts {
		h.account.Hold(p.caller, -p.bytes)
		all += p.bytes
	}
	h.parts, h.nobody = h.parts[:0], 0
	if all > 0 {
		h.more(all)
	}
}

// By has what is added from now on count for a caller.
func (h *Holding) By(caller string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.by = caller
}

// Add adds bytes, or takes away -bytes.
func (h *Holding) Add(bytes int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.account.Add(bytes)
	if bytes > 0 {
		h.more(bytes)
	} else {
		h.less(-bytes)
	}
}

// more counts bytes for who adds them.
func (h *Holding) more(bytes int64) {
	if h.by == "" {
		h.nobody += bytes
		return
	}
	h.account.Hold(h.by, bytes)
	for i := range h.parts {
		if h.parts[i].caller == h.by {
			h.parts[i].bytes += bytes
			return
		}
	}
	if len(h.parts) == maxParts {
		first := h.parts[0]
		h.account.Hold(first.caller, -first.bytes)
		h.nobody += first.bytes
		h.parts = slices.Delete(h.parts, 0, 1)
	}
	h.parts = append(h.parts, part{h.by, bytes})
}

// less counts bytes no longer.
func (h *Holding) less(bytes int64) {
	if h.last {
		if i := slices.IndexFunc(h.parts, func(p part) bool { return p.caller == h.by }); i >= 0 {
			bytes -= h.reduce(i, bytes)
		}
	}
	n := min(bytes, h.nobody)
	h.nobody -= n
	for bytes -= n; bytes > 0 && len(h.parts) > 0; {
		bytes -= h.reduce(0, bytes)
	}
}

// reduce takes bytes from a part, which ends with the last of them, and returns how many.
func (h *Holding) reduce(i int, bytes int64) int64 {
	p := &h.parts[i]
	n := min(bytes, p.bytes)
	h.account.Hold(p.caller, -n)
	if p.bytes -= n; p.bytes == 0 {
		h.parts = slices.Delete(h.parts, i, i+1)
	}
	return n
}

// bytes is how much of it counts for a caller. It needs the lock.
func (h *Holding) bytes(caller string) int64 {
	for _, p := range h.parts {
		if p.caller == caller {
			return p.bytes
		}
	}
	return 0
}

// Allowed reports whether the one for whom it counts may have what it has. It makes room as Account.FitsFor does. Otherwise it counts that,
// and returns the limit.
func (h *Holding) Allowed() (reached limits.ID, ok bool) {
	h.mu.Lock()
	payer, own, a := h.payer, h.bytes(h.payer), h.account
	h.mu.Unlock()
	allowed := func() bool { return a.allows(payer, own, 0) }
	if allowed() {
		return 0, true
	}
	if !a.exceeds(payer, 0) && a.reclaim(allowed) {
		return 0, true
	}
	return a.callers.reached()
}

// crowded is the part of an account that is left when what has grown must end; see Crowds.
const crowded = 4

// Crowds reports whether it must end, so that there is room for others: three quarters of the account are in use, and the one for whom this
// counts has more than its limit, and not only by this. It counts that, and returns the limit.
func (h *Holding) Crowds() (reached limits.ID, crowds bool) {
	a := h.account
	each, share := a.each()
	if used := a.used.Load(); !share || used <= each || used <= a.Limit()-a.Limit()/crowded {
		return 0, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !a.exceeds(h.payer, 0) || a.HeldBy(h.payer) <= h.bytes(h.payer) {
		return 0, false
	}
	reached, _ = a.callers.reached()
	return reached, true
}
