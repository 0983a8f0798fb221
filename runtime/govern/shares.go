package govern

import (
	"hash/maphash"
	"sync"

	"github.com/livec-lang/livec/limits"
)

// Shares counts what is in use of a limit by key, such as for each user. It keeps only keys that have something in use. Its methods may be
// called from any goroutine.
type Shares struct {
	governor *Governor
	id       limits.ID
	seed     maphash.Seed
	shards   [16]shareShard
}

type shareShard struct {
	mu   sync.Mutex
	used map[string]int64
}

// Shares starts counting for a limit that is not one of the server.
func (g *Governor) Shares(id limits.ID) *Shares {
	s := &Shares{governor: g, id: id, seed: maphash.MakeSeed()}
	for i := range s.shards {
		s.shards[i].used = map[string]int64{}
	}
	return s
}

func (s *Shares) shard(key string) *shareShard {
	return &s.shards[maphash.String(s.seed, key)%uint64(len(s.shards))]
}

// Take takes n into use for a key, unless that would exceed the limit. Then it takes nothing, counts that, and returns false.
func (s *Shares) Take(key string, n int64) bool {
	shard := s.shard(key)
	shard.mu.Lock()
	used := shard.used[key] + n
	ok := used <= s.governor.values[s.id]
	if ok {
		shard.used[key] = used
	}
	shard.mu.Unlock()
	if !ok {
		s.governor.Reached(s.id)
	}
	return ok
}

// Give gives n back that Take has taken for the key.
func (s *Shares) Give(key string, n int64) {
	shard := s.shard(key)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if used := shard.used[key] - n; used > 0 {
		shard.used[key] = used
	} else {
		delete(shard.used, key)
	}
}

// Used is what is in use for a key.
func (s *Shares) Used(key string) int64 {
	shard := s.shard(key)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	return shard.used[key]
}
