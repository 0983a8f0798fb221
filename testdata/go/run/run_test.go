package app

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

// step is one call with what it gives: JSON, an error code, or anything but an error for *.
type step struct{ rpc, args, want string }

func args(t *testing.T, text string) []any {
	t.Helper()
	var raw []json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	out := make([]any, len(raw))
	for i, r := range raw {
		out[i] = r
	}
	return out
}

func run(t *testing.T, c *livetest.Client, steps []step) {
	t.Helper()
	for _, s := range steps {
		got, err := c.Call(s.rpc, args(t, s.args)...)
		text := string(got)
		if err != nil {
			text = runtime.CodeOf(err)
		}
		if text != s.want && !(s.want == "*" && err == nil) {
			t.Errorf("%s%s\n got %s (%v)\nwant %s", s.rpc, s.args, text, err, s.want)
		}
	}
}

var jsonHeader = http.Header{"Content-Type": {"application/json"}}

func start(t *testing.T) *livetest.Env {
	t.Helper()
	return livetest.New(t, NewRegistry(), func(o *runtime.Options) {
		o.LookupEnv = func(name string) (string, bool) {
			v, ok := map[string]string{"LIMIT": "4", "WAIT": "2m", "MODE": "slow"}[name]
			return v, ok
		}
	})
}

