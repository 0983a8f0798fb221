package check

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
)

// nameShape names a record type without a name. Stages of a pipe are checked at each use of the pipe: if they have made a type with the
// same fields before, it returns that one, so that the rows of a pipe have one type.
func (b *body) nameShape(r *ir.Record, suffix string) *ir.Record {
	if b.pipe != "" {
		made := b.c.pipeShapes[r.Pos]
		if i := slices.IndexFunc(made, func(o *ir.Record) bool { return sameFields(o.Fields, r.Fields) }); i >= 0 {
			return made[i]
		}
		b.c.pipeShapes[r.Pos] = append(made, r)
	}
	r.Name = b.c.shape(b.m, b.shapeBase()+suffix)
	b.m.ir.Shapes = append(b.m.ir.Shapes, r)
	return r
}

func sameFields(a, b []*ir.Field) bool {
	return slices.EqualFunc(a, b, func(a, b *ir.Field) bool {
		return a.Name == b.Name && types.Same(a.Type, b.Type) && a.Secret == b.Secret && a.Server == b.Server
	})
}

// shapeBase returns the base of the name of a type without a name in this declaration.
func (b *body) shapeBase() string {
	base := b.name
	if b.pipe != "" {
		base = b.pipe
	}
	if i := strings.LastIndexByte(base, '/'); i >= 0 {
		base = base[i+1:]
	}
	base = strings.ReplaceAll(base, ".", "_")
	if base == "" {
		base = "shape"
	}
	if b.resultOf != "" || b.pipe != "" {
		return base + b.resultOf
	}
	return base + "Value"
}
