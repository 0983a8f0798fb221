package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/value"
)

type arguments = []any

func rpc(r *live.Registry, name string, body func(c *live.Call, a arguments) (any, error)) {
	live.AddRPC(r, live.RPC[arguments, any]{
		Name: name, Mode: live.Pure, MaxBytes: 1 << 20,
		Decode: func(d *value.Decoder) (a arguments) {
			d.Check(json.Unmarshal(d.JSON(), &a) == nil, "must be a list")
			return a
		},
		Call:   func(c *live.Call, a *arguments) (any, error) { return body(c, *a) },
		Encode: func(dst []byte, v *any) []byte { b, _ := json.Marshal(*v); return append(dst, b...) },
	})
}

func registry() *live.Registry {
	r := live.NewRegistry(live.App{
		Name: "harness", Hash: "x", Sessions: true,
		Contract: []byte(
			`{"name":"harness","hash":"x","modules":[{"name":"a","entryPoints":[{"kind":"rpc","name":"a/size",` +
				`"params":[{"name":"data","type":"bytes"},{"name":"n","type":"int"}]}]}]}`,
		),
		Upgrade: func(c *live.Call) (any, error) {
			if key, ok, err := c.SessionKey(); err != nil || ok {
				return key, err
			}
			if name := c.Header("X-Name"); name != nil {
				return *name, nil
			}
			return nil, nil
		},
		UserKey: func(user any) string { return user.(string) },
	})
	rpc(r, "a/me", func(c *live.Call, _ arguments) (any, error) { return c.User(), nil })
	rpc(r, "a/now", func(c *live.Call, _ arguments) (any, error) { return c.Now().UnixMilli(), nil })
	rpc(r, "a/size", func(_ *live.Call, a arguments) (any, error) { return len(a[0].(string)), nil })
	rpc(r, "a/fail", func(*live.Call, arguments) (any, error) { return nil, live.Fail("TEAPOT", "Short and stout") })
	rpc(r, "a/break", func(*live.Call, arguments) (any, error) { return nil, errors.New("broken") })
	return r
}

func TestClients(t *testing.T) {
	env := New(t, registry())
	for want, c := range map[string]*Client{
		`null`:  env.Connect(nil),
		`"ann"`: env.Connect("ann"),
		`"bob"`: env.ConnectSession("bob"),
		`"eve"`: env.ConnectWith(http.Header{"X-Name": {"eve"}}),
	} {
		if got := c.MustCall("a/me").String(); got != want {
			t.Errorf("it is %s, want %s", got, want)
		}
		c.Disconnect()
		if _, err := c.Call("a/me"); live.CodeOf(err) != "DISCONNECTED" {
			t.Errorf("a lost connection gives %v", err)
		}
		c.Reconnect()
		if got := c.MustCall("a/me").String(); got != want {
			t.Errorf("it comes back as %s, want %s", got, want)
		}
	}
	c := env.Connect("ann")
	if got, err := c.Binary("a/size", make([]byte, 300), nil, 7); err != nil || got.String() != "400" { // as base64
		t.Errorf("a binary call gives %s, %v", got, err)
	}
	if _, err := c.Call("a/fail"); live.CodeOf(err) != "TEAPOT" {
		t.Errorf("got %v", err)
	}
	if _, err := c.Call("a/break"); live.CodeOf(err) != live.CodeInternal || fmt.Sprint(env.Errors()) != "[a/break: broken]" {
		t.Errorf("got %v, and the hook %v", err, env.Errors())
	}
	if got := c.MustCall("a/now").String(); got != fmt.Sprint(Start.UnixMilli()) {
		t.Errorf("it is %s", got)
	}
	env.Advance(time.Hour)
	if got := c.MustCall("a/now").String(); got != fmt.Sprint(Start.Add(time.Hour).UnixMilli()) {
		t.Errorf("an hour later it is %s", got)
	}
	if err := c.Subscribe("a/none").Err(); live.CodeOf(err) != live.CodeNotFound {
		t.Errorf("a stream that is not there gives %v", err)
	}
	env.Close()
	if code, _ := c.Closed(); code != 4000 {
		t.Errorf("closed with %d", code)
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ value, ops, want string }{
		{`[]`, `[["+",0,{"a":1}]]`, `[{"a":1}]`},
		{`[1,2,3]`, `[["-",1],["+",2,4]]`, `[1,3,4]`},
		{`[1,2,3]`, `[[">",0,2]]`, `[2,3,1]`},
		{`[1,2,3]`, `[[">",2,0],["-",0]]`, `[1,2]`},
		{`[{"a":1,"b":2}]`, `[["~",0,{"b":3}]]`, `[{"a":1,"b":3}]`},
	} {
		got, err := applyDiff(JSON(c.value), json.RawMessage(c.ops))
		if err != nil || got.String() != c.want {
			t.Errorf("%s after %s is %s (%v), want %s", c.value, c.ops, got, err, c.want)
		}
	}
	if _, err := applyDiff(JSON(`{}`), json.RawMessage(`[]`)); err == nil {
		t.Error("a diff of what is no list is applied")
	}
}

func TestJSON(t *testing.T) {
	v := JSON(`[{"a":[1,2]},"x"]`)
	if v.Len() != 2 || v.At(0).Get("a").At(1).String() != "2" || v.At(2) != nil || v.Get("a") != nil || v.At(1).Len() != 0 {
		t.Errorf("parts of %s are wrong", v)
	}
	if JSON(nil).String() != "undefined" || JSON(nil).Any() != nil || fmt.Sprint(v.At(1).Any()) != "x" {
		t.Error("values without parts are wrong")
	}
	var s string
	if err := v.At(1).Decode(&s); err != nil || s != "x" {
		t.Errorf("decoded %q, %v", s, err)
	}
}

// TestConnectAsARow connects as a row by value: generated code has users as pointers.
func TestConnectAsARow(t *testing.T) {
	type person struct{ ID string }
	r := live.NewRegistry(live.App{Name: "rows", Hash: "x", UserKey: func(user any) string { return user.(*person).ID }})
	rpc(r, "a/me", func(c *live.Call, _ arguments) (any, error) { return c.User().(*person).ID, nil })
	env := New(t, r)
	for _, user := range []any{person{"ann"}, &person{"ann"}} {
		if got := env.Connect(user).MustCall("a/me"); string(got) != `"ann"` {
			t.Errorf("connected as %T: %s", user, got)
		}
	}
}
