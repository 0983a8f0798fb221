package invoke

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"github.com/google/uuid"
)

// maxSkew is how much the timestamp of a seed may differ from the server's time. Otherwise the seed makes no ids.
const maxSkew = time.Minute

// Seed makes the ids of one call: UUIDs of version 7 (RFC 9562 §5.7) that grow within the call. The n-th id has the timestamp of the seed,
// n in the 12 bits of rand_a (a counter as in RFC 9562 §6.2, method 1) and in rand_b the first 62 bits of SHA-256(seed ‖ n), n as four
// bytes, big-endian. So a retry with the same seed makes the same ids, a client can predict them, and nobody can choose one.
//
// A seed whose timestamp differs from the server's time by more than maxSkew, because of a wrong clock or a call that has waited, makes no
// ids: the call gets new ones, with the server's time. The seed still identifies the call. If the call is sent again later, either its
// first answer is found in idempotency.Replies, with the ids of then, or it has had no effect.
type Seed struct {
	id    uuid.UUID
	known bool
	n     uint32
}

// ParseSeed reads the key that a client has sent with its call. It must be a UUIDv7.
func ParseSeed(k string) (Seed, bool) {
	u, err := uuid.Parse(k)
	if err != nil || len(k) != 36 || u.Version() != 7 || u.Variant() != uuid.RFC4122 {
		return Seed{}, false
	}
	return Seed{id: u, known: true}, true
}

// next gives the next id of a call at the instant now. Without a seed, or if its timestamp differs too much from now, fresh makes the id.
func (s *Seed) next(now time.Time, fresh *generator) string {
	if !s.known || !s.timely(now) {
		return fresh.next(now)
	}
	var in [20]byte
	copy(in[:], s.id[:])
	binary.BigEndian.PutUint32(in[16:], s.n)
	sum := sha256.Sum256(in[:])

	var id uuid.UUID
	// An overflow of the counter goes into the timestamp, so ids keep growing.
	putMillis(&id, millisOf(&s.id)+uint64(s.n>>12))
	binary.BigEndian.PutUint16(id[6:], 0x7000|uint16(s.n&0xfff))
	copy(id[8:], sum[:8])
	id[8] = id[8]&0x3f | 0x80
	s.n++
	return id.String()
}

// timely reports whether the timestamp of the seed is close to now.
func (s *Seed) timely(now time.Time) bool {
	skew := time.UnixMilli(int64(millisOf(&s.id))).Sub(now) // Sub saturates; 48 bits of milliseconds are a valid time
	return -maxSkew <= skew && skew <= maxSkew
}

// generator makes the ids of calls without a seed: random ones that grow from one to the next, also within a millisecond and when the clock
// goes back. rand_a is a counter (RFC 9562 §6.2, method 1).
type generator struct {
	mu   sync.Mutex
	last uint64 // timestamp and counter of the last id
}

func (g *generator) next(now time.Time) string {
	g.mu.Lock()
	g.last = max(g.last+1, uint64(now.UnixMilli())<<12)
	at := g.last
	g.mu.Unlock()
	id := uuid.New()
	putMillis(&id, at>>12)
	binary.BigEndian.PutUint16(id[6:], 0x7000|uint16(at&0xfff))
	return id.String()
}

func putMillis(u *uuid.UUID, ms uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], ms)
	copy(u[:6], b[2:])
}

func millisOf(u *uuid.UUID) uint64 {
	var b [8]byte
	copy(b[2:], u[:6])
	return binary.BigEndian.Uint64(b[:])
}
