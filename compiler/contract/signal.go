package contract

import "github.com/livec-lang/livec/compiler/ir"

// signal describes a signal. Its arguments go to clients and are always complete.
func signal(s *schemas, sig *ir.Signal) object {
	o := object{{"kind", "signal"}, {"name", sig.Module + "/" + sig.Name}}
	o.setText("doc", docText(sig.Doc))
	params, items := list{}, list{}
	for _, v := range sig.Params {
		schema := s.of(v.Type, out)
		p := object{{"name", v.Name}, {"type", ir.ShownString(v.Type)}}
		p.setText("doc", docText(v.Doc))
		params = append(params, p.with("schema", schema))
		items = append(items, schema)
	}
	o.set("params", params)
	args := object{{"type", "array"}}
	if len(items) > 0 {
		args.set("prefixItems", items)
		args.set("minItems", len(items))
	}
	o.set("args", args.with("items", false))
	return o.with("access", "the user it is sent to")
}
