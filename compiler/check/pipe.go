package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// pipe checks a declared pipe by itself. Its stages are checked again at each use, with the arguments instead of the
// parameters.
func (c *checker) pipe(m *module, d *ast.Pipe) {
	if slices.Contains(ast.StageWords, d.Name.Name) || isReducer(d.Name.Name) {
		c.used[m.Module.Lookup(d.Name.Name)] = true // no use can mean it
		c.errorf(m, d.Name.Span, diag.CodeReservedName, "`%s` is a stage of the language, so no pipeline could use a pipe of that name",
			d.Name.Name).help("give the pipe another name")
	}
	b := c.body(m, "pipe", m.Name+"/"+d.Name.Name)
	c.pipes[d] = c.innerParams(m, d.Params, d.Name.Name)
	b.declareParams(c.pipes[d], d.Params)
	t := c.pipeTable(m, d)
	if t == nil {
		return
	}
	r := &rows{b: b, ast: &ast.Pipeline{At: d.At, Stages: d.Stages}, scope: &rowScope{}, row: t.Row, table: t, pipe: &ir.Pipeline{Table: t}}
	r.newRow()
	b.rows = append(b.rows, r.scope)
	b.pipe = d.Name.Name
	r.stages(d.Stages)
	c.unusedLocals(b)
}

func (c *checker) pipeTable(m *module, d *ast.Pipe) *ir.Table {
	if d.On.Name == "" {
		return nil
	}
	s := m.refer(d.On.Name, d.On.Span)
	if s == nil {
		c.unknownType(m, &ast.NamedType{At: d.On.At, Name: d.On})
		return nil
	}
	t, ok := s.Decl.(*ast.Table)
	if !ok {
		if s.Known() {
			c.errorf(m, d.On.Span, diag.CodeWrongKind, "`%s` is not a table", d.On.Name).help("a pipe works on the rows of a table")
		}
		return nil
	}
	return c.table(c.home(s), t)
}

// usePipe expands the stages of a pipe in place of its name.
func (r *rows) usePipe(s *ast.CallStage) {
	b := r.b
	sym := b.m.refer(s.Name.Name, s.Name.Span)
	var d *ast.Pipe
	if sym != nil {
		d, _ = sym.Decl.(*ast.Pipe)
	}
	if d == nil {
		r.unknownStage(s, sym != nil)
		return
	}
	m := b.c.home(sym)
	t := b.c.pipeTable(m, d)
	if t == nil {
		r.broken = true
		return
	}
	if r.row != ir.Type(t.Row) {
		b.errorf(s.Span, diag.CodePipeTable, "pipe `%s` works on rows of `%s`, but these are `%s`", d.Name.Name, t.Row.Name,
			ir.TypeString(r.row)).also(m.namePos(d), "declared here")
		r.broken = true
		return
	}
	params := b.c.innerParams(m, d.Params, d.Name.Name)
	args := b.args(s, s.Args, params, "pipe `"+d.Name.Name+"`")
	if args == nil && len(params) > 0 {
		r.broken = true
		return
	}
	if b.c.piping[d] {
		b.errorf(s.Span, diag.CodeRecursion, "pipe `%s` uses itself", d.Name.Name)
		r.broken = true
		return
	}
	b.c.piping[d] = true
	scope, mod, outer := b.scope, b.m, b.pipe
	b.scope, b.m, b.pipe = argumentScope(params, args), m, d.Name.Name
	r.stages(d.Stages)
	b.scope, b.m, b.pipe = scope, mod, outer
	delete(b.c.piping, d)
}

// argumentScope returns a scope in which the parameters are replaced by the arguments.
func argumentScope(params []*ir.Var, args []ir.Expr) *scope {
	s := &scope{names: map[string]*local{}}
	for i, p := range params {
		s.names[p.Name] = &local{v: p, expr: args[i]}
	}
	return s
}
