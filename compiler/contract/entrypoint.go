package contract

import (
	"slices"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// common describes what all kinds of entry points except signals have in common.
func common(s *schemas, e ir.EntryPoint, does *analyze.Footprint) object {
	head := e.Head()
	o := object{{"kind", string(head.Kind)}, {"name", head.Path()}}
	o.setText("doc", docText(head.Doc))
	o.set("params", params(s, head.Params))
	o.set("args", args(s, head.Params))
	if head.Result != nil {
		if text := ir.ShownString(head.Result); text != "" {
			o.set("type", text)
			o.set("result", s.of(head.Result, out))
		}
	}
	o.set("access", head.Access.Text)
	o.setNames("errors", does.Errors)
	if does.Session {
		o.set("session", true)
	}
	o.setNames("writes", tables(does.Writes))
	o.setNames("reads", tables(does.Reads))
	o.setNames("publishes", does.Publishes)
	o.setNames("signals", signals(does.Signals))
	return o
}

// params describes parameters, for people and for arguments by name.
func params(s *schemas, vars []*ir.Var) list {
	all := list{}
	for _, v := range vars {
		o := object{{"name", v.Name}, {"type", ir.ShownString(v.Type)}}
		if ir.Omittable(v.Type, v.Default) {
			o.set("optional", true)
		}
		o.setText("doc", docText(v.Doc))
		o.set("schema", s.of(v.Type, in))
		all = append(all, o)
	}
	return all
}

// args returns the schema of the argument array. Optional arguments at the end may be omitted. An omitted argument
// before another one is null.
func args(s *schemas, vars []*ir.Var) object {
	o := object{{"type", "array"}}
	items, least := list{}, 0
	for i, v := range vars {
		item := s.of(v.Type, in)
		if ir.Omittable(v.Type, v.Default) {
			if _, optional := v.Type.(*ir.Optional); !optional {
				item = nullable(item)
			}
		} else {
			least = i + 1
		}
		items = append(items, item)
	}
	if len(items) > 0 { // an empty prefixItems is not allowed
		o.set("prefixItems", items)
	}
	if least > 0 {
		o.set("minItems", least)
	}
	return o.with("items", false)
}

func tables(all []*ir.Table) []string {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Row.Name
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func signals(all []*ir.Signal) []string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Module + "/" + s.Name
	}
	slices.Sort(names)
	return slices.Compact(names)
}
