package runtime_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	live "github.com/livec-lang/livec/runtime"
)

// The app of the tests of rights, as a compiler would generate it. Boards have members and posts, and persons have roles. Each post has the
// sequence of its commit, and each change of a right makes a post in its own commit. So the newest post of a snapshot says which rights
// held at the commit of the snapshot.

func textTable(name string, columns ...string) *relation.Table {
	t := &relation.Table{Name: name, Key: []int{0}}
	for i, c := range columns {
		kind := relation.Text
		if i == 0 {
			kind = relation.ID
		}
		t.Columns = append(t.Columns, relation.Column{Name: c, Kind: kind})
	}
	return t
}

var (
	persons = textTable("person", "id", "role")
	members = textTable("member", "id", "board") // id: board/person
	posts   = &relation.Table{Name: "post", Key: []int{0}, Index: [][]int{{1, 2}}, Columns: relation.Schema{
		{Name: "id", Kind: relation.ID}, {Name: "board", Kind: relation.Text}, {Name: "n", Kind: relation.Int},
	}}
	postsOf = func() *relation.Query {
		column := func(i int, kind relation.Kind) relation.Expr { return &relation.Col{Index: i, Kind: kind} }
		return chain.NewLiveQuery("r/posts", &relation.Limit{N: 4, Input: &relation.Sort{
			By: []relation.SortKey{{Expr: column(2, relation.Int), Desc: true}, {Expr: column(0, relation.ID)}},
			Input: &relation.Filter{
				Input: &relation.Scan{Table: posts},
				Cond: &relation.Binary{
					Op: relation.Eq, L: column(1, relation.Text), R: &relation.Param{Kind: relation.Text}, Kind: relation.Bool, Of: relation.Text,
				},
			},
		}}, relation.Column{Name: "board", Kind: relation.Text})
	}()
)

// account is the user that upgrade returns.
type account struct{ ID, Role string }

func accountOf(c *live.Call) account {
	if a, ok := c.User().(*account); ok {
		return *a
	}
	return account{}
}

// change is the new value of a right after a commit.
type change struct {
	seq   uint64
	value string
}

// history is the rights at each commit, recorded by the transactions that have changed them.
type history struct {
	mu    sync.Mutex
	lines map[string][]change
	last  uint64 // commit of any call
}

func (h *history) set(right, value string, seq uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	line := h.lines[right]
	if n := len(line); n > 0 && line[n-1].seq == seq {
		line[n-1].value = value
		return
	}
	h.lines[right] = append(line, change{seq, value})
}

// at is the value of a right after a commit.
func (h *history) at(right string, seq uint64) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	line := h.lines[right]
	i, _ := slices.BinarySearchFunc(line, seq+1, func(c change, seq uint64) int { return int(int64(c.seq) - int64(seq)) })
	if i == 0 {
		return ""
	}
	return line[i-1].value
}

