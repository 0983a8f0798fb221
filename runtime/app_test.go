package runtime

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/store/sqlite"
	"github.com/livec-lang/livec/runtime/value"
)

// The app of these tests, as a compiler would generate it: people, and messages in rooms.

var people = &relation.Table{
	Name:    "person",
	Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "role", Kind: relation.Text}},
	Key:     []int{0},
}

var lines = &relation.Table{
	Name:    "line",
	Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "room", Kind: relation.Text}, {Name: "text", Kind: relation.Text}},
	Key:     []int{0},
	Index:   [][]int{{1}},
}

var linesOf = chain.NewLiveQuery("chat/lines", &relation.Sort{
	Input: &relation.Filter{Input: &relation.Scan{Table: lines}, Cond: &relation.Binary{
		Op: relation.Eq, Kind: relation.Bool, Of: relation.Text, L: &relation.Col{Index: 1, Kind: relation.Text},
		R: &relation.Param{Kind: relation.Text},
	}},
	By: []relation.SortKey{{Expr: &relation.Col{Kind: relation.ID}}},
}, relation.Column{Name: "room", Kind: relation.Text})

const testContract = `{"name":"test","hash":"h1","modules":[{"name":"chat","entryPoints":[
 {"kind":"rpc","name":"chat/send","hash":"s1","params":[{"name":"room","type":"string"},{"name":"text","type":"string"}],
  "args":{"type":"array","prefixItems":[{"$ref":"#/$defs/Room"},{"type":"string","minLength":1,"maxLength":10}],"minItems":2,
  "items":false}},
 {"kind":"rpc","name":"chat/echo","params":[{"name":"text","type":"string"},{"name":"times","type":"int?","optional":true}],
  "args":{"type":"array","prefixItems":[{"type":"string","maxLength":60000},{"type":["integer","null"],"minimum":1}],"minItems":1,
  "items":false}},
 {"kind":"rpc","name":"chat/upload","params":[{"name":"name","type":"string"},{"name":"data","type":"bytes"}],
  "args":{"type":"array","prefixItems":[{"type":"string"},{"type":"string","contentEncoding":"base64"}],"minItems":2,"items":false}},
 {"kind":"rpc","name":"chat/shape","params":[{"name":"shape","type":"Shape"}],
  "args":{"type":"array","prefixItems":[{"$ref":"#/$defs/Shape"}],"minItems":1,"items":false}}
]}],"$defs":{
 "Room":{"type":"string","minLength":1,"maxLength":40,"pattern":"^[a-z]+$"},
 "Shape":{"oneOf":[
  {"type":"object","properties":{"kind":{"const":"circle"},"radius":{"type":"number","exclusiveMinimum":0}},"required":["kind",
  "radius"],"additionalProperties":false},
  {"type":"object","properties":{"kind":{"const":"square"},"side":{"type":"number"},"mail":{"type":"string","format":"email"},
  "color":{"enum":["red","green","blue"]}},"required":["kind","side"],"additionalProperties":false}]}
}}`

type sendArgs struct{ room, text string }

// decodeStrings reads n strings.
func decodeStrings(n int) func(d *value.Decoder) []string {
	return func(d *value.Decoder) []string {
		var list []string
		d.Array()
		for d.Next() {
			list = append(list, d.String())
		}
		d.End()
		d.Check(len(list) == n, "must have "+strconv.Itoa(n)+" items")
		return list
	}
}

func appendString(dst []byte, s *string) []byte {
	b, _ := json.Marshal(*s)
	return append(dst, b...)
}

func needUser(c *Call) error {
	if c.User() == nil {
		return Fail(CodeUnauthorized, "Log in first")
	}
	return nil
}

// simple makes an rpc whose arguments are strings.
func simple(name string, mode Mode, n int, body func(c *Call, args []string) (string, error)) RPC[[]string, string] {
	return RPC[[]string, string]{
		Name: name, Mode: mode,
		Decode: decodeStrings(n),
		Call:   func(c *Call, a *[]string) (string, error) { return body(c, *a) },
		Encode: appendString,
	}
}

// held is how a test controls rpc chat/wait.
type held struct {
	entered chan struct{}
	leave   chan struct{}
}

