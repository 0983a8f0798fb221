package contract

import (
	"regexp"
	"time"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

func of[T any](v T) *T { return &v }

func plain(k ir.ScalarKind) *ir.Scalar { return &ir.Scalar{Kind: k} }

func refined(k ir.ScalarKind, r ir.Refine) *ir.Scalar { return &ir.Scalar{Kind: k, Refine: &r} }

func field(name string, t ir.Type) *ir.Field { return &ir.Field{Name: name, Type: t} }

func shape(fields ...*ir.Field) *ir.Record {
	return &ir.Record{Module: "app", Name: "Shape0", Anonymous: true, Fields: fields}
}

func parameter(name string, t ir.Type) *ir.Var { return &ir.Var{Name: name, Type: t} }

// someValue is the default of fields and parameters that may be omitted. The contract depends on whether there is a
// default, not on its value.
var someValue = &ir.Lit{Value: "x"}

// types returns types of each kind, with all refinements.
func types() map[string]ir.Type {
	color := &ir.Enum{Module: "app", Name: "Color", Doc: []string{"What it is painted in."}, Values: []string{"red", "green"}}
	circle := &ir.Record{
		Module: "app",
		Name:   "Circle",
		Fields: []*ir.Field{
			field("kind", &ir.Enum{Anonymous: true, Values: []string{"circle"}}),
			field("radius", refined(ir.Float, ir.Refine{FMin: of(0.0)})),
		},
	}
	square := &ir.Record{
		Module: "app",
		Name:   "Square",
		Fields: []*ir.Field{field("kind", plain(ir.String)), field("side", plain(ir.Float)), {Name: "color", Type: color, Default: someValue}},
	}
	union := &ir.Union{
		Module:   "app",
		Name:     "Form",
		Tag:      "kind",
		Variants: []ir.Variant{{Value: "circle", Record: circle}, {Value: "square", Record: square}},
	}
	circle.TagOf, square.TagOf = union, union
	tree := &ir.Record{Module: "rooms/lobby", Name: "Tree"}
	tree.Fields = []*ir.Field{
		field("name", plain(ir.String)),
		field("children", &ir.List{Elem: tree}),
		{Name: "seen", Type: plain(ir.Time), Server: true},
	}
	user := &ir.Record{Module: "app", Name: "User", Doc: []string{"Somebody with <b>an account</b>."}, Fields: []*ir.Field{
		{Name: "id", Type: plain(ir.ID), Default: someValue, Doc: []string{"The key."}},
		field("name", refined(ir.String, ir.Refine{Min: of(int64(1)), Max: of(int64(40))})),
		{Name: "password", Type: plain(ir.String), Secret: true},
		{Name: "score", Type: plain(ir.Int), Server: true},
		field("note", &ir.Optional{Elem: plain(ir.String)}),
	}}
	patch := &ir.Record{Module: "app", Name: "UserPatch", PatchOf: user, Anonymous: true}
	for _, f := range user.Fields {
		patch.Fields = append(patch.Fields, &ir.Field{Name: f.Name, Type: &ir.Optional{Elem: f.Type}, Server: f.Server, Secret: f.Secret})
	}
	return map[string]ir.Type{
		"string": plain(
			ir.String,
		), "id": plain(ir.ID), "bool": plain(ir.Bool), "time": plain(ir.Time), "duration": plain(ir.Duration), "json": plain(ir.JSON),
		"int": plain(ir.Int), "float": plain(ir.Float), "bytes": plain(ir.Bytes),
		"length":   refined(ir.String, ir.Refine{Min: of(int64(1)), Max: of(int64(3))}),
		"email":    refined(ir.String, ir.Refine{Max: of(int64(80)), Format: "email"}),
		"url":      refined(ir.String, ir.Refine{Format: "url"}),
		"pattern":  refined(ir.String, ir.Refine{Pattern: regexp.MustCompile("^[a-z]+$"), PatternText: "^[a-z]+$"}),
		"range":    refined(ir.Int, ir.Refine{Min: of(int64(0)), Max: of(int64(9))}),
		"unit":     refined(ir.Float, ir.Refine{FMin: of(0.0), FMax: of(1.0)}),
		"file":     refined(ir.Bytes, ir.Refine{Max: of(int64(5 << 20))}),
		"few":      &ir.List{Elem: plain(ir.Int), Refine: &ir.Refine{Min: of(int64(1)), Max: of(int64(2))}},
		"map":      &ir.Map{Elem: plain(ir.Int)},
		"point":    shape(field("x", plain(ir.Float)), field("y", plain(ir.Float))),
		"mood":     &ir.Enum{Anonymous: true, Values: []string{"good", "bad"}},
		"moodless": &ir.Optional{Elem: &ir.Enum{Anonymous: true, Values: []string{"good", "bad"}}},
		"maybe":    &ir.Optional{Elem: plain(ir.Int)},
		"anything": &ir.Optional{Elem: plain(ir.JSON)},
		"nobody":   &ir.Optional{Elem: user},
		"color":    color, "form": union, "tree": tree, "user": user, "patch": patch,
	}
}

// sample is an app built in code.
type sample struct {
	*ir.Program
	facts *analyze.Facts
}

func (s sample) build() *Contract { return Build(s.Program, s.facts) }

// newSample makes a sample. does has the footprints of entry points; the others have an empty one.
func newSample(p *ir.Program, does map[string]*analyze.Footprint) sample {
	facts := &analyze.Facts{Footprints: map[ir.EntryPoint]*analyze.Footprint{}}
	for _, m := range p.Modules {
		for _, e := range m.AllEntryPoints() {
			facts.Footprints[e] = &analyze.Footprint{}
			if f := does[e.Head().Path()]; f != nil {
				facts.Footprints[e] = f
			}
		}
	}
	return sample{p, facts}
}

// program returns an app with entry points of each kind.
func program() sample {
	t := types()
	user := t["user"].(*ir.Record)
	table := &ir.Table{Row: user}
	user.Table = table
	users := &ir.List{Elem: user}
	point := t["point"].(*ir.Record)
	keyed := shape(append([]*ir.Field{field("key", plain(ir.String))}, point.Fields...)...)
	call := &ir.Signal{
		Module: "app",
		Name:   "call",
		Doc:    []string{"Somebody calls."},
		Params: []*ir.Var{parameter("from", user), parameter("sdp", plain(ir.JSON))},
	}
	id := user.Fields[0]
	does := map[string]*analyze.Footprint{
		"app/users": {Mode: analyze.Read, Reads: []*ir.Table{table}},
		"app/signIn": {
			Mode: analyze.Write, Reads: []*ir.Table{table}, Writes: []*ir.Table{table}, Publishes: []string{"app/news"},
			Signals: []*ir.Signal{call}, Errors: []string{"CONFLICT", "VALIDATION"}, Session: true,
		},
	}
	return newSample(&ir.Program{Name: "demo", Modules: []*ir.Module{
		{
			Name: "app", Doc: []string{"An app with one of everything."},
			Types: []ir.Type{t["color"], t["form"]}, Tables: []*ir.Table{table},
			Streams: []*ir.Stream{
				{Module: "app", Name: "users", Form: ir.LiveStream, Value: users, Access: ir.Access{Text: "public"},
					Query: &ir.Query{Pipeline: &ir.Pipeline{Table: table, Stages: []ir.Stage{&ir.PageStage{N: 20}}}}},
				{Module: "app", Name: "total", Form: ir.DerivedStream, Value: plain(ir.Int), Access: ir.Access{Text: "guard signedIn"}},
				{
					Module: "app",
					Name:   "news",
					Form:   ir.PublishedStream,
					Params: []*ir.Var{parameter("topic", plain(ir.String))},
					Value:  users,
					Access: ir.Access{Text: "public"},
					Merge:  &ir.Merge{Kind: ir.MergeCrud, Item: user, Key: []*ir.Field{id}, Prepend: true},
				},
				{
					Module: "app",
					Name:   "ticks",
					Form:   ir.PublishedStream,
					Value:  &ir.List{Elem: plain(ir.Int)},
					Access: ir.Access{Text: "public"},
					Merge:  &ir.Merge{Kind: ir.MergeLatest, Item: plain(ir.Int), Max: 100},
				},
			},
			Channels: []*ir.Channel{
				{
					Module:   "app",
					Name:     "pointers",
					Params:   []*ir.Var{parameter("doc", plain(ir.ID))},
					Access:   ir.Access{Text: "guard signedIn"},
					Merge:    &ir.Merge{Kind: ir.MergeCursor, Item: keyed},
					Declared: point,
					Value:    &ir.List{Elem: keyed},
					Writable: true,
					Expire:   3 * time.Second,
				},
			},
			RPCs: []*ir.RPC{
				{
					Module: "app",
					Name:   "signIn",
					Doc:    []string{"Come in.", "", "Makes an account."},
					Params: []*ir.Var{
						{Name: "name", Type: refined(ir.String, ir.Refine{Min: of(int64(1)), Max: of(int64(40))}), Doc: []string{"How others see you."}},
					},
					Result: user,
					Access: ir.Access{Text: "public"},
				},
				{
					Module: "app",
					Name:   "edit",
					Params: []*ir.Var{
						parameter("id", plain(ir.ID)),
						parameter("patch", t["patch"]),
						{Name: "times", Type: plain(ir.Int), Default: someValue},
						parameter("why", t["maybe"]),
					},
					Result: &ir.Void{},
					Access: ir.Access{Text: "guard signedIn"},
				},
			},
			Rooms: []*ir.Room{{
				Module: "app", Name: "board", Params: []*ir.Var{parameter("boardId", plain(ir.ID))}, Access: ir.Access{Text: "guard signedIn"},
				Data: &ir.Stream{Module: "app", Name: "board.data", Form: ir.LiveStream, Value: users},
				Presence: &ir.Presence{
					Declared: shape(field("name", plain(ir.String))),
					Member:   shape(field("key", plain(ir.String)), field("name", plain(ir.String))),
					Writable: true,
				},
				Cursors: &ir.Cursors{Declared: point, Cursor: keyed},
				Actions: []*ir.RPC{
					{
						Module: "app",
						Name:   "board.rename",
						Params: []*ir.Var{parameter("boardId", plain(ir.ID)), parameter("title", plain(ir.String))},
						Result: plain(ir.Bool),
						Access: ir.Access{Text: "guard signedIn"},
					},
				},
			}},
			Signals: []*ir.Signal{call},
		},
		{Name: "empty"},
		{
			Name: "rooms/lobby", Types: []ir.Type{t["tree"]},
			RPCs: []*ir.RPC{
				{
					Module: "rooms/lobby",
					Name:   "plant",
					Params: []*ir.Var{parameter("tree", t["tree"]), parameter("form", t["form"])},
					Result: t["tree"],
					Access: ir.Access{Text: "public"},
				},
			},
		},
	}}, does)
}
