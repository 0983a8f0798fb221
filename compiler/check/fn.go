package check

import (
	"go/token"
	"strings"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

func (c *checker) fnHead(m *module, d *ast.Fn) {
	f := &ir.Fn{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc}
	c.fns[d] = f
	f.Params = c.innerParams(m, d.Params, d.Name.Name)
	f.Result = types.Bad
	if d.Result != nil {
		f.Result = c.typ(m, d.Result, naming{d.Name.Name + "Result"})
	} else {
		c.errorf(m, d.Name.Span, diag.CodeNoType, "function `%s` has no result type", d.Name.Name).help("write `-> type` after the parameters")
	}
	m.ir.Fns = append(m.ir.Fns, f)
}

// fnBody checks a function.
func (c *checker) fnBody(m *module, d *ast.Fn) {
	if c.fnState[d] != untouched {
		return
	}
	c.fnState[d] = underway
	f := c.fns[d]
	b := c.body(m, "fn", m.Name+"/"+d.Name.Name)
	b.declareParams(f.Params, d.Params)
	b.pure = true
	b.result = f.Result
	f.Body = b.valueOrBlock(d.Value, d.Body)
	c.unusedLocals(b)
	c.fnState[d] = done
}

// extern declares a function written in Go.
func (c *checker) extern(m *module, d *ast.Extern) {
	e := &ir.Extern{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc, Result: types.Void, Retryable: d.Retryable}
	c.externs[d] = e
	e.Params = c.declared(m, d.Params, d.Name.Name, false)
	c.distinct(m, e.Params)
	if d.Result != nil {
		e.Result = c.typ(m, d.Result, naming{d.Name.Name + "Result"})
	}
	for i, p := range e.Params {
		p.Secret = d.Params[i].Secret != nil
		c.externTypes(m, d.Params[i].Type, p.Type)
	}
	if d.Result != nil {
		c.externTypes(m, d.Result, e.Result)
	}
	if d.Package != nil {
		e.Package = constant.Text(d.Package)
		if e.Package == "" || strings.ContainsAny(e.Package, " \\\"'`") || strings.HasPrefix(e.Package, "/") ||
			strings.HasPrefix(e.Package, ".") {
			c.errorf(m, d.Package.Span, diag.CodeExtern, "`%s` is not an import path", e.Package).
				help("write the import path of a Go package, such as \"example.com/app/mail\"")
		}
	}
	if name := strings.ToUpper(d.Name.Name[:min(1, len(d.Name.Name))]); name != "" && !token.IsExported(name) {
		c.errorf(m, d.Name.Span, diag.CodeExtern, "Go cannot export `%s`", d.Name.Name)
	}
	m.ir.Externs = append(m.ir.Externs, e)
}

// externTypes reports types that a Go package cannot name, since the app's package imports it. Records and enums are
// passed as anonymous Go types, if they are not part of another type.
func (c *checker) externTypes(m *module, at ast.Type, t ir.Type) {
	switch t := t.(type) {
	case *ir.Enum:
		return
	case *ir.Record:
		for _, f := range t.Fields {
			if inner := types.AppType(f.Type); inner != nil {
				c.errorf(m, at.Where(), diag.CodeExternType, "an extern function cannot take or return `%s`, the type of the field `%s`",
					ir.TypeString(inner), f.Name).also(f.Pos, "this field").
					help("pass the values that it needs as parameters, or the whole record as `json`")
				return
			}
		}
		return
	}
	if inner := types.AppType(t); inner != nil {
		c.errorf(m, at.Where(), diag.CodeExternType, "an extern function cannot take or return `%s` inside another type", ir.TypeString(inner)).
			help("use single values, a whole record, or `json`")
	}
}
