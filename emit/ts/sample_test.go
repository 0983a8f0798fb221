package emitts

import (
	"time"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/contract"
	"github.com/livec-lang/livec/compiler/ir"
)

func plain(k ir.ScalarKind) *ir.Scalar { return &ir.Scalar{Kind: k} }

func maybe(t ir.Type) ir.Type { return &ir.Optional{Elem: t} }

func many(t ir.Type) ir.Type { return &ir.List{Elem: t} }

func field(name string, t ir.Type) *ir.Field { return &ir.Field{Name: name, Type: t} }

func param(name string, t ir.Type) *ir.Var { return &ir.Var{Name: name, Type: t} }

func record(module, name string, fields ...*ir.Field) *ir.Record {
	return &ir.Record{Module: module, Name: name, Fields: fields}
}

var someValue = &ir.Lit{Value: "x"}

// read returns an expression that reads a field of a row.
func read(row *ir.Var, f *ir.Field) ir.Expr { return &ir.FieldOf{X: &ir.Local{Var: row}, Field: f} }

// program returns an app with everything that clients can use.
func program() *compiler.App {
	role := &ir.Enum{
		Module: "chat",
		Name:   "Role",
		Doc:    []string{"What somebody may do."},
		Values: []string{"admin", "member", "it's \\ \n\u0007"},
	}
	user := record("chat", "User", field("id", plain(ir.ID)), field("name", plain(ir.String)), field("role", role))
	user.Doc = []string{"Somebody.", "", "With an account. */ // not the end"}
	user.Fields[0].Default, user.Fields[2].Default = someValue, someValue
	user.Fields[1].Doc = []string{"How others see them."}
	user.Fields = append(
		user.Fields,
		&ir.Field{Name: "password", Type: plain(ir.String), Secret: true},
		&ir.Field{Name: "score", Type: plain(ir.Int), Server: true},
		field("note", maybe(plain(ir.String))),
	)
	users := &ir.Table{Row: user, Key: user.Fields[:1]}
	patch := &ir.Record{Module: "chat", Name: "UserPatch", Anonymous: true, PatchOf: user}
	for _, f := range user.Fields {
		patch.Fields = append(patch.Fields, &ir.Field{Name: f.Name, Type: maybe(f.Type), Server: f.Server, Secret: f.Secret})
	}

	message := record(
		"chat",
		"Message",
		field("id", plain(ir.ID)),
		field("room", plain(ir.String)),
		field("author", plain(ir.String)),
		field("text", plain(ir.String)),
		field("sentAt", plain(ir.Time)),
	)
	messages := &ir.Table{Row: message, Key: message.Fields[:1]}
	row := &ir.Var{Name: "row"}
	latest := &ir.Query{
		Row: message,
		Pipeline: &ir.Pipeline{
			Table: messages,
			Stages: []ir.Stage{
				&ir.SortStage{Row: row, Keys: []ir.ListSortKey{{X: read(row, message.Fields[4]), Desc: true}}},
				&ir.LimitStage{N: 50},
			},
		},
	}

	tree := &ir.Record{Module: "rooms/lobby", Name: "Tree"}
	tree.Fields = []*ir.Field{field("name", plain(ir.String)), field("children", many(tree)), field("seen", maybe(plain(ir.Time)))}
	circle := record("rooms/lobby", "Circle", field("kind", plain(ir.String)), field("radius", plain(ir.Float)))
	square := record(
		"rooms/lobby",
		"Square",
		field("kind", plain(ir.String)),
		field("at", plain(ir.Time)),
		&ir.Field{Name: "side", Type: plain(ir.Float), Default: someValue},
	)
	form := &ir.Union{
		Module:   "rooms/lobby",
		Name:     "Form",
		Tag:      "kind",
		Variants: []ir.Variant{{Value: "circle", Record: circle}, {Value: "square", Record: square}},
	}
	circle.TagOf, square.TagOf = form, form
	date := record("rooms/lobby", "Date", field("day", plain(ir.Int)), field("at", plain(ir.Time)), field("file", plain(ir.Bytes)))
	lobbyUser := record("rooms/lobby", "User", field("of", user))
	point := record("rooms/lobby", "BoardCursors", field("x", plain(ir.Float)), field("y", plain(ir.Float)))
	cursor := record("rooms/lobby", "BoardCursorsEntry", append([]*ir.Field{field("key", plain(ir.String))}, point.Fields...)...)
	typing := record("chat", "Typing", field("name", plain(ir.String)))
	typist := record("chat", "TypingEntry", field("key", plain(ir.String)), field("name", plain(ir.String)))
	mapRow := &ir.Var{Name: "row"}
	label := record("chat", "Label", field("who", plain(ir.ID)), field("title", plain(ir.String)))
	none := &ir.Void{}
	write := &analyze.Footprint{Mode: analyze.Write, Errors: []string{"FORBIDDEN", "NOT_FOUND", "VALIDATION"}}
	look := &analyze.Footprint{Mode: analyze.Read}
	does := map[string]*analyze.Footprint{
		"chat/signIn": {Mode: analyze.Write, Session: true, Errors: []string{"VALIDATION"}},
		"chat/send":   write, "chat/edit": write, "chat/delete": write, "chat/look": look,
		"chat/weather":      {Externs: []*ir.Extern{{Name: "fetch"}}},
		"rooms/lobby/plant": write, "rooms/lobby/grow": write, "rooms/lobby/twoFiles": write, "rooms/lobby/who": look,
		"rooms/lobby/board.rename": write,
	}
	ring := &ir.Signal{
		Module: "chat",
		Name:   "ring",
		Doc:    []string{"Somebody calls."},
		Params: []*ir.Var{param("from", user), param("at", plain(ir.Time)), param("sdp", plain(ir.JSON))},
	}

	p := &ir.Program{Name: "demo", Modules: []*ir.Module{
		{
			Name: "chat", Doc: []string{"A chat with rooms."}, Types: []ir.Type{role}, Tables: []*ir.Table{users, messages},
			Shapes: []ir.Type{patch, label},
			Streams: []*ir.Stream{
				{
					Module: "chat",
					Name:   "messages",
					Doc:    []string{"The latest messages of a room, newest first."},
					Form:   ir.LiveStream,
					Params: []*ir.Var{{Name: "room", Type: plain(ir.String), Doc: []string{"Its name,", "as people write it."}}},
					Query:  latest,
					Value:  many(message),
				},
				{Module: "chat", Name: "total", Form: ir.DerivedStream, Value: plain(ir.Int)},
				{Module: "chat", Name: "recent", Form: ir.DerivedStream, Value: many(message)},
				{Module: "chat", Name: "last", Form: ir.LiveStream, Value: maybe(message), Query: latest},
				{
					Module: "chat",
					Name:   "labels",
					Form:   ir.LiveStream,
					Value:  many(label),
					Query: &ir.Query{Row: label, Pipeline: &ir.Pipeline{Table: users, Stages: []ir.Stage{
						&ir.SortStage{Row: mapRow, Keys: []ir.ListSortKey{{X: read(mapRow, user.Fields[1])}}},
						&ir.MapStage{
							Row: mapRow,
							Out: label,
							Fields: []ir.FieldInit{
								{Field: label.Fields[0], X: read(mapRow, user.Fields[0])},
								{Field: label.Fields[1], X: read(mapRow, user.Fields[1])},
							},
						},
					}}},
				},
				{
					Module: "chat",
					Name:   "names",
					Form:   ir.LiveStream,
					Value:  many(plain(ir.String)),
					Query: &ir.Query{
						Pipeline: &ir.Pipeline{Table: users, Stages: []ir.Stage{&ir.MapStage{Row: mapRow, X: read(mapRow, user.Fields[1])}}},
					},
				},
				{
					Module: "chat",
					Name:   "byRole",
					Form:   ir.LiveStream,
					Value:  many(user),
					Query: &ir.Query{
						Pipeline: &ir.Pipeline{
							Table:  users,
							Stages: []ir.Stage{&ir.SortStage{Row: mapRow, Keys: []ir.ListSortKey{{X: read(mapRow, user.Fields[2])}}}},
						},
					},
				},
				{
					Module: "chat",
					Name:   "activity",
					Form:   ir.PublishedStream,
					Value:  many(message),
					Merge:  &ir.Merge{Kind: ir.MergeLatest, Item: message, Max: 100, Prepend: true},
				},
				{
					Module: "chat",
					Name:   "catalog",
					Form:   ir.PublishedStream,
					Value:  many(user),
					Merge:  &ir.Merge{Kind: ir.MergeCrud, Item: user, Key: user.Fields[:2]},
				},
				{
					Module: "chat",
					Name:   "stats",
					Form:   ir.PublishedStream,
					Value:  plain(ir.Time),
					Merge:  &ir.Merge{Kind: ir.MergeSet, Item: plain(ir.Time)},
				},
			},
			Channels: []*ir.Channel{
				{
					Module:   "chat",
					Name:     "typing",
					Params:   []*ir.Var{param("room", plain(ir.String))},
					Merge:    &ir.Merge{Kind: ir.MergePresence, Item: typist},
					Declared: typing,
					Value:    many(typist),
					Writable: true,
				},
				{
					Module:   "chat",
					Name:     "news",
					Merge:    &ir.Merge{Kind: ir.MergeSet, Item: plain(ir.String)},
					Declared: plain(ir.String),
					Value:    maybe(plain(ir.String)),
				},
			},
			RPCs: []*ir.RPC{
				{
					Module: "chat",
					Name:   "signIn",
					Doc:    []string{"Come in."},
					Params: []*ir.Var{param("name", plain(ir.String)), {Name: "role", Type: role, Default: someValue}},
					Result: user,
				},
				{
					Module: "chat",
					Name:   "send",
					Doc:    []string{"Say something in a room."},
					Params: []*ir.Var{param("room", plain(ir.String)), {Name: "text", Type: plain(ir.String), Doc: []string{"What to say."}}},
					Result: message,
				},
				{
					Module: "chat",
					Name:   "edit",
					Params: []*ir.Var{param("id", plain(ir.ID)), param("patch", patch), param("new", user), param("why", maybe(plain(ir.String)))},
					Result: none,
				},
				{Module: "chat", Name: "delete", Params: []*ir.Var{param("id", plain(ir.ID))}, Result: none},
				{Module: "chat", Name: "look", Result: maybe(many(&ir.Enum{Anonymous: true, Values: []string{"a", "b"}}))},
				{Module: "chat", Name: "weather", Result: &ir.Map{Elem: maybe(plain(ir.Time))}, Timeout: time.Minute},
			},
			Signals: []*ir.Signal{ring, {Module: "chat", Name: "hush"}},
		},
		{Name: "empty"},
		{
			Name: "rooms/lobby", Types: []ir.Type{tree, form, circle, square, date, lobbyUser, point}, Shapes: []ir.Type{cursor},
			RPCs: []*ir.RPC{
				{
					Module: "rooms/lobby",
					Name:   "plant",
					Params: []*ir.Var{param("tree", tree), param("form", form), param("on", plain(ir.Time)), param("date", date)},
					Result: form,
				},
				{
					Module: "rooms/lobby",
					Name:   "grow",
					Params: []*ir.Var{param("image", plain(ir.Bytes)), param("name", plain(ir.String))},
					Result: tree,
				},
				{
					Module: "rooms/lobby",
					Name:   "twoFiles",
					Params: []*ir.Var{param("one", plain(ir.Bytes)), param("two", maybe(plain(ir.Bytes)))},
					Result: date,
				},
				{Module: "rooms/lobby", Name: "who", Params: []*ir.Var{param("as", lobbyUser)}, Result: many(lobbyUser)},
			},
			Rooms: []*ir.Room{
				{
					Module: "rooms/lobby", Name: "board", Doc: []string{"One board."}, Params: []*ir.Var{param("boardId", plain(ir.ID))},
					Data: &ir.Stream{
						Module: "rooms/lobby",
						Name:   "board.data",
						Form:   ir.LiveStream,
						Params: []*ir.Var{param("boardId", plain(ir.ID))},
						Value:  many(message),
						Query:  latest,
					},
					Presence: &ir.Presence{Declared: typing, Member: typist, Writable: true},
					Cursors:  &ir.Cursors{Declared: point, Cursor: cursor},
					Actions: []*ir.RPC{
						{
							Module: "rooms/lobby",
							Name:   "board.rename",
							Doc:    []string{"Another title."},
							Params: []*ir.Var{param("boardId", plain(ir.ID)), param("title", plain(ir.String))},
							Result: message,
						},
					},
				},
				{
					Module:   "rooms/lobby",
					Name:     "plaza",
					Presence: &ir.Presence{Declared: typing, Member: typist},
					Cursors:  &ir.Cursors{Declared: point, Cursor: cursor},
				},
			},
		},
	}}
	facts := &analyze.Facts{Footprints: map[ir.EntryPoint]*analyze.Footprint{}}
	for _, m := range p.Modules {
		for _, e := range m.AllEntryPoints() {
			facts.Footprints[e] = does[e.Head().Path()]
		}
	}
	return &compiler.App{Program: p, Facts: facts, Contract: &contract.Contract{Hash: "sha-1'"}}
}
