package emitgo

import (
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
)

// enums finds the unions of literals that share a Go type. In the language, a union without a name is the same type
// as every other union of the same literals, and values need no conversion between them. The shared Go type is that of the
// first union with a name, if there is one. Later unions with names become aliases of it.
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

// one returns the union whose Go type e uses.
func (s *enums) one(e *ir.Enum) *ir.Enum {
	if first := s.first[literals(e)]; first != nil {
		return first
	}
	return e
}

// literals returns a key for the literals of a union.
func literals(e *ir.Enum) string { return strings.Join(e.Values, "\x00") }
