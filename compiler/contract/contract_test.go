package contract

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/runtime"
	live "github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

func TestGolden(t *testing.T) {
	c := program().build()
	golden.File(t, "testdata/contract.json", c.JSON)
	for _, f := range c.Schemas {
		golden.File(t, filepath.Join("testdata", strings.ReplaceAll(f.Module, "/", ".")+".schema.json"), f.JSON)
	}
	if again := program().build(); !bytes.Equal(c.JSON, again.JSON) {
		t.Error("the same program gave another contract")
	}
}

// TestRuntime decodes the contract as the runtime does, refuses unknown members, and compiles the schemas. The program has each member of
// entry points, so no member is read and never written.
func TestRuntime(t *testing.T) {
	c := program().build()
	d := json.NewDecoder(bytes.NewReader(c.JSON))
	d.DisallowUnknownFields()
	var read live.Contract
	if err := d.Decode(&read); err != nil {
		t.Fatal(err)
	}
	if read.Hash != c.Hash || read.Name != "demo" || len(read.Modules) != 2 {
		t.Errorf("got %q, hash %q, %d modules", read.Name, read.Hash, len(read.Modules))
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[live.EntryPoint]()) {
		if !slices.ContainsFunc(read.Modules, func(m live.Module) bool {
			return slices.ContainsFunc(m.EntryPoints, func(e live.EntryPoint) bool { return !reflect.ValueOf(e).FieldByIndex(f.Index).IsZero() })
		}) {
			t.Errorf("no entry point has a %s: write it in compiler/contract, and set it in the program of sample_test.go", f.Name)
		}
	}
	db, err := sqlite.Open(t.Context(), ":memory:", nil, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	server, err := runtime.New(runtime.NewRegistry(runtime.App{Name: "demo", Hash: c.Hash, Contract: c.JSON}), runtime.Options{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// compile compiles the schema of a type, ready to validate.
func compile(t *testing.T, typ ir.Type, d direction) *jsonschema.Schema {
	t.Helper()
	s := newSchemas("")
	schema := s.of(typ, d)
	return compileText(t, pretty(object{{"$schema", draft}, {"$defs", append(s.sorted(), member{"root", schema})}, {"$ref", "#/$defs/root"}}))
}

func compileText(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.Draft, c.AssertFormat, c.AssertContent = jsonschema.Draft2020, true, true
	if err := c.AddResource("x.json", bytes.NewReader(text)); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	schema, err := c.Compile("x.json")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, text string) error {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return schema.Validate(v)
}

// TestSchemas validates values by the schema of each kind of type.
func TestSchemas(t *testing.T) {
	tests := []struct {
		name          string
		d             direction
		right, refuse []string
	}{
		{"string", in, []string{`""`, `"ü"`}, []string{`1`, `null`}},
		{"bool", in, []string{`true`}, []string{`"true"`, `1`}},
		{"int", in, []string{`9007199254740991`, `-9007199254740991`}, []string{`9007199254740992`, `-9007199254740992`, `1.5`, `"1"`}},
		{"float", in, []string{`1`, `-1.5e300`}, []string{`1e400`, `"1"`, `null`}},
		{"time", in, []string{`"2026-01-31T09:30:00.000Z"`, `"2026-01-31T09:30:00+01:00"`}, []string{`"2026-01-31"`, `"now"`, `0`}},
		{"duration", in, []string{`500`}, []string{`0.5`, `"5s"`}},
		{"bytes", in, []string{`""`, `"AAEC"`}, []string{`"%%"`, `"AAE"`}},
		{"json", in, []string{`null`, `[1,{}]`, `"x"`}, nil},
		{"length", in, []string{`"a"`, `"äöü"`, `"😀😀😀"`}, []string{`""`, `"abcd"`}},
		{"email", in, []string{`"a@b.example"`}, []string{`"a"`, `"a@"`}},
		{"url", in, []string{`"https://a.example/x"`}, []string{`"a"`, `"/x"`}},
		{"pattern", in, []string{`"abc"`}, []string{`"aBc"`, `""`}},
		{"range", in, []string{`0`, `9`}, []string{`-1`, `10`}},
		{"unit", in, []string{`0`, `0.5`, `1`}, []string{`-0.1`, `1.1`}},
		{"few", in, []string{`[1]`, `[1,2]`}, []string{`[]`, `[1,2,3]`, `["a"]`}},
		{"map", in, []string{`{}`, `{"a":1}`}, []string{`{"a":"b"}`, `[]`}},
		{"point", in, []string{`{"x":1,"y":2}`}, []string{`{"x":1}`, `{"x":1,"y":2,"z":3}`}},
		{"mood", in, []string{`"good"`}, []string{`"ugly"`, `null`}},
		{"moodless", in, []string{`"good"`, `null`}, []string{`"ugly"`, `1`}},
		{"maybe", in, []string{`1`, `null`}, []string{`"x"`}},
		{"anything", in, []string{`1`, `null`}, nil},
		{
			"form",
			in,
			[]string{`{"kind":"circle","radius":1}`, `{"kind":"square","side":1}`},
			[]string{`{"kind":"circle","side":1}`, `{"kind":"star"}`, `{"radius":1}`},
		},
		{"form", out, []string{`{"kind":"square","side":1,"color":"red"}`}, []string{`{"kind":"square","side":1}`}},
		{
			"tree",
			in,
			[]string{`{"name":"a","children":[{"name":"b","children":[]}]}`},
			[]string{`{"name":"a","children":[{"name":"b","children":[],"seen":"2026-01-31T09:30:00Z"}]}`},
		},
		{"tree", out, []string{`{"name":"a","children":[],"seen":"2026-01-31T09:30:00Z"}`}, []string{`{"name":"a","children":[]}`}},
		{
			"user",
			in,
			[]string{`{"name":"a"}`, `{"id":"1","name":"a","note":null}`},
			[]string{`{"name":"a","password":"p"}`, `{"name":"a","score":1}`},
		},
		{
			"user",
			out,
			[]string{`{"id":"1","name":"a","score":1,"note":null}`},
			[]string{`{"id":"1","name":"a","score":1}`, `{"id":"1","name":"a","score":1,"note":null,"password":"p"}`},
		},
		{"nobody", out, []string{`null`, `{"id":"1","name":"a","score":1,"note":"x"}`}, []string{`{}`}},
		{
			"patch",
			in,
			[]string{`{}`, `{"name":"a"}`, `{"note":null}`},
			[]string{`{"password":"p"}`, `{"name":null}`, `{"score":1}`, `{"name":""}`},
		},
	}
	all := types()
	for _, test := range tests {
		schema := compile(t, all[test.name], test.d)
		for _, text := range test.right {
			if err := validate(t, schema, text); err != nil {
				t.Errorf("%s refuses %s: %v", test.name, text, err)
			}
		}
		for _, text := range test.refuse {
			if validate(t, schema, text) == nil {
				t.Errorf("%s accepts %s", test.name, text)
			}
		}
	}
}

// TestArgs validates argument lists: omitted arguments at the end, and null for an omitted argument before another one.
func TestArgs(t *testing.T) {
	s := newSchemas("")
	schema := compileText(
		t,
		pretty(
			args(
				s,
				[]*ir.Var{parameter("id", plain(ir.ID)), {Name: "times", Type: plain(ir.Int), Default: someValue}, parameter("why", types()["maybe"])},
			),
		),
	)
	for text, right := range map[string]bool{
		`["a"]`: true, `["a",1]`: true, `["a",null,2]`: true, `["a",1,null]`: true,
		`[]`: false, `[null]`: false, `["a","b"]`: false, `["a",1,2,3]`: false, `{}`: false,
	} {
		if err := validate(t, schema, text); (err == nil) != right {
			t.Errorf("%s: %v", text, err)
		}
	}
	none := compileText(t, pretty(args(s, nil)))
	if validate(t, none, `[]`) != nil || validate(t, none, `[1]`) == nil {
		t.Error("an entry point without parameters takes the empty list alone")
	}
}

// TestHash changes a program in ways that concern a client, and in ways that do not.
func TestHash(t *testing.T) {
	base := program().build().Hash
	same := map[string]func(sample){
		"doc of a type":  func(p sample) { p.Modules[0].Tables[0].Row.Doc = nil },
		"doc of an rpc":  func(p sample) { p.Modules[0].RPCs[0].Doc = nil },
		"who may call":   func(p sample) { p.Modules[0].RPCs[0].Access.Text = "guard admin" },
		"what is read":   func(p sample) { p.facts.Footprint(p.Modules[0].RPCs[0]).Reads = nil },
		"order of rpcs":  func(p sample) { r := p.Modules[0].RPCs; r[0], r[1] = r[1], r[0] },
		"order of files": func(p sample) { m := p.Modules; m[0], m[2] = m[2], m[0] },
		"name of an app": func(p sample) { p.Name = "other" },
	}
	for what, change := range same {
		p := program()
		change(p)
		if p.build().Hash != base {
			t.Errorf("%s: the hash is another one", what)
		}
	}
	other := map[string]func(sample){
		"name of an rpc":       func(p sample) { p.Modules[0].RPCs[0].Name = "enter" },
		"name of a parameter":  func(p sample) { p.Modules[0].RPCs[0].Params[0].Name = "title" },
		"type of a parameter":  func(p sample) { p.Modules[0].RPCs[0].Params[0].Type = plain(ir.Int) },
		"default":              func(p sample) { p.Modules[0].RPCs[0].Params[0].Default = someValue },
		"result":               func(p sample) { p.Modules[0].RPCs[1].Result = plain(ir.Int) },
		"session":              func(p sample) { p.facts.Footprint(p.Modules[0].RPCs[1]).Session = true },
		"field of a row":       func(p sample) { p.Modules[0].Tables[0].Row.Fields[1].Name = "title" },
		"merge":                func(p sample) { p.Modules[0].Streams[2].Merge.Prepend = false },
		"what a client writes": func(p sample) { p.Modules[0].Channels[0].Writable = false },
		"cursors of a room":    func(p sample) { p.Modules[0].Rooms[0].Cursors = nil },
		"arguments of signal":  func(p sample) { p.Modules[0].Signals[0].Params = nil },
		"property named title": func(p sample) {
			point := p.Modules[0].Channels[0].Declared.(*ir.Record)
			point.Fields = append(point.Fields, field("title", plain(ir.String)))
		},
	}
	for what, change := range other {
		p := program()
		change(p)
		if p.build().Hash == base {
			t.Errorf("%s: the hash is the same", what)
		}
	}
}
