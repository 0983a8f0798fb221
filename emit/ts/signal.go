package emitts

import "github.com/livec-lang/livec/compiler/ir"

// signal writes a message to one user.
func (m *module) signal(s *ir.Signal) entryPoint {
	args := []doc{text(quote(s.Module + "/" + s.Name))}
	codecs := make([]doc, len(s.Params))
	needed := false
	for i, p := range s.Params {
		if codecs[i] = m.codec(p.Type); codecs[i] != nil {
			needed = true
		} else {
			codecs[i] = text("null")
		}
	}
	if needed {
		args = append(args, call("$.tuple", codecs...))
	}
	typ := concat(text("$.Signal<"), enclosed("[", soft, m.params(s.Params, out), "]"), text(">"))
	return entryPoint{pos: s.Pos, name: s.Name, typ: typ, doc: comment(s.Doc, paramDocs(s.Params)...), init: call("$.signal", args...)}
}
