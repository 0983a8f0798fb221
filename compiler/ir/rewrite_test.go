package ir

import "testing"

// TestRewrite replaces a variable in a query in a conditional, and expects the original to stay unchanged.
func TestRewrite(t *testing.T) {
	from, to := &Var{Name: "from"}, &Var{Name: "to"}
	read := &Local{Var: from}
	query := &Query{Name: "q", Pipeline: &Pipeline{Stages: []Stage{&FindStage{Keys: []Expr{read}}}}}
	x := &Cond{If: &Lit{Value: true}, Then: &QueryExpr{Query: query}, Else: &ListLit{Elems: []Expr{read}}}
	out, ok := Rewrite(x, func(x Expr) (Expr, bool) {
		if l, is := x.(*Local); is && l.Var == from {
			return &Local{Var: to}, true
		}
		return nil, false
	}).(*Cond)
	if !ok {
		t.Fatal("no choice any more")
	}
	copied := out.Then.(*QueryExpr).Query
	if v := copied.Pipeline.Stages[0].(*FindStage).Keys[0].(*Local).Var; v != to || copied == query || copied.Name != "q" {
		t.Errorf("the query reads %s", v.Name)
	}
	if v := out.Else.(*ListLit).Elems[0].(*Local).Var; v != to {
		t.Errorf("the list reads %s", v.Name)
	}
	if v := query.Pipeline.Stages[0].(*FindStage).Keys[0].(*Local).Var; v != from {
		t.Errorf("the original reads %s", v.Name)
	}
}
