package govern

import (
	"hash/maphash"
	"sync"

	"github.com/livec-lang/livec/limits"
)

// Quotas count what is in use of a limit by key, such as for each user. They keep only keys that have something in use. Their methods may
// be called from any goroutine.
type Quotas struct {
	governor *Governor
	id       limits.ID
	seed     maphash.Seed
	shards   [16]quotaShard
}

type quotaShard struct {
	mu   sync.Mutex
	used map[string]int64
}

// Quotas starts counting for a limit that is not one of the server.
func (g *Governor) Quotas(id limits.ID) *Quotas {
	q := &Quotas{governor: g, id: id, seed: maphash.MakeSeed()}
	for i := range q.shards {
		q.shards[i].used = map[string]int64{}
	}
	return q
}

func (q *Quotas) shard(key string) *quotaShard {
	return &q.shards[maphash.String(q.seed, key)%uint64(len(q.shards))]
}

// Take takes n into use for a key, unless that would exceed the limit. Then it takes nothing, counts that, and returns false.
func (q *Quotas) Take(key string, n int64) bool {
	shard := q.shard(key)
	shard.mu.Lock()
	used := shard.used[key] + n
	ok := used <= q.governor.values[q.id]
	if ok {
		shard.used[key] = used
	}
	shard.mu.Unlock()
	if !ok {
		q.governor.Reached(q.id)
	}
	return ok
}

// Give gives n back that Take has taken for the key.
func (q *Quotas) Give(key string, n int64) { q.add(key, -n) }

// add takes n into use for a key, even if that exceeds the limit, or gives back -n.
func (q *Quotas) add(key string, n int64) {
	shard := q.shard(key)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if used := shard.used[key] + n; used > 0 {
		shard.used[key] = used
	} else {
		delete(shard.used, key)
	}
}

// Used is what is in use for a key.
func (q *Quotas) Used(key string) int64 {
	shard := q.shard(key)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	return shard.used[key]
}
