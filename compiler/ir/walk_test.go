package ir

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/livec-lang/livec/internal/nodetest"
)

// TestNodes expects nodes to have every type with a method children.
func TestNodes(t *testing.T) { nodetest.Complete(t, nodes, ".", "children") }

// nodes holds one node of each kind. TestNodes compares the list with the source.
var nodes = []Node{
	&Lit{}, &Local{}, &CtxUser{}, &CtxIP{}, &CtxPath{}, &CtxAdded{}, &CtxCursor{}, &EnvRef{}, &FieldOf{}, &Index{}, &Unary{}, &Binary{},
	&In{}, &Cond{}, &MatchExpr{}, &Interp{}, &RecordLit{}, &ListLit{}, &MapLit{}, &CallFn{}, &CallExtern{}, &Builtin{}, &QueryExpr{},
	&ListPipe{}, &Wrap{}, &Unwrap{}, &ToFloat{}, &ToEnum{}, &FromEnum{}, &Fit{}, &Check{}, &As{}, &Insert{}, &Upsert{},
	&UpdateRow{}, &UpdateWhere{}, &DeleteRow{}, &DeleteWhere{},
	&Query{}, &Pipeline{}, &FilterStage{}, &SortStage{}, &LimitStage{}, &PageStage{}, &JoinStage{}, &MapStage{}, &GroupStage{},
	&ReduceStage{}, &FindStage{},
	&Block{}, &Let{}, &If{}, &For{}, &Return{}, &Fail{}, &Require{}, &Log{}, &Do{}, &Match{}, &Publish{}, &SendSignal{},
}

var (
	nodeType  = reflect.TypeFor[Node]()
	exprType  = reflect.TypeFor[Expr]()
	stmtType  = reflect.TypeFor[Stmt]()
	stageType = reflect.TypeFor[Stage]()
)

// elsewhere reports whether a field of this type refers to something declared elsewhere, which is not a part of the node.
func elsewhere(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[*Var](), reflect.TypeFor[*Field](), reflect.TypeFor[*Record](), reflect.TypeFor[*Table](), reflect.TypeFor[*Guard](),
		reflect.TypeFor[*EnvVar](), reflect.TypeFor[*Fn](), reflect.TypeFor[*Extern](), reflect.TypeFor[*Stream](), reflect.TypeFor[*Channel](),
		reflect.TypeFor[*Signal](), reflect.TypeFor[Type](), reflect.TypeFor[Pos](), reflect.TypeFor[any](): // any: the value of a literal
		return true
	}
	return t.PkgPath() != "" && t.PkgPath() != nodeType.PkgPath() || t.Kind() == reflect.Pointer && t.Elem().PkgPath() != nodeType.PkgPath()
}

// part returns a new node for a field whose type can hold one.
func part(typ reflect.Type) (n Node, ok bool) {
	switch {
	case typ == exprType:
		return &Lit{}, true
	case typ == stmtType:
		return &Return{}, true
	case typ == stageType:
		return &LimitStage{}, true
	case typ == reflect.TypeFor[*Query](): // Rewrite copies a query with its pipeline
		return &Query{Pipeline: &Pipeline{}}, true
	case typ.Implements(nodeType) && typ.Kind() == reflect.Pointer:
		return reflect.New(typ.Elem()).Interface().(Node), true
	}
	return nil, false
}

// fill puts a new node into every field of v that can hold one, and returns those nodes.
func fill(t *testing.T, v reflect.Value) []Node { return nodetest.Fill(t, v, part, elsewhere) }

// TestWalkVisitsEveryPart fills every field of every kind of node that can hold another node, and expects Walk to visit
// exactly these.
func TestWalkVisitsEveryPart(t *testing.T) {
	for _, n := range nodes {
		name := fmt.Sprintf("%T", n)
		fresh := reflect.New(reflect.TypeOf(n).Elem())
		want := map[Node]bool{}
		for _, in := range fill(t, fresh.Elem()) {
			want[in] = true
		}
		root := fresh.Interface().(Node)
		Walk(root, func(in Node) bool {
			switch {
			case in == root:
				return true
			case !want[in]:
				t.Errorf("%s: visits a %T twice, or one that is not a part of it", name, in)
			}
			delete(want, in)
			return false
		})
		for in := range want {
			t.Errorf("%s: does not visit a %T", name, in)
		}
	}
}

// TestRewriteReplacesEveryPart does the same for the expressions that Rewrite replaces.
func TestRewriteReplacesEveryPart(t *testing.T) {
	for _, n := range nodes {
		x, ok := n.(Expr)
		if !ok {
			continue
		}
		fresh := reflect.New(reflect.TypeOf(x).Elem())
		fill(t, fresh.Elem())
		if q := fresh.Elem().FieldByName("Query"); q.IsValid() {
			fill(t, reflect.ValueOf(q.Interface().(*Query).Pipeline).Elem())
			q.Interface().(*Query).Pipeline.Stages = everyStage(t)
		}
		old := map[Expr]bool{}
		root := fresh.Interface().(Expr)
		WalkExprs(root, func(in Expr) bool {
			old[in] = in != root
			return true
		})
		out := Rewrite(root, func(in Expr) (Expr, bool) {
			if in == root {
				return nil, false
			}
			delete(old, in)
			return &EnvRef{}, true
		})
		delete(old, root)
		for range old {
			t.Errorf("%T: a part is not replaced", x)
		}
		WalkExprs(out, func(in Expr) bool {
			if _, is := in.(*Lit); is && in != out {
				t.Errorf("%T: the copy holds a part of the original", x)
			}
			return true
		})
	}
}

// everyStage is one stage of each kind, filled.
func everyStage(t *testing.T) (out []Stage) {
	for _, n := range nodes {
		if s, ok := n.(Stage); ok {
			fresh := reflect.New(reflect.TypeOf(s).Elem())
			fill(t, fresh.Elem())
			out = append(out, fresh.Interface().(Stage))
		}
	}
	return out
}
