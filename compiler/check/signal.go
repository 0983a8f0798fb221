package check

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
)

// signal declares a message to one user.
func (c *checker) signal(m *module, d *ast.Signal) {
	s := &ir.Signal{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc, Params: c.params(m, d.Params, d.Name.Name)}
	c.distinct(m, s.Params)
	c.signals[d] = s
	m.ir.Signals = append(m.ir.Signals, s)
}
