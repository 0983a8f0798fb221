package relation

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/livec-lang/livec/internal/nodetest"
)

// parts is one part of each kind. TestParts compares the list with the source.
var parts = []Part{
	&Scan{}, &Filter{}, &Sort{}, &Limit{}, &Page{}, &Join{}, &Map{}, &Group{}, &Reduce{},
	&Col{}, &Param{}, &Const{}, &Unary{}, &Binary{}, &Cond{}, &Func{}, &InList{}, &InPlan{}, &Sub{},
}

var (
	partType = reflect.TypeFor[Part]()
	nodeType = reflect.TypeFor[Node]()
	exprType = reflect.TypeFor[Expr]()
)

// TestParts expects every type with a method children among parts.
func TestParts(t *testing.T) { nodetest.Complete(t, parts, ".", "children") }

// part returns a new part of a plan for a field whose type can hold one.
func part(typ reflect.Type) (p Part, ok bool) {
	switch {
	case typ == exprType:
		return &Const{}, true
	case typ == nodeType:
		return &Scan{Table: &Table{}}, true
	case typ.Implements(partType) && typ.Kind() == reflect.Pointer:
		return reflect.New(typ.Elem()).Interface().(Part), true
	}
	return nil, false
}

// elsewhere reports whether a field of this type refers to something elsewhere, or is data, and so contains no part of a plan.
func elsewhere(typ reflect.Type) bool {
	switch typ {
	case reflect.TypeFor[*Table](), reflect.TypeFor[Value](), reflect.TypeFor[Schema](), reflect.TypeFor[*Visible]():
		return true
	}
	return false
}

// filled returns a part of a kind with all of its fields set. in are the parts in these fields.
func filled(t *testing.T, kind Part) (p Part, in []Part) {
	fresh := reflect.New(reflect.TypeOf(kind).Elem())
	in = nodetest.Fill(t, fresh.Elem(), part, elsewhere)
	return fresh.Interface().(Part), in
}

// TestWalkVisitsEveryPart sets every field of every kind of part that can hold another one, and expects Walk to visit exactly these.
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
				t.Errorf("%T: visits a %T twice, or one that is not a part of it", kind, p)
			}
			delete(want, p)
			return false
		})
		for p := range want {
			t.Errorf("%T: does not visit a %T", kind, p)
		}
		Walk(kind, func(p Part, _ int) bool { // the kind without any parts
			if p != kind {
				t.Errorf("%T: visits a %T that is not there", kind, p)
			}
			return true
		})
	}
}

// TestOnInputKeepsEveryField expects a copy of a node on another input to differ only in its input.
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

// TestWalkTracksDepth expects Walk to find each column of an enclosing row at any depth.
func TestWalkTracksDepth(t *testing.T) {
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

// TestReplaceReplacesEveryPart sets every field of every kind of part. A copy with the same parts must be equal, and a
// copy with other parts must have exactly these.
func TestReplaceReplacesEveryPart(t *testing.T) {
	for _, kind := range parts {
		p, in := filled(t, kind)
		if same := Replace(p, func(in Part) Part { return in }); !reflect.DeepEqual(same, p) {
			t.Errorf("%T: a copy has lost a field", p)
		}
		other := map[Part]bool{}
		changed := Replace(p, func(in Part) Part {
			fresh := reflect.New(reflect.TypeOf(in).Elem()).Interface().(Part)
			other[fresh] = true
			return fresh
		})
		if len(other) != len(in) {
			t.Errorf("%T: replaces %d parts of %d", p, len(other), len(in))
		}
		Children(changed, func(in Part, _ int) {
			if !other[in] {
				t.Errorf("%T: keeps a %T", p, in)
			}
		})
	}
}
