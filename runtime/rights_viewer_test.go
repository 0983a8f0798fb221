package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"sync"

	live "github.com/livec-lang/livec/runtime"
)

// tell describes the values of some rights from a little before a commit on.
func (h *history) tell(seq uint64, rights ...string) (s string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, right := range rights {
		s += right + ":"
		for i, c := range h.lines[right] {
			if c.seq > seq+40 {
				break
			}
			if i+1 == len(h.lines[right]) || h.lines[right][i+1].seq+40 > seq {
				s += fmt.Sprintf(" %d=%q", c.seq, c.value)
			}
		}
		s += "; "
	}
	return s + fmt.Sprintf("now %d", h.last)
}

// viewer is one connection of a person, and the boards of its subscriptions.
type viewer struct {
	trial  *trial
	person string
	talker *talker

	mu      sync.Mutex
	streams map[uint64][2]string // stream and board, by id
	topics  map[uint64][]uint64  // ids, by topic
	state   map[uint64]string    // the last message of a subscription
	held    map[uint64]position  // of the subscriptions that have data
}

func (r *trial) view(person string) *viewer {
	v := &viewer{
		trial: r, person: person, streams: map[uint64][2]string{}, topics: map[uint64][]uint64{},
		state: map[uint64]string{}, held: map[uint64]position{},
	}
	v.talker = talk(r.t, r.server, person, v.hear)
	return v
}

// position is the offset up to which a client has a stream.
type position struct {
	epoch  string
	offset uint64
}

// again is the next connection of a person, which resumes from the data of this one.
func (v *viewer) again() *viewer {
	v.talker.local.Close()
	next := v.trial.view(v.person)
	v.mu.Lock() // so that hear, which takes the lock, handles all messages of the old connection first
	streams, held := maps.Clone(v.streams), maps.Clone(v.held)
	v.mu.Unlock()
	for id, at := range streams {
		next.subscribe(at[0], at[1], held[id])
	}
	return next
}

func (v *viewer) subscribe(stream, board string, at position) {
	id := v.talker.id() // before the lock, since hear takes it too
	v.mu.Lock()
	v.streams[id] = [2]string{stream, board}
	v.state[id] = "none"
	v.mu.Unlock()
	holds := ""
	if at.epoch != "" {
		holds = fmt.Sprintf(`,"at":{"e":%q,"s":%d}`, at.epoch, at.offset)
	}
	v.talker.say(fmt.Sprintf(`{"t":"sub","id":%d,"m":%q,"a":[%q]%s}`, id, stream, board, holds))
}

func (v *viewer) unsubscribe(random *rand.Rand) {
	v.mu.Lock()
	id := uint64(0)
	for other := range v.streams {
		if id == 0 || random.IntN(3) == 0 {
			id = other
		}
	}
	v.mu.Unlock()
	v.talker.say(fmt.Sprintf(`{"t":"unsub","id":%d}`, id))
	v.mu.Lock()
	v.leave(id)
	delete(v.streams, id)
	delete(v.state, id)
	delete(v.held, id)
	v.mu.Unlock()
}

// leave needs the lock.
func (v *viewer) leave(id uint64) {
	for c, ids := range v.topics {
		v.topics[c] = slices.DeleteFunc(ids, func(other uint64) bool { return other == id })
	}
}

// rights describes the rights of the person to a board around a commit.
func (v *viewer) rights(board string, seq uint64) string {
	return v.trial.app.history.tell(seq, v.person, memberKey(board, v.person))
}

// hear checks a message.
func (v *viewer) hear(m *heard) {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.trial
	switch m.T {
	case "snap", "live":
		at, ok := v.streams[m.ID]
		if !ok {
			return
		}
		if was := v.state[m.ID]; was == "end" || was == "err" {
			r.reopens.Add(1)
		}
		v.state[m.ID], v.held[m.ID] = "snap", position{m.E, m.S}
		if m.T == "live" {
			r.returns.Add(1)
		}
		v.leave(m.ID)
		v.topics[m.C] = append(v.topics[m.C], m.ID)
		r.snaps.Add(1)
		if ns := markers(m.V); len(ns) > 0 {
			// Its newest post says at which commit it was read, except for a channel, where it may come later.
			seq := slices.Max(ns)
			may := r.mayRead(v.person, at[1], seq)
			if at[0] == "r/wall" {
				may = r.mightRead(v.person, at[1], seq, r.app.history.now())
			}
			if !may {
				r.wrong("%s of %s was given to %s as of commit %d: %s", at[0], at[1], v.person, seq, v.rights(at[1], seq))
			}
		}
	case "ev":
		for _, id := range v.topics[m.C] {
			v.held[id] = position{v.held[id].epoch, max(v.held[id].offset, m.S)}
		}
		ns := markers(m.V)
		if len(ns) == 0 {
			return
		}
		r.events.Add(1)
		seq := slices.Max(ns)
		for _, id := range v.topics[m.C] {
			if at := v.streams[id]; !r.mayRead(v.person, at[1], seq) {
				r.wrong("%s was sent an event of %s of %s of commit %d: %s", v.person, at[0], at[1], seq, v.rights(at[1], seq))
			}
		}
	case "sig":
		var ns []uint64
		_ = json.Unmarshal(m.A, &ns)
		still := false
		for _, seq := range r.app.history.changes(ns[0], r.app.history.now(), v.person) {
			still = still || r.app.history.at(v.person, seq) != ""
		}
		if !still {
			r.wrong("%s was sent a signal of commit %d", v.person, ns[0])
		}
	case "end", "err":
		if _, ok := v.streams[m.ID]; ok {
			v.state[m.ID] = m.T
			delete(v.held, m.ID)
			v.leave(m.ID)
			if !m.Wait {
				if m.Code != live.CodeUnavailable { // a subscription that changes too fast is given up
					r.wrong("%s of %s ended for good with %s", m.T, v.streams[m.ID], m.Code)
				}
				delete(v.streams, m.ID)
				delete(v.state, m.ID)
			}
		}
	}
}

