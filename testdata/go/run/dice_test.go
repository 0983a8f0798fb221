package app

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// dicedStream is a random stream, which the test of the emitter has made: the texts that it shows or, of a live one, the tag whose rows it
// shows.
type dicedStream struct {
	name  string
	live  bool
	terms []string
}

// text is what a term is to a caller.
func (w *world) text(term string, f *follower) string {
	or := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	has := func(yes bool) string {
		if yes {
			return "x"
		}
		return "-"
	}
	name := f.name
	if name == "" {
		name = "-"
	}
	switch term {
	case "name":
		return name
	case "tag":
		return or(f.cookie("tag"))
	case "head":
		return has(f.header["X-Head"] != nil)
	case "asked":
		return has(f.query == "asked=x")
	case "token":
		return has(f.header["Authorization"] != nil)
	case "label":
		if l, ok := w.labels[name]; ok {
			return l
		}
		return "none"
	case "entries":
		return strconv.Itoa(w.diary[f.name])
	case "badges":
		return strconv.Itoa(len(w.labels))
	case "ip":
		return f.ip
	case "nothing":
		return "x"
	}
	panic("there is no term " + term)
}

// diced is what a random stream shows a caller.
func (w *world) diced(s *dicedStream, f *follower) string {
	out := []string{}
	if !s.live {
		for _, term := range s.terms {
			out = append(out, w.text(term, f))
		}
	} else {
		tag := w.text(s.terms[0], f)
		for _, row := range w.tagged {
			if row[0] == tag && f.query != "hide="+row[1] {
				out = append(out, row[1])
			}
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestDice asks for random streams as three callers, in every order, live and afresh, while what they read changes: nobody is ever answered
// with another's.
func TestDice(t *testing.T) {
	env := start(t)
	w := &world{labels: map[string]string{}, diary: map[string]int{}}
	everybody := askers(t, env)
	writer := env.Connect(&User{ID: "1", Name: "Anna"})
	r := rand.New(rand.NewPCG(uint64(len(diced)), 1))
	change := func() {
		switch r.IntN(3) {
		case 0:
			name, label := []string{"Anna", "Bert", "-"}[r.IntN(3)], strconv.Itoa(r.IntN(3))
			w.labels[name] = label
			writer.MustCall("who/label", name, label)
		case 1:
			w.diary["Anna"]++
			writer.MustCall("who/note", "x")
		default:
			row := [2]string{[]string{"x", "y", "-", "Anna", "none", "0", "1"}[r.IntN(7)], "x" + strconv.Itoa(len(w.tagged))}
			w.tagged = append(w.tagged, row)
			slices.SortFunc(w.tagged, func(a, b [2]string) int { return strings.Compare(a[1], b[1]) })
			writer.MustCall("who/tag", row[0], row[1])
		}
	}
	for i := range diced {
		s := &diced[i]
		picked := r.Perm(len(everybody))[:3]
		for _, order := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
			var all []*follower
			check := func() {
				t.Helper()
				for _, f := range all {
					want := w.diced(s, f)
					if got := f.shows[s.name].Value().String(); !sameJSON(got, want) {
						t.Errorf("%s %v shows %s to %q %v %s, not %s", s.name, s.terms, got, f.name, f.header, f.query, want)
					}
					fresh := env.Request("GET", "/_live/stream/"+s.name+"?"+f.query, f.header, "")
					if fresh.Code != http.StatusOK || !sameJSON(fresh.Body.String(), `{"value":`+want+`}`) {
						t.Errorf("%s %v over HTTP gives %d %s to %q %v %s, not %s",
							s.name, s.terms, fresh.Code, fresh.Body, f.name, f.header, f.query, want)
					}
				}
			}
			for _, k := range order {
				f := newFollower(env, everybody[picked[k]], s.name)
				all = append(all, f)
				check()
			}
			change()
			check()
			all[r.IntN(3)].client.Disconnect()
			change()
			for _, f := range all {
				f.client.Reconnect()
			}
			check()
			for _, f := range all {
				f.client.Disconnect()
			}
		}
	}
	if errs := env.Errors(); len(errs) > 0 {
		t.Error(errs)
	}
}
