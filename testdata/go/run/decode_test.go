package app

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"pgregory.net/rapid"

	clientview "github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/value"
	"github.com/livec-lang/livec/runtime/wire"
)

// decoding reads the arguments of one entry point in both ways.
type decoding struct {
	entry string
	fast  func([]byte) (any, bool)
	full  func([]byte) (any, error)
	same  func(a, b any) bool
	seeds []string
}

func decodingOf[A any](entry string, decode func(*value.Decoder) A, seeds ...string) decoding {
	return decoding{
		entry: entry,
		fast:  func(b []byte) (any, bool) { d := value.Fast(b); a := decode(&d); return a, d.OK() },
		full:  func(b []byte) (any, error) { d := value.Validated(b); a := decode(&d); return a, d.Err() },
		same:  func(a, b any) bool { return cmp.Equal(a, b, cmp.AllowUnexported(a)) },
		seeds: seeds,
	}
}

var decodings = []decoding{
	decodingOf("kitchen/defaults", decodeDefaultsArgs, `[1]`, `[1,"b"]`, `[1,null,"low",[1,-2]]`, `[-9007199254740991,"ä","high"]`),
	decodingOf("kitchen/area", decodeAreaArgs, `[null]`, `[{"kind":"circle","at":{"x":1,"y":-2.5},"radius":0.5}]`,
		`[{"kind":"square","at":{"x":1e3,"y":0},"side":2}]`),
	decodingOf("kitchen/times", decodeTimesArgs, `["2026-01-31T09:30:00.000Z",90000]`, `["2024-02-29T23:59:59.999Z",0]`),
	decodingOf("kitchen/look", decodeLookArgs, `[{"a":1,"b":2},"a"]`, `[{},""]`),
	decodingOf("kitchen/reads", decodeReadsArgs, `[{"a":[1,{"b":null}],"c":true}]`, `["x"]`, `[-0.5e-3]`),
	decodingOf("kitchen/upload", decodeUploadArgs, `["n","AQID"]`, `["n",""]`),
	decodingOf("stock/put", decodePutArgs, `["a-1","One",3]`, `["a-1","One"]`),
	decodingOf("stock/edit", decodeEditArgs, `["a",{"name":"One","stock":1,"size":{"w":1,"h":2},"tags":["a"]}]`,
		`["a",{"size":null,"photo":"AQ==","extra":{"a":1},"price":0.25}]`, `["a",{}]`),
}

// pieces are what mutations put into a text.
var pieces = []string{
	`null`, `true`, `0`, `-0`, `-1`, `1.0`, `1e0`, `1e400`, `01`, `9007199254740992`, `9007199254740991`, `0.1`,
	`""`, `"a"`, `"\u0061"`, `"\ud800"`, `"ä"`, "\"\xff\"", `"2026-02-30T00:00:00.000Z"`, `"2016-12-31T23:59:60.000Z"`,
	`"2026-01-31t09:30:00z"`, `"2026-01-31T09:30:00.0001+02:00"`, `"AQ="`, `"AQI\n"`, `"A==="`,
	`[]`, `{}`, `[[[]]]`, `,`, `:`, ` `, "\t", `"name":"x",`, `"stock":-1`, `"x":1,`, `"kind":"circle",`,
	`"at":"2026-01-31T09:30:00.000Z",`, `low`, `"middle"`,
}

// mutated is an argument list, often broken.
func mutated(seeds []string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		text := rapid.SampledFrom(seeds).Draw(t, "seed")
		for range rapid.IntRange(0, 3).Draw(t, "mutations") {
			from := rapid.IntRange(0, len(text)).Draw(t, "from")
			to := min(len(text), from+rapid.IntRange(0, 8).Draw(t, "length"))
			if rapid.Bool().Draw(t, "whole") { // a value or member as a whole
				if i := strings.IndexAny(text[from:], `,:]}`); i >= 0 {
					to = from + i
				}
			}
			text = text[:from] + rapid.SampledFrom(append(pieces, "")).Draw(t, "piece") + text[to:]
		}
		return text
	})
}

// schemas are the JSON Schemas of the arguments, by entry point.
func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	var c clientview.Contract
	if err := json.Unmarshal(contract, &c); err != nil {
		t.Fatal(err)
	}
	out := map[string]*jsonschema.Schema{}
	for _, m := range c.Modules {
		for _, e := range m.EntryPoints {
			const draft = "https://json-schema.org/draft/2020-12/schema"
			document, err := json.Marshal(map[string]any{"$defs": c.Defs, "$schema": draft, "allOf": []any{e.Args}})
			if err != nil {
				t.Fatal(err)
			}
			compiler := jsonschema.NewCompiler()
			compiler.Draft, compiler.AssertFormat, compiler.AssertContent = jsonschema.Draft2020, true, true
			if err := compiler.AddResource("args.json", strings.NewReader(string(document))); err != nil {
				t.Fatal(err)
			}
			if out[e.Name], err = compiler.Compile("args.json"); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// TestFastAccepts compares the fast path with the schema: what it accepts the schema accepts, and both ways of reading give the same value.
func TestFastAccepts(t *testing.T) {
	validators := schemas(t)
	for _, d := range decodings {
		t.Run(d.entry, func(t *testing.T) {
			for _, s := range d.seeds {
				if _, ok := d.fast([]byte(s)); !ok {
					t.Errorf("the fast path refuses %s", s)
				}
			}
			rapid.Check(t, func(t *rapid.T) {
				text := mutated(d.seeds).Draw(t, "arguments")
				fast, accepted := d.fast([]byte(text))
				parsed, err := wire.Parse([]byte(text))
				valid := err == nil && wire.Check([]byte(text)) == nil && validators[d.entry].Validate(parsed) == nil
				if accepted && !valid {
					t.Fatalf("the fast path accepts %s, and the schema does not: %v", text, err)
				}
				if !valid {
					return
				}
				full, err := d.full([]byte(text))
				if accepted && err != nil {
					t.Fatalf("%s is accepted and cannot be read: %v", text, err)
				}
				if accepted && !d.same(fast, full) {
					t.Fatalf("%s is read as %#v and as %#v", text, fast, full)
				}
				loose := []string{"kitchen/upload", "kitchen/times", "stock/edit"} // the schema bounds bytes and durations loosely
				if err != nil && !slices.Contains(loose, d.entry) {
					t.Fatalf("the schema accepts %s, and it cannot be read: %v", text, err)
				}
			})
		})
	}
}