// between reports whether a right had a value after the commit from, or after a later one up to the commit to.
func (h *history) between(right, value string, from, to uint64) bool {
	if h.at(right, from) == value {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.lines[right] {
		if c.seq > from && c.seq <= to && c.value == value {
			return true
		}
	}
	return false
}

func (h *history) now() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// rightsApp is the app and the record of its calls.
type rightsApp struct {
	history history
	boards  []string
	ran     func(c *live.Call, who account, right string, seq uint64) // called by each call that needs a right
	ends    func()                                                    // called for each right that is taken away
	asks    func(person string)                                       // called when upgrade is about to read
	visits  journal                                                   // who has subscribed to r/visited and unsubscribed
	stays   func()                                                    // called for each new subscriber
}

func memberKey(board, person string) string { return board + "/" + person }

// mayRead is the guard of boards: for members, and for admins.
func mayRead(c *live.Call, board string) error {
	who := accountOf(c)
	if who.Role == "admin" {
		return nil
	}
	row, err := c.Tx().Get(members, relation.Row{memberKey(board, who.ID)})
	switch {
	case err != nil:
		return err
	case row == nil || who.Role == "":
		return live.Fail(live.CodeForbidden, "Members only")
	}
	return nil
}

// post inserts a post with the sequence of the call's commit, publishes it, and shows it in all streams.
func (app *rightsApp) post(c *live.Call, board string) error {
	n := c.Tx().Seq() + 1
	app.history.mu.Lock()
	app.history.last = max(app.history.last, n)
	app.history.mu.Unlock()
	id := fmt.Sprintf("%s%012d", board, n)
	data := fmt.Appendf(nil, `{"id":%q,"n":%d}`, id, n)
	topic, _ := json.Marshal([]string{board})
	c.Publish("r/news", topic, "created", data, live.Pace{})
	c.Publish("r/wall", topic, "set", data, live.Pace{})
	return c.Tx().Insert(posts, relation.Row{id, board, int64(n)})
}

// sets records the new value of a right after a commit.
func (app *rightsApp) sets(right, value string, seq uint64) {
	before := app.history.at(right, seq)
	app.history.set(right, value, seq)
	if app.ends != nil && (before != "" && value == "" || before == "admin" && value != "admin") {
		app.ends()
	}
}

// set changes the value in a row of two columns; "" deletes the row.
func set(c *live.Call, t *relation.Table, id, value string) error {
	old, err := c.Tx().Get(t, relation.Row{id})
	switch {
	case err != nil:
		return err
	case old == nil && value == "":
		return nil
	case old == nil:
		return c.Tx().Insert(t, relation.Row{id, value})
	case value == "":
		return c.Tx().Delete(t, old)
	}
	return c.Tx().Update(t, old, relation.Row{id, value})
}

func (app *rightsApp) register() *live.Registry {
	reg := live.NewRegistry(live.App{
		Name: "rights", Hash: "r1", Tables: []*relation.Table{persons, members, posts},
		Contract: []byte(`{"name":"rights","hash":"r1","modules":[],"$defs":{}}`),
		UserKey:  func(user any) string { return user.(*account).ID },
		Upgrade: func(c *live.Call) (any, error) {
			name := c.Header("X-User")
			if name == nil {
				return nil, nil
			}
			if app.asks != nil {
				app.asks(*name)
			}
			row, err := c.Tx().Get(persons, relation.Row{*name})
			if err != nil || row == nil {
				return nil, err
			}
			return &account{*name, row[1].(string)}, nil
		},
	})
	// r/role changes the role of a person ("" deletes it) and r/member the members of a board; both post on all boards.
	rpc(reg, "r/role", live.Write, 2, func(c *live.Call, a strs) error {
		if err := set(c, persons, a[0], a[1]); err != nil {
			return err
		}
		app.sets(a[0], a[1], c.Tx().Seq()+1)
		for _, b := range app.boards {
			if err := app.post(c, b); err != nil {
				return err
			}
		}
		return nil
	})
	rpc(reg, "r/member", live.Write, 3, func(c *live.Call, a strs) error { // board, person, board or ""
		key := memberKey(a[0], a[1])
		if err := set(c, members, key, a[2]); err != nil {
			return err
		}
		app.sets(key, a[2], c.Tx().Seq()+1)
		return app.post(c, a[0])
	})
	rpc(reg, "r/post", live.Write, 1, func(c *live.Call, a strs) error { return app.post(c, a[0]) })
	rpc(reg, "r/ring", live.Write, 2, func(c *live.Call, a strs) error { // person, board
		n := c.Tx().Seq() + 1
		c.Signal("r/rung", a[0], fmt.Appendf(nil, `[%d]`, n))
		return app.post(c, a[1])
	})
	live.AddSignal(reg, live.Signal{Name: "r/rung"})
	// r/asWrite, r/asRead and r/asPure report as whom they have run.
	as := func(name string, mode live.Mode) {
		live.AddRPC(reg, live.RPC[strs, string]{
			Name: name, Mode: mode, Decode: decodeStrs(1),
			Call: func(c *live.Call, a *strs) (string, error) {
				who, seq := accountOf(c), uint64(0)
				if c.Tx() != nil {
					seq = c.Tx().Seq()
				}
				if app.ran != nil {
					app.ran(c, who, who.Role, seq)
				}
				if mode == live.Write {
					return who.Role, app.post(c, (*a)[0])
				}
				return who.Role, nil
			},
			Encode: func(dst []byte, s *string) []byte { return fmt.Appendf(dst, "%q", *s) },
		})
	}
	as("r/asWrite", live.Write)
	as("r/asRead", live.Read)
	as("r/asPure", live.Pure)

	open := func(c *live.Call, a *strs) ([]byte, error) {
		if err := mayRead(c, (*a)[0]); err != nil {
			return nil, err
		}
		return json.Marshal(*a)
	}
	derived := func(c *live.Call, a *strs) ([]byte, live.Hidden, error) {
		topic, err := open(c, a)
		return topic, live.Hidden{}, err
	}
	params := func(c *live.Call, a *strs) ([]relation.Value, error) {
		return []relation.Value{(*a)[0]}, mayRead(c, (*a)[0])
	}
	list := func(c *live.Call, a *strs, dst []byte) ([]byte, error) {
		rows, err := c.Rows(postsOf, (*a)[0])
		all := []map[string]any{}
		for _, r := range rows {
			all = append(all, map[string]any{"id": r[0], "n": r[2]})
		}
		b, _ := json.Marshal(all)
		return append(dst, b...), err
	}
	live.AddStream(reg, live.Stream[strs]{Name: "r/posts", Query: postsOf, Decode: decodeStrs(1), Open: params})
	live.AddPublished(reg, live.Published[strs]{
		Name: "r/news", Mode: live.Read, Merge: live.Merge{Kind: live.MergeCrud}, Decode: decodeStrs(1), Replay: live.Replay{Count: 100},
		Open: open, First: list,
	})
	live.AddDerived(reg, live.Derived[strs]{
		Name: "r/count", Mode: live.Read, Decode: decodeStrs(1), Open: derived, Compute: list,
	})
	live.AddChannel(reg, live.Channel[strs]{
		Name: "r/wall", Mode: live.Read, Merge: live.Merge{Kind: live.MergeSet}, Decode: decodeStrs(1), Open: open,
	})
	live.AddChannel(reg, live.Channel[strs]{
		Name: "r/typing", Mode: live.Read, Merge: live.Merge{Kind: live.MergePresence}, Decode: decodeStrs(1),
		Open: open, Event: nameEvent,
	})
	live.AddChannel(reg, live.Channel[strs]{
		Name: "r/visited", Mode: live.Read, Merge: live.Merge{Kind: live.MergeSet}, Decode: decodeStrs(1), Open: open,
		Lifecycle: live.Lifecycle[strs]{
			Subscribed: func(c *live.Call, a *strs) error {
				app.visits.note("%s %s comes", accountOf(c).ID, accountOf(c).Role)
				if app.stays != nil {
					app.stays()
				}
				return nil
			},
			Unsubscribed: func(c *live.Call, a *strs) error {
				app.visits.note("%s %s goes", accountOf(c).ID, accountOf(c).Role)
				return nil
			},
		},
	})
	live.AddChannel(reg, live.Channel[strs]{
		Name: "r/closed", Merge: live.Merge{Kind: live.MergeSet}, Decode: decodeStrs(0),
		Open: func(c *live.Call, _ *strs) ([]byte, error) {
			if accountOf(c).Role != "admin" {
				return nil, live.Fail(live.CodeForbidden, "Admins only")
			}
			return nil, nil
		},
	})
	live.AddRoom(reg, live.Room[strs]{
		Name: "r/room", Mode: live.Read, Decode: decodeStrs(1), Open: open,
		Data: &live.RoomData[strs]{Query: postsOf, Open: func(_ *live.Call, a *strs) ([]relation.Value, error) {
			return []relation.Value{(*a)[0]}, nil
		}},
		Presence: &live.Presence[strs]{Value: func(c *live.Call, _ *strs, dst []byte) ([]byte, error) {
			return fmt.Appendf(dst, `{"name":%q}`, accountOf(c).ID), nil
		}},
		Cursors: &live.Cursors{Event: pointEvent},
	})
	return reg
}
