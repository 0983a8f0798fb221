package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

// secretText is in every secret field of the app, at every depth.
const secretText = "CANARY"

// clean fails if something that left the server has a secret in it, by its value or by its name.
func clean(t *testing.T, where string, left []byte) {
	t.Helper()
	if at := bytes.Index(left, []byte(secretText)); at >= 0 {
		t.Errorf("%s shows a secret: … %s", where, left[max(at-80, 0):min(at+80, len(left))])
	}
	for _, name := range []string{`hashed`, `"note"`, `wholly`, `numeral`, `hidden`, `cipher`, `"token"`, `"pin":"`, `"h":`, `"w":`} {
		if bytes.Contains(left, []byte(name)) {
			t.Errorf("%s shows the member %s: %.400s", where, name, left)
		}
	}
}

// logs keeps what the app logs.
type logs struct {
	sync.Mutex
	bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(p)
}

func (l *logs) text() []byte {
	l.Lock()
	defer l.Unlock()
	return bytes.Clone(l.Bytes())
}

func start(t *testing.T) (*livetest.Env, *logs) {
	t.Helper()
	out := &logs{}
	env := livetest.New(t, NewRegistry(), func(o *runtime.Options) { o.Logger = slog.New(slog.NewJSONHandler(out, nil)) })
	return env, out
}

// streams are all that can be subscribed to, with their arguments.
func streams(id string) map[string][]any {
	out := map[string][]any{"one": {id}, "desk.data": {"d"}, "desk.presence": {"d"}, "desk.cursors": {"d"}, "spots": nil, "wall": nil,
		"about": {map[string]any{"last4": "1"}, map[string]any{"card": map[string]any{"last4": "2"}}},
	}
	for _, name := range []string{
		"users", "paged", "top", "joined", "chosen", "renamed", "mapped", "bare", "cards", "grouped", "sub",
		"derived", "derivedRow", "published", "events",
	} {
		out[name] = nil
	}
	return out
}

// TestEvents follows every stream while rows come, change, move and go.
func TestEvents(t *testing.T) {
	env, out := start(t)
	c := env.Connect(nil)
	first := c.MustCall("vault/add", 1, "ann")
	id := first.Get("id").Any().(string)
	clean(t, "the answer of add", first)
	ann := vaultUser(id)
	me := env.Connect(ann)
	subs := map[string]*livetest.Stream{}
	for name, args := range streams(id) {
		subs[name] = me.Subscribe("vault/"+name, args...)
	}
	open := me.Subscribe("vault/shown")
	heard := func(step string) (n int) {
		for name, s := range subs {
			if err := s.Err(); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			clean(t, step+" of "+name, s.Value())
			for _, e := range s.Events() {
				clean(t, step+" as an event of "+name, e.Value)
				n++
			}
		}
		return n
	}
	heard("the first value")
	if !strings.Contains(string(open.Value()), secretText) {
		t.Errorf("reveal shows %s", open.Value())
	}
	for _, part := range []string{`"last4":"1111"`, `"name":"inner"`, `"r":1`} {
		if v := string(subs["users"].Value()); !strings.Contains(v, part) {
			t.Errorf("%s, which is not secret, is missing: %s", part, v)
		}
	}
	if v := string(subs["bare"].Value()); v != `[null]` {
		t.Errorf("secrets by themselves are shown as %s", v)
	}

	// A change of secrets alone is no event to anybody who does not see them.
	before := heard("before the change")
	me.MustCall("vault/rotate", id, 2)
	for name := range subs {
		if name == "grouped" { // whose groups are made by a secret
			continue
		}
		for _, e := range subs[name].Events() {
			t.Errorf("%s tells of a change of secrets: %s %.300s", name, e.Name, e.Value)
		}
	}
	if after := heard("a change of secrets"); after > before+1 { // that of the groups by a secret
		t.Errorf("%d events where there were %d", after, before)
	}

	me.MustCall("vault/add", 2, "bob")
	heard("an insert")
	me.MustCall("vault/rename", id, "anna")
	heard("an update")
	if v := string(subs["users"].Value()); !strings.Contains(v, `"anna"`) || !strings.Contains(v, `"side":2`) {
		t.Errorf("the update has not come: %s", v)
	}
	me.MustCall("vault/move", id, 5)
	heard("a move")
	me.MustCall("vault/announce", id)
	heard("publish")
	for _, s := range me.Signals() {
		clean(t, "the signal "+s.Name, s.Args)
	}
	if len(me.Signals()) == 0 {
		t.Error("no signal came")
	}
	last4 := map[string]any{"last4": "2222"}
	if err := me.Publish("vault/desk.cursors", []any{"d"}, "update", map[string]any{"x": 1, "card": last4}); err != nil {
		t.Error(err)
	}
	if err := me.Publish("vault/spots", nil, "join", map[string]any{"at": 1, "card": last4}); err != nil {
		t.Error(err)
	}
	if err := me.Publish("vault/wall", nil, "created", last4); err != nil {
		t.Error(err)
	}
	env.Settle()
	heard("an entry of a client")
	console(t, env)
	subs["paged"].More()
	me.MustCall("vault/remove", id)
	heard("a delete")
	clean(t, "the log", out.text())
}

