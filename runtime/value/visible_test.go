package value

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
)

// tree is `type Tree { name: string, pin: string secret, kids: [Tree], by: [string: Tree], form: Form }` with `type Form = Round |
// Square`, of which a round one has a secret `key`.
var tree = &relation.Visible{Of: "Tree", Forms: []relation.Form{
	{Kind: relation.RecordForm, Members: []relation.Member{
		{Name: "name", Form: relation.Whole}, {Name: "kids", Form: 1}, {Name: "by", Form: 2}, {Name: "form", Form: 3},
	}},
	{Kind: relation.ListForm, Elem: 0},
	{Kind: relation.MapForm, Elem: 0},
	{Kind: relation.UnionForm, Tag: "kind", Members: []relation.Member{{Name: "round", Form: 4}, {Name: "square", Form: relation.Whole}}},
	{Kind: relation.RecordForm, Members: []relation.Member{{Name: "kind", Form: relation.Whole}, {Name: "r", Form: relation.Whole}}},
}}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		`{"name":"a","pin":"CANARY","kids":[],"by":{}}`: `{"name":"a","kids":[],"by":{}}`,
		`{"pin":"CANARY"}`: `{}`,
		`{"pin":{"name":"CANARY","kids":["CANARY"]},"name":{"deep":[1,{"a":null}]}}`: `{"name":{"deep":[1,{"a":null}]}}`,
		`{"kids":[{"pin":"CANARY","name":"b"},null,{"kids":[{"pin":"CANARY"}]}],"name":"a"}`: `{"kids":[{"name":"b"},null,{"kids":[{}]}],` +
			`"name":"a"}`,
		`{"by":{"pin":{"pin":"CANARY","name":"b"},"ä\"":{"pin":"CANARY"}}}`: `{"by":{"pin":{"name":"b"},"ä\"":{}}}`,
		`{"form":{"kind":"round","key":"CANARY","r":1.5}}`:                  `{"form":{"kind":"round","r":1.5}}`,
		`{"form":{"key":"CANARY","r":1.5,"kind":"round"}}`:                  `{"form":{"r":1.5,"kind":"round"}}`,
		`{"form":{"kind":"square","side":2}}`:                               `{"form":{"kind":"square","side":2}}`,
		`{"form":{"kind":"oval","key":"CANARY"}}`:                           `{"form":null}`,
		`{"form":{"key":"CANARY"}}`:                                         `{"form":null}`,
		`{"form":"CANARY","kids":"CANARY","by":["CANARY"]}`:                 `{"form":null,"kids":null,"by":null}`,
		"\n{ \"pin\" : \"CANARY\", \"name\" : \"a\" }\n":                    `{"name":"a"}`,
		`{"\u0070in":"CANARY","n\u0061me":"a"}`:                             `{"name":"a"}`,
		`{"pin":"CANARY\u0000\\\"","name":"a"}`:                             `{"name":"a"}`,
		`{"old":"CANARY","name":"a","card":{"pin":"CANARY"}}`:               `{"name":"a"}`,
		// members that the type does not have any more
		`null`:                       `null`,
		`"CANARY"`:                   `null`,
		`["CANARY"]`:                 `null`,
		`{"pin":"CANARY"`:            `null`,
		`{"name":"CANARY"} "CANARY"`: `null`,
		``:                           `null`,
		`{"name":CANARY}`:            `null`,
	} {
		got := string(AppendVisible([]byte("x"), relation.JSON(in), tree))
		if got != "x"+want {
			t.Errorf("%s\n got %s\nwant x%s", in, got, want)
		}
		if strings.Contains(got, "CANARY") {
			t.Errorf("%s shows a secret: %s", in, got)
		}
	}
}

func TestSameVisible(t *testing.T) {
	for _, c := range []struct {
		a, b relation.JSON
		want bool
	}{
		{`{"name":"a","pin":"1"}`, `{"name":"a","pin":"2"}`, true},
		{`{"name":"a","pin":"1"}`, `{"pin":"2","name":"a"}`, true},
		{`{"name":"a","pin":"1","kids":[]}`, `{"kids":[],"pin":"2","name":"a"}`, true},
		{`{"name":"a","pin":"1"}`, `{"name":"b","pin":"1"}`, false},
		{`{"kids":[{"name":"a","pin":"1"}]}`, `{"kids":[{"name":"a","pin":"2"}]}`, true},
		{`{"kids":[{"name":"a","pin":"1"}]}`, `{"kids":[{"pin":"1"}]}`, false},
		{`{"form":{"kind":"round","key":"1","r":1}}`, `{"form":{"kind":"round","key":"2","r":1}}`, true},
	} {
		if got := SameVisible(c.a, c.b, tree); got != c.want {
			t.Errorf("%s and %s: %t", c.a, c.b, got)
		}
	}
}