func TestExpressions(t *testing.T) {
	c := start(t).Connect(nil)
	run(t, c, []step{
		{"kitchen/sum", `[3,4]`, `10`},
		{"kitchen/sum", `[9007199254740991,1]`, `INTERNAL`},
		{"kitchen/ratio", `[1,4]`, `0.25`},
		{"kitchen/ratio", `[1,0]`, `INTERNAL`},
		{"kitchen/rest", `[7,4]`, `3`},
		{"kitchen/rest", `[7,0]`, `INTERNAL`},
		{"kitchen/pick", `[["a","b"],1]`, `"b"`},
		{"kitchen/pick", `[["a","b"],2]`, `INTERNAL`},
		{"kitchen/look", `[{"a":1},"a"]`, `1`},
		{"kitchen/look", `[{"a":1},"b"]`, `null`},
		{"kitchen/fact", `[5]`, `120`},
		{"kitchen/fact", `[40]`, `INTERNAL`},
		{"kitchen/levels", `["high"]`, `{"rank":2,"low":false,"order":true,"greeting":"hi","limit":4}`},
		{"kitchen/levels", `["low"]`, `{"rank":0,"low":true,"order":false,"greeting":"hi","limit":4}`},
		{"kitchen/lists", `[[3,1,2,3],1]`, `{"kept":[3,2,3],"doubled":[6,2,4,6],"sorted":[3,3,2,1],"n":4,"total":9,"mean":2.25,"least":1,` +
			`"most":3,"first":3,"some":true,"every":false,"has":true,"joined":"3-1-2-3","part":[1,2],"reversed":[3,2,1,3],"unique":[3,1,2]}`},
		{"kitchen/lists", `[[],1]`, `{"kept":[],"doubled":[],"sorted":[],"n":0,"total":0,"mean":null,"least":null,"most":null,"first":null,` +
			`"some":false,"every":true,"has":false,"joined":"","part":[],"reversed":[],"unique":[]}`},
		{"kitchen/texts", `["aÄ,z "]`, `{"lower":"aä,z ","upper":"AÄ,Z ","trimmed":"aÄ,z","n":5,"starts":true,"parts":["aÄ","z "],` +
			`"replaced":"bÄ,z ","part":"Ä,","has":true,"padded":"aÄ,z "}`},
		{"kitchen/times", `["2026-01-31T09:30:00.000Z",90000]`, `{"later":"2026-01-31T09:31:30.000Z","gap":90000,"year":2026,"weekday":6,` +
			`"text":"2026-01-31T09:30:00.000Z 90s","ms":90000,"before":true,"twice":180000}`},
		{"kitchen/times", `["2026-01-31T10:30:00+01:00",0]`, `{"later":"2026-01-31T09:30:00.000Z","gap":0,"year":2026,"weekday":6,` +
			`"text":"2026-01-31T09:30:00.000Z 0ms","ms":0,"before":false,"twice":0}`},
		{"kitchen/numbers", `[2.5,-7]`, `{"rounded":3,"floored":2,"ceiled":3,"root":1.5811388300841898,"abs":7,"least":-7,"most":2.5,"whole":2}`},
		{"kitchen/numbers", `[-2.5,7]`, `INTERNAL`},
		{"kitchen/loops", `[[1,0],{"b":9,"a":8}]`, `{"text":"a","n":8}`},
		{"kitchen/loops", `[[1],{}]`, `{"text":"none","n":1}`},
		{"kitchen/loops", `[[-1],{}]`, `{"text":"negative","n":-1}`},
		{"kitchen/loops", `[[100],{}]`, `TOO_LARGE`},
		{"kitchen/maybe", `[]`, `{"a":"none","same":true,"n":null,"both":false}`},
		{"kitchen/maybe", `[null,"b"]`, `{"a":"b","same":false,"n":null,"both":false}`},
		{"kitchen/maybe", `["a","b"]`, `{"a":"a","same":false,"n":1,"both":true}`},
		{"kitchen/shape", `[{"kind":"circle","at":{"x":1,"y":2},"radius":2}]`, `{"kind":"square","at":{"x":1,"y":2},"side":4}`},
		{"kitchen/shape", `[{"side":4,"at":{"y":2,"x":1e0},"kind":"square"}]`, `{"kind":"circle","at":{"x":1,"y":2},"radius":2}`},
		{"kitchen/shape", `[{"kind":"circle","at":{"x":1,"y":2},"radius":-1}]`, `VALIDATION`},
		{"kitchen/area", `[null]`, `-1`},
		{"kitchen/area", `[{"kind":"square","at":{"x":1,"y":2},"side":3}]`, `9`},
		{"kitchen/defaults", `[1]`, `"1 b none 2"`},
		{"kitchen/defaults", `[1.0,null,"high",[]]`, `"1 b h 0"`},
		{"kitchen/defaults", `[1,"x",null,[1]]`, `"1 x none 1"`},
		{"kitchen/fails", `[0]`, `null`},
		{"kitchen/fails", `[1]`, `ONE`},
		{"kitchen/fails", `[2]`, `TWO`},
		{"kitchen/fails", `[3]`, `NOT_FOUND`},
		{"kitchen/enums", `["low"]`, `"low"`},
		{"kitchen/enums", `["none"]`, `VALIDATION`},
		{"kitchen/parse", `["{\"b\": 1.0, \"a\": [true, null]}"]`, `{"a":[true,null],"b":1}`},
		{"kitchen/parse", `["{"]`, `VALIDATION`},
		{"kitchen/upload", `["n","AQID"]`, `{"name":"n","size":3,"mac":"7cfbd043de094f725db8142d32d8abf37d4f59c2240e6d3fb271ceb2f9e2a0b3"}`},
		{"kitchen/since", `[]`, `{"at":"2026-01-31T09:30:00.000Z","n":1440,"until":"2026-01-31T09:30:00.000Z"}`},
		{"kitchen/since", `["2025-01-01T00:00:00.000Z",1,null]`, `{"at":"2025-01-01T00:00:00.000Z","n":1,"until":null}`},
		{"post/post", `["ann","hi"]`, `"ann:hi"`},
		{"post/post", `["ann","hi",true]`, `"ANN:HI"`},
		{"post/post", `["","hi"]`, `INTERNAL`},
		{"post/post", `["moved","hi"]`, `MOVED`},
		{"post/post", `["nowhere","hi"]`, `NOT_FOUND`},
		{"post/post", `["custom","hi"]`, `INTERNAL`},
		{"post/reply", `["ann"]`, `{"to":"ann","text":"Thanks"}`},
		{"kitchen/limited", `[]`, `null`},
		{"kitchen/limited", `[]`, `null`},
		{"kitchen/limited", `[]`, `RATE_LIMITED`},
		{"kitchen/keyed", `["a"]`, `null`},
		{"kitchen/keyed", `["b"]`, `null`},
		{"kitchen/keyed", `["a"]`, `RATE_LIMITED`},
	})
}