// console asks for all that the server tells of itself.
func console(t *testing.T, env *livetest.Env) {
	t.Helper()
	for _, path := range []string{"/_live/contract.json", "/_live/rooms.json", "/_live/", "/metrics"} {
		w := env.Request("GET", path, nil, "")
		if w.Code != http.StatusOK {
			t.Errorf("%s gives %d", path, w.Code)
		}
		clean(t, path, w.Body.Bytes())
	}
	rooms := env.Request("GET", "/_live/rooms.json", nil, "").Body.String()
	if !strings.Contains(rooms, "2222") || !strings.Contains(rooms, `"last4"`) {
		t.Errorf("the rooms do not show what is in them: %s", rooms)
	}
}

// vaultUser is the row of a user, with all that is secret, as upgrade would find it.
func vaultUser(id string) *User {
	var u User
	u.ID, u.Name, u.At, u.Tier, u.Hashed = id, "ann", 1, "free", "CANARY ctx"
	note := "CANARY ctx"
	u.Note = &note
	u.Card = Card{Numeral: "CANARY ctx", Last4: "1111"}
	u.Wholly = &u.Card
	u.Box.Card = u.Card
	u.Deep = Deep{Pin: "CANARY ctx", Name: "ctx", More: []Deep{{Pin: "CANARY ctx", Name: "in"}}}
	u.Deep.By = map[string]Deep{"a": {Pin: "CANARY ctx"}}
	u.Deeps = u.Deep.More
	shape := Shape(Round{Kind: "round", Cipher: "CANARY ctx", R: 1})
	u.Shape = &shape
	return &u
}

// TestAnswers asks every rpc, over a socket and over HTTP.
func TestAnswers(t *testing.T) {
	env, out := start(t)
	c := env.Connect(nil)
	id := c.MustCall("vault/add", 1, "ann").Get("id").Any().(string)
	me := env.Connect(vaultUser(id))
	h := http.Header{"Content-Type": {"application/json"}}
	for name, args := range map[string][]any{
		"row": {id}, "rows": {}, "byName": {}, "deeps": {}, "nested": {}, "joins": {}, "spread": {},
		"asJson": {}, "writes": {id}, "change": {id, map[string]any{"name": "x"}},
		"desk.here": {"d"}, "make": {map[string]any{"last4": "1"}, nil, map[string]any{"name": "x"}},
	} {
		clean(t, name, me.MustCall("vault/"+name, args...))
		body, err := json.Marshal(args)
		if err != nil {
			t.Fatal(err)
		}
		clean(t, name+" over HTTP", env.Request("POST", "/_live/rpc/vault/"+name, h, string(body)).Body.Bytes())
	}
	for name, args := range streams(id) {
		body, _ := json.Marshal(append([]any{}, args...))
		clean(t, name+" over HTTP", env.Request("GET", "/_live/stream/vault/"+name+"?args="+string(body), nil, "").Body.Bytes())
	}
	clean(t, "the log", out.text())
	if !bytes.Contains(out.text(), []byte("all of")) {
		t.Errorf("nothing was logged: %s", out.text())
	}
}