func testRegistry(h *held) *Registry {
	reg := NewRegistry(App{
		Name: "test", Hash: "h1", Contract: []byte(testContract), Sessions: true, Tables: []*relation.Table{people, lines},
		Settings: Settings{Origins: []string{"https://app.example"}},
		Upgrade: func(c *Call) (any, error) {
			id := c.Header("X-User")
			if id == nil {
				key, ok, err := c.SessionKey()
				if err != nil || !ok {
					return nil, err
				}
				return relation.Row{key, "member"}, nil
			}
			if *id == "banned" {
				return nil, Fail("BANNED", "You may not come in")
			}
			if *id == "crash" {
				panic("upgrade crashed")
			}
			row, err := c.Tx().Get(people, relation.Row{*id})
			if err != nil || row == nil {
				return nil, err
			}
			if row[1] == "banned" {
				return nil, Fail("BANNED", "You may not come in")
			}
			return row, nil
		},
		UserKey: func(user any) string { return user.(relation.Row)[0].(string) },
	})
	AddRPC(reg, RPC[sendArgs, string]{
		Name: "chat/send", Mode: Write,
		Decode: func(d *value.Decoder) (a sendArgs) {
			d.Array()
			d.Item(0)
			a.room = d.String()
			d.Check(len(a.room) > 0 && len(a.room) <= 40 && strings.Trim(a.room, "abcdefghijklmnopqrstuvwxyz") == "", "must be 1 to 40 letters")
			d.Item(1)
			a.text = d.String()
			d.Check(len(a.text) > 0 && len(a.text) <= 10, "must be 1 to 10 characters")
			d.End()
			return a
		},
		Call: func(c *Call, a *sendArgs) (string, error) {
			id := c.NewID()
			return id, c.Tx().Insert(lines, relation.Row{id, a.room, a.text})
		},
		Encode: appendString,
	})
	AddRPC(reg, RPC[[]string, string]{
		Name: "chat/echo", Mode: Pure,
		Decode: func(d *value.Decoder) []string {
			d.Array()
			d.Item(0)
			text := d.String()
			if d.Item(1) && !d.Null() {
				d.Check(d.Int() >= 1, "must be at least 1")
			}
			d.End()
			return []string{text}
		},
		Call:   func(_ *Call, a *[]string) (string, error) { return (*a)[0], nil },
		Encode: appendString,
	})
	AddRPC(reg, simple("chat/read", Read, 1, func(c *Call, a []string) (string, error) {
		rows, err := c.Rows(linesOf, a[0])
		texts := make([]string, len(rows))
		for i, r := range rows {
			texts[i] = r[2].(string)
		}
		return strings.Join(texts, ","), err
	}))
	AddRPC(reg, simple("chat/promote", Write, 2, func(c *Call, a []string) (string, error) {
		old, err := c.Tx().Get(people, relation.Row{a[0]})
		if err != nil {
			return "", err
		}
		if old == nil {
			return "", c.Tx().Insert(people, relation.Row{a[0], a[1]})
		}
		return "", c.Tx().Update(people, old, relation.Row{a[0], a[1]})
	}))
	AddRPC(reg, simple("chat/twice", Write, 1, func(c *Call, a []string) (string, error) {
		if err := c.Tx().Insert(people, relation.Row{a[0], "x"}); err != nil {
			return "", err
		}
		return "", c.Tx().Insert(people, relation.Row{a[0], "x"})
	}))
	AddRPC(reg, simple("chat/whoami", Pure, 0, func(c *Call, _ []string) (string, error) {
		if err := needUser(c); err != nil {
			return "", err
		}
		return c.User().(relation.Row)[1].(string), nil
	}))
	AddRPC(reg, simple("chat/boom", Pure, 0, func(*Call, []string) (string, error) { panic("boom") }))
	AddRPC(reg, simple("chat/boomWrite", Write, 0, func(c *Call, _ []string) (string, error) {
		_ = c.Tx().Insert(people, relation.Row{"half", "x"})
		panic("boom")
	}))
	AddRPC(reg, simple("chat/fails", Write, 0, func(c *Call, _ []string) (string, error) {
		c.AfterCommit(func() { panic("must not run") })
		return "", Fail("TEAPOT", "Short and stout")
	}))
	AddRPC(reg, simple("chat/internal", Read, 0, func(*Call, []string) (string, error) { return "", errors.New("secret detail") }))
	AddRPC(reg, simple("chat/after", Write, 1, func(c *Call, a []string) (string, error) {
		if c.Path() != "chat/after" || c.IP() == "" || c.Now().Location() != time.UTC {
			return "", errors.New("the call does not know what it is")
		}
		for _, word := range []string{"first ", "second "} {
			c.AfterCommit(func() { c.Log().Info(word + a[0]) })
		}
		return "", nil
	}))
	wait := simple("chat/wait", Pure, 0, func(c *Call, _ []string) (string, error) {
		h.entered <- struct{}{}
		select {
		case <-h.leave:
			return "done", nil
		case <-c.Context().Done():
			return "", c.Context().Err()
		}
	})
	wait.External = true
	AddRPC(reg, wait)
	slow := wait
	slow.Name, slow.Timeout = "chat/slow", time.Millisecond
	AddRPC(reg, slow)
	limited := simple("chat/limited", Pure, 0, func(*Call, []string) (string, error) { return "", nil })
	limited.RateByIP = []Rate{{Limit: 2, Per: time.Minute}}
	AddRPC(reg, limited)
	AddRPC(reg, simple("chat/limitedUser", Write, 0, func(c *Call, _ []string) (string, error) {
		return "", c.LimitUser("r", Rate{Limit: 1, Per: 10 * time.Second})
	}))
	upload := simple("chat/upload", Pure, 2, func(_ *Call, a []string) (string, error) { return a[0] + ":" + a[1], nil })
	upload.MaxBytes = 100 << 10
	AddRPC(reg, upload)
	shape := RPC[[]any, string]{
		Name: "chat/shape", Mode: Pure,
		Decode: func(d *value.Decoder) []any {
			d.Skip()
			return nil
		},
		Call:   func(*Call, *[]any) (string, error) { return "shape", nil },
		Encode: appendString,
	}
	AddRPC(reg, shape)
	reg.rpcs["chat/shape"].Decode = func([]byte, any) bool { return false } // only its schema knows what fits
	signIn := simple("chat/signIn", Write, 1, func(c *Call, a []string) (string, error) {
		if a[0] == "" {
			return "", c.EndSession()
		}
		return a[0], c.StartSession(a[0])
	})
	signIn.Session = true
	AddRPC(reg, signIn)
	AddRPC(reg, simple("chat/session", Read, 0, func(c *Call, _ []string) (string, error) {
		key, _, err := c.SessionKey()
		return key, err
	}))
	AddStream(reg, Stream[[]string]{
		Name: "chat/lines", Query: linesOf,
		Decode: decodeStrings(1),
		Open:   func(_ *Call, a *[]string) ([]relation.Value, error) { return []relation.Value{(*a)[0]}, nil },
	})
	AddStream(reg, Stream[[]string]{
		Name: "chat/secret", Query: linesOf,
		Decode: decodeStrings(1),
		Open: func(c *Call, a *[]string) ([]relation.Value, error) {
			// The guard reads the row itself, so that the checks of the stream depend on it too, not only upgrade.
			row, err := c.Tx().Get(people, relation.Row{"ann"})
			if err != nil {
				return nil, err
			}
			if row == nil || row[1] == "guest" {
				return nil, ErrGate
			}
			if row[1] != "admin" {
				return nil, Fail(CodeForbidden, "Admins only")
			}
			return []relation.Value{(*a)[0]}, nil
		},
	})
	return reg
}

