package livequery

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
)

var diffed = relation.Schema{{Name: "k", Kind: relation.Int}, {Name: "v", Kind: relation.Int}}

// TestDiff applies the operations of a diff to the old list, for any two lists, and gets the new one.
func TestDiff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 0, 20, rapid.ID[int])
		made := map[[2]int]*item{}
		list := func(name string) (out []*item) {
			for _, k := range keys.Draw(t, name) {
				id := [2]int{k, rapid.IntRange(0, 3).Draw(t, "v") / 3}
				if made[id] == nil {
					made[id] = &item{key: fmt.Sprint(k), row: relation.Row{int64(id[0]), int64(id[1])}}
				}
				out = append(out, made[id])
			}
			return out
		}
		old := list("old")
		new := list("new")
		if rapid.Bool().Draw(t, "near") {
			new = append([]*item(nil), old...)
			for range rapid.IntRange(0, 3).Draw(t, "edits") {
				at := rapid.IntRange(0, len(new)).Draw(t, "at")
				switch {
				case at < len(new) && rapid.Bool().Draw(t, "out"):
					e := new[at]
					new = append(new[:at:at], new[at+1:]...)
					if rapid.Bool().Draw(t, "back") {
						to := rapid.IntRange(0, len(new)).Draw(t, "to")
						new = append(new[:to:to], append([]*item{e}, new[to:]...)...)
					}
				default:
					k := 100 + len(made)
					e := &item{key: fmt.Sprint(k), row: relation.Row{int64(k), int64(0)}}
					made[[2]int{k, 0}] = e
					new = append(new[:at:at], append([]*item{e}, new[at:]...)...)
				}
			}
		}
		ops := appendDiff(nil, diffed, old, new)
		c := &client{value: decode(t, appendRows(nil, diffed, old))}
		if ops != nil {
			if err := c.apply(t, "diff", json.RawMessage(ops)); err != nil {
				t.Fatalf("%v: %s", err, ops)
			}
		}
		if got, want := c.text(), canonical(t, appendRows(nil, diffed, new)); got != want {
			t.Fatalf("%s\ngives %s\nwant  %s", ops, got, want)
		}
	})
}

// TestDiffIsSmall checks the operations of the most frequent changes.
func TestDiffIsSmall(t *testing.T) {
	row := func(k, v int) *item {
		return &item{key: fmt.Sprint(k), row: relation.Row{int64(k), int64(v)}}
	}
	a, b, c, d, e := row(1, 0), row(2, 0), row(3, 0), row(4, 0), row(5, 0)
	for _, x := range []struct {
		old, new []*item
		want     string
	}{
		{[]*item{a, b, c}, []*item{a, b, c}, ``},
		{[]*item{a, b, c}, []*item{d, a, b}, `[["+",0,{"k":4,"v":0}],["-",3]]`},
		{[]*item{a, b, c}, []*item{a, c, d}, `[["-",1],["+",2,{"k":4,"v":0}]]`},
		{[]*item{a, b, c}, []*item{a, row(2, 7), c}, `[["~",1,{"v":7}]]`},
		{[]*item{a, b, c, d}, []*item{b, c, d, row(1, 9)}, `[[">",0,3],["~",3,{"v":9}]]`},
		{[]*item{a, b, c, d}, []*item{d, a, b, c}, `[[">",3,0]]`},
		{[]*item{a, b, c, d, e}, []*item{e, b, c, d, a}, `[[">",4,0],[">",1,4]]`},
	} {
		if got := string(appendDiff(nil, diffed, x.old, x.new)); got != x.want {
			t.Errorf("got %s, want %s", got, x.want)
		}
	}
}

// TestDiffOfSecrets checks that a change of secrets alone makes no operation, and that no operation contains a secret.
func TestDiffOfSecrets(t *testing.T) {
	last4 := []relation.Member{{Name: "last4", Form: relation.Whole}}
	card := &relation.Visible{Of: "Card", Forms: []relation.Form{{Kind: relation.RecordForm, Members: last4}}}
	inner := relation.Schema{
		{Name: "pin", Kind: relation.Text, Secret: true}, {Name: "card", Kind: relation.JSONKind, Visible: card}, {Name: "n", Kind: relation.Int},
	}
	s := relation.Schema{
		{Name: "hash", Kind: relation.Text, Secret: true}, {Name: "card", Kind: relation.JSONKind, Visible: card, Nullable: true},
		{Name: "who", Kind: relation.Record, Fields: inner, Nullable: true}, {Name: "all", Kind: relation.Rows, Fields: inner},
	}
	row := func(secret, last4 string, n int64) *item {
		text := relation.JSON(`{"number":"` + secret + `","last4":"` + last4 + `"}`)
		in := relation.Row{secret, text, n}
		return &item{key: "k", row: relation.Row{secret, text, in, []relation.Row{in}}}
	}
	for _, x := range []struct {
		old, new *item
		want     string
	}{
		{row("A", "1", 1), row("B", "1", 1), ``},
		{row("A", "1", 1), row("B", "2", 1),
			`[["~",0,{"card":{"last4":"2"},"who":{"card":{"last4":"2"},"n":1},"all":[{"card":{"last4":"2"},"n":1}]}]]`},
		{row("A", "1", 1), row("B", "1", 2), `[["~",0,{"who":{"card":{"last4":"1"},"n":2},"all":[{"card":{"last4":"1"},"n":2}]}]]`},
		{row("A", "1", 1), &item{key: "k", row: relation.Row{"B", nil, nil, []relation.Row{}}}, `[["~",0,{"card":null,"who":null,"all":[]}]]`},
	} {
		if got := string(appendDiff(nil, s, []*item{x.old}, []*item{x.new})); got != x.want {
			t.Errorf("got %s, want %s", got, x.want)
		}
	}
	bare := relation.Schema{{Kind: relation.Text, Secret: true}}
	one := func(v relation.Value) []*item { return []*item{{key: "k", row: relation.Row{v}}} }
	if got := appendDiff(nil, bare, one("A"), one("B")); got != nil {
		t.Errorf("a change of a secret alone made an event: %s", got)
	}
	if got := string(appendRows(nil, bare, one("A"))); got != `[null]` {
		t.Errorf("a secret by itself is shown as %s", got)
	}
}