func TestProfile(t *testing.T) {
	c := start(t).Connect(nil)
	const whole = `{"name":"a","tags":["x","y"],"level":"high","note":"n","scores":{"a":1,"b":2},"born":"2026-01-31T09:30:00.000Z",` +
		`"span":1500,"icon":"AQID","more":{"a":[1,null]}}`
	run(t, c, []step{
		{"kitchen/profile", `[` + whole + `]`, whole},
		{"kitchen/profile", `[{"name":"\u0061","scores":{},"more":null}]`, `{"name":"a","tags":[],"level":"middle","note":null,"scores":{},` +
			`"born":null,"span":5000,"icon":null,"more":null}`},
		{"kitchen/profile", `[{"name":"","scores":{},"more":null}]`, `VALIDATION`},
		{"kitchen/profile", `[{"name":"a","scores":{"a":1,"a":2},"more":null}]`, `VALIDATION`},
		{"kitchen/profile", `[{"name":"a","tags":["12345678901"],"scores":{},"more":null}]`, `VALIDATION`},
		{"kitchen/profile", `[{"name":"a","scores":{},"icon":"AAAAAAAAAAAA","more":null}]`, `VALIDATION`},
		{"kitchen/profile", `[{"name":"a","scores":{},"more":null,"other":1}]`, `VALIDATION`},
		{"kitchen/reads", `[{"name":"a","scores":{"b":1},"more":1,"other":[{}]}]`, `{"name":"a","tags":[],"level":"middle","note":null,` +
			`"scores":{"b":1},"born":null,"span":5000,"icon":null,"more":1}`},
		{"kitchen/reads", `[{"name":"a"}]`, `VALIDATION`},
		{"kitchen/reads", `[{"name":"a","scores":{"b":1.5},"more":1}]`, `VALIDATION`},
	})
	_, err := c.Call("kitchen/reads", json.RawMessage(`{"name":"a","scores":{"b":"x"},"more":1}`))
	var failure *runtime.Error
	if failure, _ = err.(*runtime.Error); failure == nil || len(failure.Issues) != 1 || failure.Issues[0].Path != "/scores/b" {
		t.Errorf("the issue of a member that does not fit: %+v", failure)
	}
}

func TestStock(t *testing.T) {
	c := start(t).Connect(nil)
	const at = `"at":"2026-01-31T09:30:00.000Z","lasts":3600000,"photo":null,"extra":{"a":[1,2]},"price":0.5}`
	item := func(name string, stock string, level string) string {
		return `{"sku":"a-1","name":"` + name + `","stock":` + stock + `,"level":"` + level + `","tags":["new"],"size":{"w":1,"h":2},` + at
	}
	run(t, c, []step{
		{"stock/get", `["a-1"]`, `null`},
		{"stock/put", `["a-1","One"]`, item("One", "3", "low")},
		{"stock/put", `["a-1","Uno",5]`, item("Uno", "5", "low")},
		{"stock/put", `["A","One"]`, `VALIDATION`},
		{"stock/take", `["a-1",2]`, item("Uno", "3", "high")},
		{"stock/take", `["a-1",4]`, `VALIDATION`},
		{"stock/take", `["b",4]`, `NOT_FOUND`},
		{"stock/get", `["a-1"]`, item("Uno", "3", "high")},
		{"stock/edit", `["a-1",{"name":"One","size":null,"tags":["x"]}]`, `{"sku":"a-1","name":"One","stock":3,"level":"high","tags":["x"],` +
			`"size":null,` + at},
		{"stock/edit", `["a-1",{}]`, `{"sku":"a-1","name":"One","stock":3,"level":"high","tags":["x"],"size":null,` + at},
		{"stock/put", `["b","Two",9]`, `{"sku":"b","name":"Two","stock":9,"level":"low","tags":["new"],"size":{"w":1,"h":2},` + at},
		{"stock/levels", `[]`, `[{"level":"low","n":1,"most":9},{"level":"high","n":1,"most":3}]`},
		{"stock/summary", `[]`, `{"n":2,"total":12,"mean":0.5,"names":["One","Two"],"any":true,"last":"2026-01-31T09:30:00.000Z"}`},
		{"stock/raise", `[5]`, `1`},
		{"stock/clear", `[10]`, `1`},
		{"stock/drop", `["a-1"]`, `null`},
		{"stock/drop", `["a-1"]`, `NOT_FOUND`},
		{"stock/summary", `[]`, `{"n":0,"total":0,"mean":null,"names":[],"any":false,"last":null}`},
		{"stock/pair", `["x",1]`, `{"a":"x","b":1,"n":1}`},
		{"stock/pair", `["x",1]`, `{"a":"x","b":1,"n":2}`},
		{"stock/pair", `["x",2]`, `{"a":"x","b":2,"n":1}`},
		{"stock/reserve", `["q",1]`, `*`},
		{"stock/reserve", `["q",1]`, `CONFLICT`},
	})
	slot := c.MustCall("stock/addSlot", map[string]any{"room": "s", "at": 1}, []any{map[string]any{"room": "s", "at": 2}})
	if len(slot.Get("slot").Get("id").String()) != 38 || slot.Get("more").String() != "1" {
		t.Errorf("a slot without an id became %s", slot)
	}
	first := c.MustCall("stock/book", "r", 1, "ann")
	second := c.MustCall("stock/book", "r", 1, "bob")
	if a, b := first.Get("id").String(), second.Get("id").String(); a != b || second.Get("by").String() != `"bob"` {
		t.Errorf("an upsert by a unique set made %s of %s", second, first)
	}
	if _, err := c.Call("stock/reserve", "r", 1); runtime.CodeOf(err) != runtime.CodeConflict {
		t.Errorf("a unique set that is taken: %v", err)
	}
}

