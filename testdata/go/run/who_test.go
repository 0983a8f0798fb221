package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/livetest"
)

// asker is one caller, over a connection or over HTTP.
type asker struct {
	name   string // of the user; "" for nobody
	header http.Header
	query  string
}

// askers are callers of whom each two differ in one thing that a stream can read.
func askers(t *testing.T, env *livetest.Env) []asker {
	t.Helper()
	session := func(name string) string {
		sign := env.Request("POST", "/_live/rpc/kitchen/signIn", jsonHeader, `["`+name+`","pw"]`)
		if sign.Code != http.StatusOK || len(sign.Result().Cookies()) != 1 {
			t.Fatal(sign.Code, sign.Body)
		}
		c := sign.Result().Cookies()[0]
		return c.Name + "=" + c.Value
	}
	ann, bob := session("Anna"), session("Bert")
	return []asker{
		{"", http.Header{}, ""},
		{"Anna", http.Header{"Cookie": {ann}}, ""},
		{"Bert", http.Header{"Cookie": {bob}}, ""},
		{"Anna", http.Header{"Cookie": {ann + "; tag=x"}}, ""},
		{"Bert", http.Header{"Cookie": {bob + "; tag=x"}}, ""},
		{"", http.Header{"Cookie": {"tag=x"}}, ""},
		{"", http.Header{"Cookie": {"tag=y"}}, ""},
		{"", http.Header{"X-Head": {"x"}}, ""},
		{"", http.Header{"Authorization": {"Bearer x"}}, ""},
		{"", http.Header{}, "asked=x"},
		{"", http.Header{}, "hide=x1"},
	}
}

func (a *asker) cookie(name string) *string {
	r := http.Request{Header: a.header}
	c, err := r.Cookie(name)
	if err != nil {
		return nil
	}
	return &c.Value
}

// world is what the streams show, as the model of the test has it.
type world struct {
	labels map[string]string
	diary  map[string]int
	tagged [][2]string
}

func (w *world) who(a *asker, ip string) string {
	name, label := "-", "none"
	if a.name != "" {
		name = a.name
	}
	if l, ok := w.labels[name]; ok {
		label = l
	}
	some := func(has bool, text string) *string {
		if !has {
			return nil
		}
		return &text
	}
	out, err := json.Marshal(struct {
		Name    string  `json:"name"`
		Tag     *string `json:"tag"`
		Head    *string `json:"head"`
		Asked   *string `json:"asked"`
		Token   *string `json:"token"`
		Label   string  `json:"label"`
		Entries int     `json:"entries"`
		IP      string  `json:"ip"`
	}{
		name, a.cookie("tag"), some(a.header["X-Head"] != nil, "x"), some(a.query == "asked=x", "x"),
		some(a.header["Authorization"] != nil, "x"), label, w.diary[a.name], ip,
	})
	if err != nil {
		panic(err)
	}
	return string(out)
}

func (w *world) labelled(a *asker) string {
	name := a.name
	if name == "" {
		name = "-"
	}
	label, ok := w.labels[name]
	if !ok {
		label = "none"
	}
	return fmt.Sprintf(`{"label":%q,"all":%d}`, label, len(w.labels))
}

func (w *world) seen(a *asker) string {
	shows := func(text string) bool { return a.query != "hide="+text }
	out := "["
	for _, row := range w.tagged {
		tag := a.cookie("tag")
		if !shows(row[1]) || row[0] != "" && (tag == nil || *tag != row[0]) && (a.header["Authorization"] == nil || row[0] != "x") {
			continue
		}
		others := 0
		for _, o := range w.tagged {
			if o[0] == row[0] && shows(o[1]) && (a.header["X-Head"] == nil || o[1] != "x") {
				others++
			}
		}
		if out != "[" {
			out += ","
		}
		out += fmt.Sprintf(`{"text":%q,"others":%d}`, row[1], others)
	}
	return out + "]"
}

// sameJSON tells whether two texts are the same value: what events have changed has its members in another order.
func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// follower is one caller with the streams it follows.
type follower struct {
	asker
	client *livetest.Client
	ip     string
	shows  map[string]*livetest.Stream
}

// newFollower connects a caller who follows some streams.
func newFollower(env *livetest.Env, who asker, streams ...string) *follower {
	f := &follower{asker: who, client: env.ConnectTo(who.query, who.header), ip: "192.0.2.1", shows: map[string]*livetest.Stream{}}
	for _, s := range streams {
		f.shows[s] = f.client.Subscribe(s)
	}
	return f
}

