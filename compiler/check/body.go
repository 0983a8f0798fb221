package check

import (
	"slices"
	"strconv"

	"github.com/livec-lang/livec/compiler/check/constant"
	"github.com/livec-lang/livec/compiler/check/fix"
	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// body is the state of checking one declaration's code: a block, or an expression.
type body struct {
	c    *checker
	m    *module
	kind string // the keyword of the declaration: rpc, guard, fn, …
	name string // the prefix of its queries' names: module/name
	pipe string // the pipe whose stages are being checked; "" outside of pipes

	scope    *scope
	facts    flow.Facts
	alive    bool     // the current place can be reached
	last     ast.Stmt // of the block
	trusts   bool     // an earlier guard has a mistake: what it would prove is taken as proved
	broken   bool     // a statement could not be parsed: what seems to be missing may be in it
	misspelt bool     // a name was not found: a variable that seems unused may be meant
	stray    bool     // the previous statement is a keyword of another language, and what follows is part of it
	strays   int      // the members of the last record literal that its type does not have
	lost     bool     // the previous statement makes no sense: the rest of its line may be a part of it
	added    map[string]added
	rows     []*rowScope

	result   ir.Type    // for `return`; if nil, the first return determines it
	resultOf string     // the base of the name of a result type without a name
	guard    bool       // exits are recorded
	exits    flow.Facts // what holds at all returns so far; nil before the first
	exited   bool
	returned []ir.Expr // the values of the returns

	write   bool // may write, publish and send
	pure    bool // a function: it may only read
	system  bool // runs without a caller, and policies do not apply
	policy  bool // a policy: it knows the caller, but its queries read as the system
	noUser  bool // there is no ctx.user
	live    bool // the query is live
	grants  bool // a condition that grants access: null must not satisfy it
	test    bool // a scenario
	maps    bool // inside a `map`, where a secret may be revealed
	cursor  ir.Type
	next    bool // middleware: next() may be called
	webhook bool
	queries int

	trail   trail // the extern calls and writes on the path to this place
	lets    []*local
	inputs  map[*ir.Var]bool   // variables whose values come from a client
	owned   map[*ir.Var]bool   // rows of the user, or rows that this body has written
	parts   bool               // only parts of the next expression are used
	unread  []source.Span      // statements that could not be parsed
	short   map[*ast.Name]bool // members of records that consist of a name only
	unknown map[string]bool    // unknown names that have been reported, including those of ctx
}

// added is a field that a guard has added to ctx.
type added struct {
	guard *ir.Guard
	field *ir.Field
}

// rowScope is the current row of a pipeline.
type rowScope struct {
	row   *ir.Var
	alias string
	group bool // inside the braces of a group, where aggregates are allowed
	list  bool // the row is a value in memory, not from the database
}

// local is a name in a scope.
type local struct {
	v     *ir.Var
	expr  ir.Expr // what a parameter of a pipe is replaced by; nil for a variable
	used  bool
	at    source.Span
	let   bool
	param bool // a parameter of an entry point that only the app calls, or of an rpc; those of streams and channels distinguish topics

	uses     []fix.Name
	misspelt bool    // its name is not in camelCase
	reported finding // the diagnostic about that
}

type scope struct {
	parent *scope
	names  map[string]*local
}

func (c *checker) body(m *module, kind, name string) *body {
	return &body{c: c, m: m, kind: kind, name: name, scope: &scope{names: map[string]*local{}}, alive: true, added: map[string]added{}}
}

func (b *body) errorf(at source.Span, code diag.Code, format string, args ...any) finding {
	return b.c.errorf(b.m, at, code, format, args...)
}

func (b *body) pos(n ast.Node) ir.Pos { return b.m.pos(n) }

func (b *body) push() { b.scope = &scope{parent: b.scope, names: map[string]*local{}} }
func (b *body) pop()  { b.scope = b.scope.parent }

// find looks a variable up.
func (b *body) find(name string) *local {
	for s := b.scope; s != nil; s = s.parent {
		if l := s.names[name]; l != nil {
			l.used = true
			return l
		}
	}
	return nil
}

// visible returns the names of all variables in scope.
func (b *body) visible() []string {
	var out []string
	for s := b.scope; s != nil; s = s.parent {
		for n := range s.names {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// declareVar adds a variable to the scope.
func (b *body) declareVar(name *ast.Ident, t ir.Type, let bool) *ir.Var {
	v := &ir.Var{Pos: b.pos(name), Name: name.Name, Type: t}
	if name.Name == "" {
		return v
	}
	b.c.index.Declare(variable(index.Variable, v))
	f, wrong := b.spell(name)
	if l := b.bind(v, name.Span, let); l != nil {
		l.reported, l.misspelt = f, wrong
	}
	return v
}

func (b *body) bind(v *ir.Var, at source.Span, let bool) *local {
	if slices.Contains([]string{"ctx", "env"}, v.Name) {
		b.errorf(at, diag.CodeReservedName, "`%s` is reserved by the language", v.Name).help("give the variable another name")
		return nil
	}
	shadows := false
	for s := b.scope; s != nil; s = s.parent {
		if old := s.names[v.Name]; old != nil {
			old.used, shadows = true, true
			b.errorf(at, diag.CodeShadow, "another variable named `%s` is in scope", v.Name).
				also(old.v.Pos, "the other variable").help("give one of them another name")
			break
		}
	}
	l := &local{v: v, at: at, let: let, used: shadows}
	b.scope.names[v.Name] = l
	b.lets = append(b.lets, l)
	return l
}

// params makes the parameters of a declaration. Those that may be omitted must come last.
func (c *checker) params(m *module, params []*ast.Param, base string) []*ir.Var {
	c.unmarked(m, params)
	return c.declared(m, params, base, true)
}

// unmarked reports modifiers on parameters where they have no meaning.
func (c *checker) unmarked(m *module, params []*ast.Param) {
	for _, p := range params {
		if p.Secret != nil {
			c.errorf(m, p.Secret.Span, diag.CodeClause, "only parameters of an extern function can be `secret`").
				help("remove `secret`: mark fields and settings, and every value made from them is secret too")
		}
	}
}

// innerParams makes the parameters of something that only the app calls. An optional parameter may precede others; it must
// then always be passed.
func (c *checker) innerParams(m *module, params []*ast.Param, base string) []*ir.Var {
	c.unmarked(m, params)
	return c.declared(m, params, base, false)
}

func (c *checker) declared(m *module, params []*ast.Param, base string, entryPoint bool) []*ir.Var {
	var out []*ir.Var
	omitted := ""
	for _, p := range params {
		c.spelled(m, &p.Name, "parameter", resolve.Camel)
		v := &ir.Var{Pos: m.pos(&p.Name), Name: p.Name.Name, Doc: p.Doc, Type: c.typ(m, p.Type, naming{base + resolve.Pascal.Of(p.Name.Name)})}
		if p.Default != nil {
			x := c.body(m, "default", "").expr(p.Default, v.Type)
			if !constant.Is(x) {
				c.errorf(m, p.Default.Where(), diag.CodeDefault, "a default must be a constant").
					help("write a literal, or make the parameter optional with `?`")
			} else {
				v.Default = x
			}
		}
		if entryPoint && types.Nullable(v.Type) || p.Default != nil {
			omitted = p.Name.Name
		} else if omitted != "" && !types.IsBad(v.Type) {
			c.errorf(m, p.Name.Span, diag.CodeParameterOrder, "required parameter `%s` follows optional `%s`", p.Name.Name, omitted).
				help("put optional parameters last")
		}
		c.index.Declare(variable(index.Parameter, v))
		out = append(out, v)
	}
	return out
}

// distinct reports two parameters with the same name in a declaration whose body does not declare them.
func (c *checker) distinct(m *module, params []*ir.Var) {
	seen := map[string]*ir.Var{}
	for _, v := range params {
		if old := seen[v.Name]; old != nil && v.Name != "" {
			c.errorf(m, v.Pos.Span, diag.CodeDuplicate, "the parameter `%s` is declared twice", v.Name).
				also(old.Pos, "first here").help("give one of them another name")
		}
		seen[v.Name] = v
	}
}

// declareParams adds parameters to the scope of the body.
func (b *body) declareParams(vars []*ir.Var, params []*ast.Param) {
	for i, v := range vars {
		if v.Name != "" {
			l := b.bind(v, params[i].Name.Span, false)
			if l != nil {
				l.param = slices.Contains([]string{"fn", "guard", "pipe", "rpc"}, b.kind) && !types.IsBad(v.Type)
			}
		}
	}
}

// valueOrBlock checks the two forms of a body: `= expression` and `{ statements }`.
func (b *body) valueOrBlock(value ast.Expr, block *ast.Block) *ir.Block {
	if value != nil {
		x := b.expr(value, b.result)
		b.returned = append(b.returned, x)
		return &ir.Block{Stmts: []ir.Stmt{&ir.Return{Pos: b.pos(value), X: x}}}
	}
	out := b.block(block)
	if b.alive && block != nil && b.result != ir.Type(types.Void) {
		b.noReturn(block, b.result)
	}
	return out
}

// noReturn reports a body that can end without returning its result.
func (b *body) noReturn(block *ast.Block, t ir.Type) {
	if types.IsBad(t) || b.broken {
		return
	}
	end := source.Span{Start: block.Span.End - 1, End: block.Span.End}
	b.errorf(end, diag.CodeNoReturn, "the body can end here without returning its result, %s", diag.Article("`"+ir.TypeString(t)+"`")).
		help("end every path with `return` or `fail`")
}

// queryName returns the name of the next query of the declaration.
func (b *body) queryName() string {
	b.queries++
	if b.queries == 1 {
		return b.name
	}
	return b.name + "#" + strconv.Itoa(b.queries)
}