// live is one person with one connection at a time, which subscribes, calls and publishes until the end.
func (r *trial) live(ctx context.Context, person string, random *rand.Rand) *viewer {
	v := r.view(person)
	for ctx.Err() == nil {
		v.talker.mu.Lock()
		closed := v.talker.code
		v.talker.all = v.talker.all[:0]
		v.talker.mu.Unlock()
		board := r.app.boards[random.IntN(len(r.app.boards))]
		if closed != 0 {
			if closed != 4004 && closed != 4001 { // a client that was too slow comes back as well
				r.wrong("%s was closed with %d", person, closed)
			}
			v = v.again()
		}
		switch from := r.acked.Load(); random.IntN(12) {
		case 0, 1, 2:
			if v.count() < 8 {
				v.subscribe(allStreams[random.IntN(len(allStreams))], board, position{})
			}
		case 3:
			v.unsubscribe(random)
		case 4:
			if random.IntN(10) == 0 {
				v = v.again()
			}
		case 5:
			v.publish(board, from)
		case 6:
			r.request(person, board)
		default:
			v.calls(random, board, from)
		}
	}
	return v
}

var allStreams = append([]string{"r/room.presence", "r/room.cursors", "r/typing"}, streamsOfBoards...)

func (v *viewer) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.streams)
}

// calls calls rpcs that report as whom they have run: one, or several in one frame. Those with a transaction are checked there.
func (v *viewer) calls(random *rand.Rand, board string, from uint64) {
	r, n := v.trial, 1+random.IntN(4)
	ids, frame, pure := make([]uint64, n), "[", make([]bool, n)
	for i := range ids {
		rpc := []string{"r/asWrite", "r/asRead", "r/asPure"}[random.IntN(3)]
		ids[i], pure[i] = v.talker.id(), rpc == "r/asPure"
		frame += callText(ids[i], rpc, board) + ","
	}
	at := v.talker.mark()
	v.talker.say(frame[:len(frame)-1] + "]")
	for i, id := range ids {
		m := v.talker.until(at, func(m *heard) bool { return m.ID == id })
		if m == nil {
			return
		}
		r.calls.Add(1)
		var role string
		if json.Unmarshal(m.V, &role) != nil {
			r.wrong("a call of %s failed with %s", v.person, m.Code)
		}
		if pure[i] && !r.app.history.between(v.person, role, from, r.app.history.now()) {
			r.wrong("a call of %s ran as %q, which it has not been since commit %d", v.person, role, from)
		}
	}
}

// publish publishes to a channel.
func (v *viewer) publish(board string, from uint64) {
	r, id, at := v.trial, v.talker.id(), v.talker.mark()
	v.talker.say(fmt.Sprintf(`{"t":"pub","id":%d,"m":"r/typing","a":[%q],"k":"join","v":{"name":"abc"}}`, id, board))
	m := v.talker.until(at, func(m *heard) bool { return m.ID == id })
	if m != nil && m.T == "ok" && !r.mightRead(v.person, board, from, r.app.history.now()) {
		r.wrong("%s has published on %s, which it may not since commit %d", v.person, board, from)
	}
}

// request reads a stream once, over HTTP.
func (r *trial) request(person, board string) {
	q := httptest.NewRequest("GET", fmt.Sprintf(`/_live/stream/r/posts?args=[%q]`, board), nil)
	q.Header.Set("X-User", person)
	w := httptest.NewRecorder()
	r.server.ServeHTTP(w, q)
	r.calls.Add(1)
	if ns := markers(w.Body.Bytes()); len(ns) > 0 && !r.mayRead(person, board, slices.Max(ns)) {
		r.wrong("%s has read %s as of commit %d", person, board, slices.Max(ns))
	}
}

// settled checks that, when nothing runs any more, each subscription is open exactly if the person may read the board.
func (v *viewer) settled() {
	v.talker.mu.Lock()
	closed := v.talker.code
	v.talker.mu.Unlock()
	if closed != 0 {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.trial.app.history.now()
	for id, at := range v.streams {
		if may := v.trial.mayRead(v.person, at[1], now); may != (v.state[id] == "snap") {
			v.trial.wrong("%s of %s stands at %q for %s, who may read it: %v", at[0], at[1], v.state[id], v.person, may)
		}
	}
}