// TestCallers asks for streams as every caller, in every order of two, live and afresh, and changes what they read: nobody is ever answered
// with another's.
func TestCallers(t *testing.T) {
	env := start(t)
	w := &world{labels: map[string]string{}, diary: map[string]int{}}
	everybody := askers(t, env)
	expect := func(when string, f *follower) {
		t.Helper()
		shows := map[string]string{"who/who": w.who(&f.asker, f.ip), "who/labelled": w.labelled(&f.asker), "who/tagged": w.seen(&f.asker)}
		for name, want := range shows {
			if got := f.shows[name].Value().String(); !sameJSON(got, want) {
				t.Errorf("%s: %s shows\n%s to %s %v, not\n%s", when, name, got, f.name, f.query, want)
			}
			fresh := env.Request("GET", "/_live/stream/"+name+"?"+f.query, f.header, "")
			if got := fresh.Body.String(); fresh.Code != http.StatusOK || !sameJSON(got, `{"value":`+want+`}`) {
				t.Errorf("%s: %s over HTTP gives\n%d %s to %s, not\n%s", when, name, fresh.Code, got, f.name, want)
			}
		}
	}
	writer := env.Connect(&User{ID: "1", Name: "Anna"})
	n := 0
	for i := range everybody {
		for j := range everybody {
			var all []*follower
			for _, k := range []int{i, j} {
				all = append(all, newFollower(env, everybody[k], "who/who", "who/labelled", "who/tagged"))
			}
			check := func(when string) {
				t.Helper()
				for _, f := range all {
					expect(when, f)
				}
			}
			check("at first")
			n++
			w.labels[[]string{"Anna", "Bert", "-"}[n%3]] = strconv.Itoa(n % 4)
			writer.MustCall("who/label", []string{"Anna", "Bert", "-"}[n%3], strconv.Itoa(n%4))
			check("after a label")
			if n < 20 {
				w.diary["Anna"]++
				writer.MustCall("who/note", "x")
				row := [2]string{[]string{"x", "y", ""}[n%3], "x" + strconv.Itoa(n)}
				w.tagged = append(w.tagged, row)
				slices.SortFunc(w.tagged, func(a, b [2]string) int { return strings.Compare(a[1], b[1]) })
				writer.MustCall("who/tag", row[0], row[1])
				check("after rows")
			}
			for _, f := range all {
				f.client.Disconnect()
			}
		}
	}
	if errs := env.Errors(); len(errs) > 0 {
		t.Error(errs)
	}
}

// TestOwnTopics publishes for one user: another is neither shown it nor let in, and what is revealed reaches everybody.
func TestOwnTopics(t *testing.T) {
	env := start(t)
	ann, bob := env.Connect(&User{ID: "1", Name: "Anna"}), env.Connect(&User{ID: "2", Name: "Bert"})
	anns, bobs := ann.Subscribe("who/own", "1"), bob.Subscribe("who/own", "2")
	theirs := bob.Subscribe("who/own", "1")
	diary, foreign, wall := ann.Subscribe("who/diary", "Anna"), bob.Subscribe("who/diary", "Anna"), bob.Subscribe("who/wall")
	ann.MustCall("who/touch", "for Anna")
	ann.MustCall("who/enter", "dear")
	if got := anns.Value().String(); got != `{"text":"for Anna"}` {
		t.Errorf("Anna is shown %s", got)
	}
	if got := bobs.Value().String(); got != `{"text":"-"}` {
		t.Errorf("Bert is shown %s", got)
	}
	for _, s := range []*livetest.Stream{theirs, foreign} {
		if code := runtime.CodeOf(s.Err()); code != runtime.CodeForbidden {
			t.Errorf("Bert is let in where Anna's is shown: %v, %s", s.Err(), s.Value())
		}
	}
	if diary.Value().Len() != 1 || wall.Value().Len() != 1 || wall.Value().At(0).Get("text").String() != `"dear"` {
		t.Errorf("the diary holds %s and the wall %s", diary.Value(), wall.Value())
	}
	if s := ann.Signals(); len(s) != 1 || s[0].Name != "who/noted" {
		t.Errorf("Anna is sent %v", s)
	}
	if s := bob.Signals(); len(s) != 0 {
		t.Errorf("Bert is sent %v", s)
	}
}
