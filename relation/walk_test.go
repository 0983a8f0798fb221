package relation

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"
)

// parts is one part of each kind. TestParts holds the list against the source.
var parts = []Part{
	&Scan{}, &Filter{}, &Sort{}, &Limit{}, &Page{}, &Join{}, &Map{}, &Group{}, &Reduce{},
	&Col{}, &Param{}, &Const{}, &Unary{}, &Binary{}, &Cond{}, &Func{}, &InList{}, &InPlan{}, &Sub{},
}

var (
	partType = reflect.TypeFor[Part]()
	nodeType = reflect.TypeFor[Node]()
	exprType = reflect.TypeFor[Expr]()
)

// TestParts finds every type with a method children in the source, and expects it among parts.
func TestParts(t *testing.T) {
	known := map[string]bool{}
	for _, p := range parts {
		known[reflect.TypeOf(p).Elem().Name()] = true
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "children" {
				continue
			}
			name := fn.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name
			if !known[name] {
				t.Errorf("%s is a part of plans and not among those of the test", name)
			}
			delete(known, name)
		}
	}
	for name := range known {
		t.Errorf("%s is no part of plans", name)
	}
}

// fill puts a new part into every place of v that can hold one, and gives those parts.
func fill(t *testing.T, v reflect.Value) (put []Part) {
	add := func(p Part) {
		put = append(put, p)
		v.Set(reflect.ValueOf(p))
	}
	switch typ := v.Type(); {
	case typ == exprType:
		add(&Const{})
	case typ == nodeType:
		add(&Scan{Table: &Table{}})
	case typ.Implements(partType) && typ.Kind() == reflect.Pointer:
		add(reflect.New(typ.Elem()).Interface().(Part))
	case typ == reflect.TypeFor[*Table](), typ == reflect.TypeFor[Value](), typ == reflect.TypeFor[Schema](), typ == reflect.TypeFor[*Visible]():
		// They stand elsewhere, or are data.
	case typ.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(typ, 2, 2))
		for i := range 2 {
			put = append(put, fill(t, v.Index(i))...)
		}
	case typ.Kind() == reflect.Struct:
		for i := range typ.NumField() {
			put = append(put, fill(t, v.Field(i))...)
		}
	case typ.Kind() == reflect.Map, typ.Kind() == reflect.Pointer, typ.Kind() == reflect.Interface, typ.Kind() == reflect.Array:
		t.Errorf("a field of type %s: say in the test whether it holds parts of plans", typ)
	}
	return put
}

// filled is a new part of a kind with all of its fields filled, and what was put into them.
func filled(t *testing.T, kind Part) (p Part, in []Part) {
	fresh := reflect.New(reflect.TypeOf(kind).Elem())
	in = fill(t, fresh.Elem())
	return fresh.Interface().(Part), in
}

// TestWalkVisitsEveryPart fills every field of every kind of part that can hold another one, and expects Walk to visit just these.
func TestWalkVisitsEveryPart(t *testing.T) {
	for _, kind := range parts {
		root, in := filled(t, kind)
		want := map[Part]bool{}
		for _, p := range in {
			want[p] = true
		}
		Walk(root, func(p Part, _ int) bool {
			switch {
			case p == root:
				return true
			case !want[p]:
				t.Errorf("%T: visits a %T twice, or one that is no part of it", kind, p)
			}
			delete(want, p)
			return false
		})
		for p := range want {
			t.Errorf("%T: does not visit a %T", kind, p)
		}
		Walk(kind, func(p Part, _ int) bool { // without any part
			if p != kind {
				t.Errorf("%T: visits a %T that is not there", kind, p)
			}
			return true
		})
	}
}

// TestOnInputKeepsEveryField expects a copy of a node on another input to differ by its input alone.
func TestOnInputKeepsEveryField(t *testing.T) {
	for _, kind := range parts {
		p, _ := filled(t, kind)
		n, ok := p.(Node)
		if !ok {
			continue
		}
		in := Input(n)
		if in == nil {
			if _, scan := n.(*Scan); !scan {
				t.Errorf("%T has no input", n)
			}
			continue
		}
		other := &Scan{Table: &Table{Name: "other"}}
		moved := OnInput(n, other)
		if Input(moved) != Node(other) || Input(n) != in {
			t.Errorf("%T: its copy works on %v, and itself on %v", n, Input(moved), Input(n))
		}
		if back := OnInput(moved, in); back == n || !reflect.DeepEqual(back, n) {
			t.Errorf("%T: a copy has lost a field", n)
		}
		if Source(moved) != other {
			t.Errorf("%T: its rows come from %v", n, Source(moved))
		}
	}
}

// TestWalkKnowsTheRow finds each column of the row around, from however deep inside.
func TestWalkKnowsTheRow(t *testing.T) {
	col := func(depth int) Expr { return &Col{Depth: depth} }
	scan := &Scan{Table: &Table{}}
	inner := &Filter{
		Input: &Join{Input: scan, Right: &Filter{Input: scan, Cond: col(2)}, LeftOn: []Expr{col(1)}},
		Cond:  &Sub{Plan: &Reduce{Input: scan, Agg: Agg{Func: Any, Expr: col(2)}}},
	}
	x := &Cond{If: &InPlan{X: col(0), Plan: inner}, Then: col(0), Else: col(0)}
	var found []string
	WalkExprs(x, func(x Expr, depth int) bool {
		if c, ok := x.(*Col); ok {
			found = append(found, fmt.Sprint(c.Depth, depth))
			if c.Depth != depth {
				t.Errorf("a column %d rows out at depth %d", c.Depth, depth)
			}
		}
		return true
	})
	if len(found) != 6 {
		t.Errorf("found %q", found)
	}
}