func TestPolicies(t *testing.T) {
	env := start(t)
	ann := &User{ID: "1", Name: "Ann", Role: UserRoleMember}
	bob := &User{ID: "2", Name: "Bob", Role: UserRoleMember}
	nobody, annClient, bobClient := env.Connect(nil), env.Connect(ann), env.Connect(bob)
	run(t, nobody, []step{{"stock/notes", `[]`, `[]`}, {"stock/write", `["x"]`, `UNAUTHORIZED`}})
	note := annClient.MustCall("stock/write", "first")
	run(t, annClient, []step{
		{"stock/notes", `[]`, `[` + note.String() + `]`},
		{"stock/writeFor", `["2","second"]`, `FORBIDDEN`},
		{"stock/write", `["123456789012345678901"]`, `VALIDATION`},
		{"stock/hit", `[]`, `1`},
	})
	run(t, bobClient, []step{{"stock/notes", `[]`, `[]`}, {"stock/hit", `[]`, `0`}})
	run(t, nobody, []step{{"stock/notes", `[]`, `[]`}})
	mine := annClient.Subscribe("stock/mine")
	if mine.Value().Len() != 1 {
		t.Errorf("stream mine holds %s", mine.Value())
	}
	annClient.MustCall("stock/write", "another")
	mine.WaitFor(func(v livetest.JSON) bool { return v.Len() == 2 })
}

// TestHiddenRows writes to rows by their keys, which their `read if` hides from some.
func TestHiddenRows(t *testing.T) {
	env := start(t)
	ann := env.Connect(&User{ID: "1", Name: "Ann", Role: UserRoleMember})
	bob := env.Connect(&User{ID: "2", Name: "Bob", Role: UserRoleMember})
	const first = `{"id":"k","owner":"1","text":"t","note":"hidden"}`
	run(t, ann, []step{{"stock/draft", `["k","t","hidden"]`, first}})
	run(t, bob, []step{
		{"stock/findDraft", `["k"]`, `null`},
		{"stock/putDraft", `["k","x"]`, `FORBIDDEN`},
		{"stock/editDraft", `[{"id":"k","owner":"2","text":"x"}]`, `NOT_FOUND`},
		{"stock/editDraft", `[{"id":"none","owner":"2","text":"x"}]`, `NOT_FOUND`},
		{"stock/patchDraft", `[{"id":"k","owner":"2","text":"x"},{"text":"x"}]`, `NOT_FOUND`},
		{"stock/dropDraft", `[{"id":"k","owner":"2","text":"x"}]`, `NOT_FOUND`},
		{"stock/dropDraft", `[{"id":"none","owner":"2","text":"x"}]`, `NOT_FOUND`},
		{"stock/draft", `["k","t",""]`, `CONFLICT`},
	})
	run(t, ann, []step{
		{"stock/findDraft", `["k"]`, first},
		{"stock/putDraft", `["k","x"]`, `{"id":"k","owner":"1","text":"x","note":"hidden"}`},
		{"stock/editDraft", `[{"id":"k","owner":"1","text":"x"}]`, `{"id":"k","owner":"1","text":"edited","note":"hidden"}`},
		{"stock/patchDraft", `[{"id":"k","owner":"1","text":"x"},{"text":"p"}]`, `{"id":"k","owner":"1","text":"p","note":"hidden"}`},
		{"stock/putDraft", `["new","y"]`, `{"id":"new","owner":"1","text":"y","note":""}`},
		{"stock/dropDraft", `[{"id":"new","owner":"2","text":""}]`, `null`},
		{"stock/findDraft", `["new"]`, `null`},
		// What a body has written itself it may go on with, though it may not be able to find it.
		{"stock/draftFor", `["b","2","hi"]`, `{"id":"b","owner":"2","text":"hi!","note":"for you"}`},
		{"stock/findDraft", `["b"]`, `null`},
		{"stock/draftAndDrop", `["c","2"]`, `null`},
		{"stock/giveDraft", `["k","2"]`, `{"id":"k","owner":"2","text":"p","note":"given"}`},
		{"stock/editDraft", `[{"id":"k","owner":"1","text":"x"}]`, `NOT_FOUND`},
		{"stock/coupon", `["a","mine"]`, "*"},
		{"stock/putCoupon", `["a"]`, `"mine"`},
	})
	run(t, bob, []step{
		{"stock/putCoupon", `["a"]`, `FORBIDDEN`},
		{"stock/putCoupon", `["b"]`, `""`},
	})
}

