package ir

import (
	"reflect"
	"testing"
)

// TestEntryPoints puts one declaration into each list of a module that holds entry points, and expects EntryPoints to return
// all of them.
func TestEntryPoints(t *testing.T) {
	m := &Module{}
	want := map[EntryPoint]bool{}
	list := reflect.ValueOf(m).Elem()
	for i := range list.NumField() {
		of := list.Field(i).Type()
		if of.Kind() != reflect.Slice || !of.Elem().Implements(reflect.TypeFor[EntryPoint]()) {
			continue
		}
		e := reflect.New(of.Elem().Elem())
		list.Field(i).Set(reflect.Append(list.Field(i), e))
		want[e.Interface().(EntryPoint)] = true
	}
	kinds := map[EntryKind]bool{}
	for _, e := range m.EntryPoints() {
		if !want[e] {
			t.Errorf("%T is there twice", e)
		}
		delete(want, e)
		if k := e.Head().Kind; k == "" || kinds[k] {
			t.Errorf("%T has the kind %q of another one", e, k)
		}
		kinds[e.Head().Kind] = true
	}
	for e := range want {
		t.Errorf("%T is left out", e)
	}
}

// TestHead sets the fields that all kinds of entry points have in common, and expects Head to return them.
func TestHead(t *testing.T) {
	access := Access{Text: "public"}
	for _, e := range []EntryPoint{&RPC{}, &Stream{}, &Channel{}, &Room{}, &Signal{}} {
		x := reflect.ValueOf(e).Elem()
		for name, v := range map[string]any{
			"Module": "m", "Name": "n", "Doc": []string{"d"}, "Params": []*Var{{Name: "p"}}, "Access": access, "Rates": []Rate{{Limit: 3}},
			"Result": &Void{}, "Value": &Void{},
		} {
			if f := x.FieldByName(name); f.IsValid() {
				f.Set(reflect.ValueOf(v))
			}
		}
		h := e.Head()
		if h.Path() != "m/n" || len(h.Doc) != 1 || len(h.Params) != 1 {
			t.Errorf("%T has the head %+v", e, h)
		}
		if x.FieldByName("Access").IsValid() && (h.Access == nil || h.Access.Text != "public" || len(h.Rates) != 1) {
			t.Errorf("%T has the access %+v and the rates %v", e, h.Access, h.Rates)
		}
		if (x.FieldByName("Result").IsValid() || x.FieldByName("Value").IsValid()) && h.Result == nil {
			t.Errorf("the head of %T has no result", e)
		}
	}
}