// testServer runs the app on a database in memory.
type testServer struct {
	*Server
	held *held
	logs *lockedBuffer
}

func startServer(t *testing.T, change func(*Options)) *testServer {
	t.Helper()
	return startApp(t, nil, change)
}

// startApp is startServer for an app that is changed.
func startApp(t *testing.T, changeApp func(*App), change func(*Options)) *testServer {
	t.Helper()
	h := &held{entered: make(chan struct{}, 100), leave: make(chan struct{})}
	reg := testRegistry(h)
	if changeApp != nil {
		changeApp(&reg.app)
	}
	return startRegistry(t, h, reg, change)
}

// startRegistry is startServer for a registry made by testRegistry, to which more may have been added.
func startRegistry(t *testing.T, h *held, reg *Registry, change func(*Options)) *testServer {
	t.Helper()
	logs := &lockedBuffer{}
	logger := slog.New(slog.NewTextHandler(logs, nil))
	db, err := sqlite.Open(t.Context(), sqlite.Memory, testRegistry(h).Tables(),
		sqlite.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	opt := Options{Store: db, Logger: logger, Secret: bytes.Repeat([]byte("s"), 32)}
	if change != nil {
		change(&opt)
	}
	s, err := newServer(reg, opt, newRequery)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Errorf("closing the server: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return &testServer{s, h, logs}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// at is a clock that shows the time of now; its timers are the machine's.
func at(now func() time.Time) clock.Clock { return funcClock{now: now} }

type funcClock struct {
	clock.System
	now func() time.Time
}

func (c funcClock) Now() time.Time { return c.now() }