// TestInput shows that clients can set nothing that is secret or the server's.
func TestInput(t *testing.T) {
	env, _ := start(t)
	c := env.Connect(nil)
	id := c.MustCall("vault/add", 1, "ann").Get("id").Any().(string)
	card := func(members string) json.RawMessage { return json.RawMessage(`{"last4":"1"` + members + `}`) }
	for _, args := range [][]any{
		{id, json.RawMessage(`{"hashed":"x"}`)},
		{id, json.RawMessage(`{"name":"y","hashed":"x"}`)},
		{id, json.RawMessage(`{"note":null}`)},
		{id, json.RawMessage(`{"wholly":{"last4":"1"}}`)},
		{id, json.RawMessage(`{"tier":"pro"}`)},
		{id, json.RawMessage(`{"h\u0061shed":"x"}`)},
		{id, json.RawMessage(`{"card":{"last4":"1","numeral":"x"}}`)},
		{id, json.RawMessage(`{"deeps":[{"name":"a","more":[{"name":"b","pin":"x"}]}]}`)},
	} {
		if _, err := c.Call("vault/change", args...); runtime.CodeOf(err) != "VALIDATION" {
			t.Errorf("change%s gives %v", args[1], err)
		}
	}
	for _, members := range []string{`,"numeral":"x"`, ` , "numeral" : "x"`, `,"token":"x"`} {
		if _, err := c.Call("vault/make", card(members)); runtime.CodeOf(err) != "VALIDATION" {
			t.Errorf("make of a card with%s gives %v", members, err)
		}
		if err := c.Publish("vault/wall", nil, "created", card(members)); runtime.CodeOf(err) != "VALIDATION" {
			t.Errorf("an entry with%s gives %v", members, err)
		}
		entry := map[string]any{"at": 1, "card": card(members)}
		if err := c.Publish("vault/spots", nil, "join", entry); runtime.CodeOf(err) != "VALIDATION" {
			t.Errorf("a presence with%s gives %v", members, err)
		}
	}
	user := json.RawMessage(`{"at":1,"name":"new","card":{"last4":"1"},"box":{"card":{"last4":"2"}},"deep":{"name":"d"}}`)
	if got := c.MustCall("vault/keep", user); string(got) != "true" {
		t.Errorf("what clients leave out has other values than its defaults: %s", got)
	}
	with := json.RawMessage(strings.Replace(string(user), `"at":1`, `"at":1,"hashed":"x"`, 1))
	if _, err := c.Call("vault/keep", with); runtime.CodeOf(err) != "VALIDATION" {
		t.Errorf("keep of a row with a hashed gives %v", err)
	}
	box := json.RawMessage(`{"card":{"last4":"2"},"cards":[{"last4":"3"},{"last4":"4"}]}`)
	if got := c.MustCall("vault/fills", card(""), box); string(got) != "true" {
		t.Error("defaults of secret fields are not computed for what a client sends")
	}
	if got := c.MustCall("vault/reads", id); string(got) != `"old"` {
		t.Error("a client has set a secret")
	}
}

// TestServerSent reads live and published streams as server-sent events.
func TestServerSent(t *testing.T) {
	env, _ := start(t)
	c := env.Connect(nil)
	id := c.MustCall("vault/add", 1, "ann").Get("id").Any().(string)
	front := httptest.NewServer(env.Server)
	defer front.Close()
	for name, args := range streams(id) {
		if strings.HasPrefix(name, "desk") {
			continue
		}
		body, _ := json.Marshal(append([]any{}, args...))
		ctx, leave := context.WithTimeout(t.Context(), time.Minute)
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, front.URL+"/_live/stream/vault/"+name+"?args="+string(body), nil)
		r.Header.Set("Accept", "text/event-stream")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(resp.Body)
		line, err := lines.ReadBytes('\n')
		if err != nil || !bytes.HasPrefix(line, []byte("data:")) {
			t.Errorf("%s: %s %v", name, line, err)
		}
		clean(t, name+" as server-sent events", line)
		if name == "users" {
			c.MustCall("vault/rotate", id, 2)
			c.MustCall("vault/rename", id, "anna")
			for !bytes.Contains(line, []byte("anna")) {
				if line, err = lines.ReadBytes('\n'); err != nil {
					t.Fatal(err)
				}
				clean(t, "an event of "+name, line)
			}
		}
		leave()
		_ = resp.Body.Close()
	}
}

// TestStored shows that the secrets are kept: what is stored is whole.
func TestStored(t *testing.T) {
	env, _ := start(t)
	c := env.Connect(nil)
	id := c.MustCall("vault/add", 1, "ann").Get("id").Any().(string)
	c.MustCall("vault/rename", id, "anna")
	if got := c.MustCall("vault/reads", id); string(got) != `"old"` {
		t.Errorf("a secret is lost: %s", got)
	}
	c.MustCall("vault/rotate", id, 2)
	if got := c.MustCall("vault/reads", id); string(got) != `"new"` {
		t.Errorf("a secret has not changed: %s", got)
	}
}
