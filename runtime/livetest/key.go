package livetest

import (
	"encoding/binary"
	"sync"

	"github.com/google/uuid"
)

// keys makes the keys of calls: UUIDs of version 7 (RFC 9562 §5.7) that grow, even while the clock stands still, so that the
// ids that calls make of them grow as well.
type keys struct {
	mu   sync.Mutex
	last int64 // the timestamp of the last one
}

// newKey makes a key by the clock of the environment, which is that of the server.
func (e *Env) newKey() string {
	k := &e.keys
	k.mu.Lock()
	k.last = max(k.last+1, e.Clock.Now().UnixMilli())
	at := k.last
	k.mu.Unlock()
	id := uuid.New()
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at))
	copy(id[:6], ms[2:])
	id[6] = id[6]&0x0f | 0x70
	return id.String()
}
