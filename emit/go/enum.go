package emitgo

import (
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

// enums finds the unions of literals that are one type in Go. In the language a union without a name of its own is the same type as
// every other one of the same literals, and values go from one to the other without a conversion, so Go needs one type for them. It is
// that of the first union with a name, if there is any; further ones with names are aliases of it.
type enums struct{ first map[string]*ir.Enum }

func newEnums(p *ir.Program) *enums {
	anonymous := map[string]bool{}
	var all []*ir.Enum
	collect := func(types func(*ir.Module) []ir.Type) {
		for _, m := range p.Modules {
			for _, t := range types(m) {
				if e, ok := t.(*ir.Enum); ok {
					all = append(all, e)
					anonymous[literals(e)] = anonymous[literals(e)] || e.Anonymous
				}
			}
		}
	}
	collect(func(m *ir.Module) []ir.Type { return m.Types })
	collect(func(m *ir.Module) []ir.Type { return m.Shapes })
	e := &enums{first: map[string]*ir.Enum{}}
	for _, x := range all {
		if key := literals(x); anonymous[key] && e.first[key] == nil {
			e.first[key] = x
		}
	}
	return e
}

// one is the union whose Go type e has.
func (s *enums) one(e *ir.Enum) *ir.Enum {
	if first := s.first[literals(e)]; first != nil {
		return first
	}
	return e
}

// literals tells unions apart whose literals differ.
func literals(e *ir.Enum) string { return strings.Join(e.Values, "\x00") }
