package contract

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// entry is one entry point of a module, as runtime.ContractEntry reads it.
type entry struct {
	kind, name string // rpc, chat/send
	doc        []string
	params     []*ir.Var
	result     ir.Type // nil or Void where there is none
	access     string
	effects    *ir.Effects // nil where an entry point runs nothing of its own
	merge      string
	more       object // members that only this kind has; all of them are part of the hash
}

// json writes the entry with its schemas.
func (e *entry) json(s *schemas) object {
	o := object{{"kind", e.kind}, {"name", e.name}}
	o.setText("doc", docText(e.doc))
	o.set("params", params(s, e.params))
	o.set("args", args(s, e.params))
	if e.result != nil {
		if text := ir.ShownString(e.result); text != "" {
			o.set("type", text)
			o.set("result", s.of(e.result, out))
		}
	}
	o.set("access", e.access)
	if e.effects != nil {
		o.setNames("errors", e.effects.Errors)
		if e.effects.Session {
			o.set("session", true)
		}
		o.setNames("writes", tables(e.effects.Writes))
		o.setNames("reads", tables(e.effects.Reads))
		o.setNames("publishes", e.effects.Publishes)
		o.setNames("signals", signals(e.effects.Signals))
	}
	o.setText("merge", e.merge)
	return append(o, e.more...)
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

// args is the schema of the argument array. Arguments at the end may be left out where their parameters allow it; null stands for one that is left out before another.
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
