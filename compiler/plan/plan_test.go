package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// messages is a program with one query: Message | filter cond | sort .text desc | limit 50.
func messages(cond func(row, room *ir.Var, field *ir.Field) ir.Expr) (*ir.Program, *ir.Query) {
	str := &ir.Scalar{Kind: ir.String}
	id := &ir.Field{Name: "id", Type: &ir.Scalar{Kind: ir.ID}, Column: 0}
	text := &ir.Field{Name: "text", Type: str, Column: 1}
	table := &ir.Table{Row: &ir.Record{Name: "Message", Fields: []*ir.Field{id, text}}, Key: []*ir.Field{id}}
	row, room := &ir.Var{Name: "row", Type: table.Row}, &ir.Var{Name: "room", Type: str}
	q := &ir.Query{Name: "chat/messages", Live: true, Pipeline: &ir.Pipeline{Table: table, Stages: []ir.Stage{
		&ir.FilterStage{Row: row, Cond: cond(row, room, text)},
		&ir.SortStage{Row: row, Keys: []ir.ListSortKey{{X: fieldOf(row, text), Desc: true}}},
		&ir.LimitStage{N: 50},
	}}}
	return &ir.Program{Modules: []*ir.Module{{Name: "chat", Tables: []*ir.Table{table}}}, Queries: []*ir.Query{q}}, q
}

func fieldOf(v *ir.Var, f *ir.Field) ir.Expr {
	return &ir.FieldOf{At: ir.At{T: f.Type}, X: &ir.Local{At: ir.At{T: v.Type}, Var: v}, Field: f}
}

func equal(l, r ir.Expr) ir.Expr {
	return &ir.Binary{At: ir.At{T: &ir.Scalar{Kind: ir.Bool}}, Op: relation.Eq, L: l, R: r}
}

func TestPlan(t *testing.T) {
	p, q := messages(func(row, room *ir.Var, text *ir.Field) ir.Expr {
		eq := equal(fieldOf(row, text), &ir.Local{At: ir.At{T: room.Type}, Var: room})
		return &ir.Binary{At: ir.At{T: &ir.Scalar{Kind: ir.Bool}}, Op: relation.Or, L: eq, R: eq}
	})
	plans, list := Program(p)
	if len(list) > 0 {
		t.Fatal(list)
	}
	made := plans.Query(q)
	id, text := &relation.Col{Index: 0, Kind: relation.ID}, &relation.Col{Index: 1, Kind: relation.Text}
	eq := &relation.Binary{Op: relation.Eq, L: text, R: &relation.Param{Kind: relation.Text}, Kind: relation.Bool, Of: relation.Text}
	want := &relation.Limit{N: 50, Input: &relation.Sort{
		By: []relation.SortKey{{Expr: text, Desc: true}, {Expr: id, Desc: true}},
		Input: &relation.Filter{
			Input: &relation.Scan{Table: plans.Table(p.Modules[0].Tables[0])},
			Cond:  &relation.Binary{Op: relation.Or, L: eq, R: eq, Kind: relation.Bool, Of: relation.Bool},
		},
	}}
	if diff := cmp.Diff(relation.Node(want), made.Plan); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if len(made.Args) != 1 || made.Params[0].Name != "room" {
		t.Errorf("room is read twice and must be one parameter; got %v", made.Params)
	}
}

func TestNowIsNotLive(t *testing.T) {
	p, _ := messages(func(row, _ *ir.Var, text *ir.Field) ir.Expr {
		return equal(fieldOf(row, text), &ir.Builtin{At: ir.At{T: text.Type}, Name: "now"})
	})
	_, list := Program(p)
	if len(list) != 1 || list[0].Code != diag.CodeNotLive {
		t.Errorf("got %v, want %s", list, diag.CodeNotLive)
	}
}

// TestUnderProof plans a parameter whose expression is valid only if its parts are not null. A query computes its parameters in any case.
func TestUnderProof(t *testing.T) {
	str := &ir.Scalar{Kind: ir.String}
	maybe := &ir.Var{Name: "maybe", Type: &ir.Optional{Elem: str}}
	local := &ir.Local{At: ir.At{T: maybe.Type}, Var: maybe}
	p, q := messages(func(row, room *ir.Var, text *ir.Field) ir.Expr {
		boolT := &ir.Scalar{Kind: ir.Bool}
		there := &ir.Binary{At: ir.At{T: boolT}, Op: relation.Ne, L: local, R: &ir.Lit{At: ir.At{T: maybe.Type}}}
		longer := &ir.Interp{At: ir.At{T: str}, Parts: []ir.Expr{&ir.Unwrap{At: ir.At{T: str}, X: local}, &ir.Lit{At: ir.At{T: str}, Value: "!"}}}
		return &ir.Binary{At: ir.At{T: boolT}, Op: relation.And, L: there, R: equal(fieldOf(row, text), longer)}
	})
	plans, list := Program(p)
	if list.HasErrors() {
		t.Fatal(list)
	}
	made := plans.Query(q)
	if len(made.Args) != 2 {
		t.Fatalf("%d parameters, want 2", len(made.Args))
	}
	c, ok := made.Args[1].(*ir.Cond)
	if !ok {
		t.Fatalf("the parameter is %T, want a choice that tests for null before", made.Args[1])
	}
	if test, ok := c.If.(*ir.Binary); !ok || test.Op != relation.Ne || test.L != ir.Expr(local) {
		t.Errorf("the choice tests %#v", c.If)
	}
	if !made.Params[1].Nullable {
		t.Error("the parameter may be null")
	}
}

// TestDefaultsOfColumns expects the defaults that a database can store: rows that are older than a column get them.
func TestDefaultsOfColumns(t *testing.T) {
	str := &ir.Scalar{Kind: ir.String}
	table := &ir.Table{Row: &ir.Record{Name: "Note"}}
	for i, x := range []ir.Expr{
		nil, &ir.Lit{Value: "it's"}, &ir.Lit{Value: false}, &ir.Lit{}, &ir.Builtin{Name: "now"},
		&ir.Wrap{X: &ir.Lit{Value: int64(1)}}, &ir.Lit{Value: "a\x00"},
		&ir.ListLit{}, &ir.ListLit{Elems: []ir.Expr{&ir.Lit{Value: "a"}}},
	} {
		table.Row.Fields = append(table.Row.Fields, &ir.Field{Name: string(rune('a' + i)), Type: str, Default: x, Column: i})
	}
	table.Key = table.Row.Fields[:1]
	p := &ir.Program{Modules: []*ir.Module{{Name: "m", Tables: []*ir.Table{table}}}}
	plans, list := Program(p)
	if len(list) > 0 {
		t.Fatal(list)
	}
	if diff := cmp.Diff(map[int]any{1: "it's", 2: false, 5: int64(1), 7: "[]"}, plans.Table(table).Defaults); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
}