// TestHiddenByQuery is about a policy that asks other tables.
func TestHiddenByQuery(t *testing.T) {
	env := start(t)
	ann := env.Connect(&User{ID: "1", Name: "Ann", Role: UserRoleMember})
	bob := env.Connect(&User{ID: "2", Name: "Bob", Role: UserRoleMember})
	run(t, ann, []step{
		{"stock/sit", `["x"]`, `null`},
		{"stock/plan", `["p","x"]`, `{"id":"p","board":"x","text":"new"}`},
		{"stock/editPlan", `[{"id":"p","board":"y","text":""}]`, `{"id":"p","board":"x","text":"new+"}`},
	})
	run(t, bob, []step{
		{"stock/plan", `["p","x"]`, `FORBIDDEN`},
		{"stock/editPlan", `[{"id":"p","board":"x","text":""}]`, `NOT_FOUND`},
		{"stock/dropPlan", `[{"id":"p","board":"x","text":""}]`, `NOT_FOUND`},
		{"stock/sit", `["open"]`, `null`},
		{"stock/editPlan", `[{"id":"p","board":"x","text":""}]`, `{"id":"p","board":"x","text":"new++"}`},
		{"stock/sit", `["closed"]`, `null`},
		{"stock/editPlan", `[{"id":"p","board":"x","text":""}]`, `FORBIDDEN`},
		{"stock/stand", `["closed"]`, `null`},
		{"stock/dropPlan", `[{"id":"p","board":"x","text":""}]`, `null`},
	})
}

// TestNested changes rows with a record that holds what only the server sets.
func TestNested(t *testing.T) {
	c := start(t).Connect(nil)
	run(t, c, []step{
		{"stock/profile", `["p","h"]`, `{"id":"p","name":"n","q":{"label":"first","used":7},"past":[{"label":"first","used":7}]}`},
		{"stock/patchProfile", `["p",{"q":{"label":"mine"}}]`, `VALIDATION`},
		{"stock/patchProfile", `["p",{"past":[]}]`, `VALIDATION`},
		{"stock/patchProfile", `["p",{"name":"m"}]`, `{"id":"p","name":"m","q":{"label":"first","used":7},"past":[{"label":"first","used":7}]}`},
		{"stock/labelProfile", `["p","mine"]`, `{"id":"p","name":"m","q":{"label":"mine","used":7},"past":[{"label":"first","used":7}]}`},
		{"stock/putProfile", `["p",{"name":"o","q":{"label":"l"},"past":[]}]`, `{"id":"p","name":"o","q":{"label":"l","used":7},` +
			`"past":[{"label":"first","used":7}]}`},
		{"stock/hashed", `["p","h"]`, `true`},
		{"stock/hashed", `["p",""]`, `false`},
	})
}

func TestSession(t *testing.T) {
	env := start(t)
	sign := env.Request("POST", "/_live/rpc/kitchen/signIn", jsonHeader, `["Anna","pw"]`)
	if sign.Code != 200 || len(sign.Result().Cookies()) != 1 {
		t.Fatalf("%d %s", sign.Code, sign.Body)
	}
	var answer struct {
		Value map[string]any `json:"value"`
	}
	if err := json.Unmarshal(sign.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if _, leaks := answer.Value["password"]; leaks || answer.Value["name"] != "Anna" {
		t.Errorf("signing in gives %v", answer.Value)
	}
	id, _ := answer.Value["id"].(string)
	c := env.ConnectSession(id)
	run(t, c, []step{
		{"kitchen/me", `[]`, `{"id":"` + id + `","name":"Anna","role":"member"}`},
		{"kitchen/nameTwice", `[]`, `"AnnaAnna/4"`},
		{"kitchen/twice", `[]`, `{"text":"x","length":1}`},
	})
	if again := env.Request("POST", "/_live/rpc/kitchen/signIn", jsonHeader, `["Anna","no"]`); again.Code != 401 {
		t.Errorf("a wrong password gives %d %s", again.Code, again.Body)
	}
	run(t, env.ConnectSession("none"), []step{{"kitchen/me", `[]`, `null`}, {"kitchen/nameTwice", `[]`, `UNAUTHORIZED`}})
}

func TestTogether(t *testing.T) {
	env := start(t)
	ann := env.Connect(&User{ID: "1", Name: "Ann", Role: UserRoleMember})
	bob := env.Connect(&User{ID: "2", Name: "Bob", Role: UserRoleMember})

	ticks := bob.Subscribe("talk/ticks", "a")
	rates := bob.Subscribe("talk/rates")
	ann.MustCall("talk/tick", "a", 7)
	env.Advance(time.Second)
	if v := ticks.Value(); v.Len() != 1 || v.At(0).Get("n").String() != "7" {
		t.Errorf("ticks hold %s", v)
	}
	if v := rates.Value().String(); v != `{"n":7}` {
		t.Errorf("rates hold %s", v)
	}

	ann.MustCall("talk/call", "2")
	signals := bob.Signals()
	if len(signals) != 2 || signals[0].Name != "talk/ping" || signals[0].Args.String() != `["1",null]` || signals[1].Args.String() != `[]` {
		t.Errorf("signals %v", signals)
	}

	typing := bob.Subscribe("talk/typing", "a")
	if err := ann.Publish("talk/typing", []any{"a"}, "join", map[string]any{"name": "Ann"}); err != nil {
		t.Error(err)
	}
	if v := typing.Value().String(); v != `[{"key":"1","name":"Ann"}]` {
		t.Errorf("typing holds %s", v)
	}

	data := bob.Subscribe("talk/table.data", "t")
	presence := bob.Subscribe("talk/table.presence", "t")
	ann.MustCall("talk/table.say", "t", "hello")
	if v := data.Value(); v.Len() != 1 || v.At(0).Get("by").String() != `"Ann"` {
		t.Errorf("the room holds %s", v)
	}
	if v := presence.Value().String(); v != `[{"key":"2","name":"Bob"}]` {
		t.Errorf("the room's presence is %s", v)
	}

	dashboard := ann.Subscribe("stock/dashboard", 3)
	if v := dashboard.Value().String(); v != `{"user":"Ann","n":0}` {
		t.Errorf("the dashboard shows %s", v)
	}
	items := bob.Subscribe("stock/items", 3)
	total := bob.Subscribe("stock/total")
	ann.MustCall("stock/put", "a", "A", 4)
	env.Advance(time.Second)
	if v := dashboard.Value().String(); v != `{"user":"Ann","n":1}` {
		t.Errorf("the dashboard shows %s", v)
	}
	if items.Value().Len() != 1 || total.Value().String() != "1" {
		t.Errorf("items %s, total %s", items.Value(), total.Value())
	}
	if errs := env.Errors(); len(errs) > 0 {
		t.Error(errs)
	}
}

func TestIDs(t *testing.T) {
	c := start(t).Connect(nil)
	var ids []string
	if err := c.MustCall("kitchen/ids").Decode(&ids); err != nil || len(ids) != 2 || !slices.IsSorted(ids) {
		t.Errorf("%v %v", ids, err)
	}
}
