package relation

// Expr is a scalar expression over the current row, the enclosing rows and the parameters of the query. Everything that
// does not depend on a row is a parameter, which the caller computes once.
type Expr interface {
	Part
	kind() Kind
}

// Col is a column of a row. Depth 0 is the innermost row; each enclosing Sub or InPlan adds one.
type Col struct {
	Depth int
	Index int
	Kind  Kind
	Path  []string // members inside a JSON or Record column
	Enum  []string // for Kind Enum
}

// Param is a parameter of the query.
type Param struct {
	Index int
	Kind  Kind
	Enum  []string
}

// Const is a literal.
type Const struct {
	Value Value
	Kind  Kind
}

// Op is a unary or binary operator.
type Op string

// The operators. For Eq, Ne and the orderings, null is a value before all others. Div returns a float; IDiv truncates toward zero.
const (
	Not  Op = "!"
	Neg  Op = "neg"
	Eq   Op = "=="
	Ne   Op = "!="
	Lt   Op = "<"
	Le   Op = "<="
	Gt   Op = ">"
	Ge   Op = ">="
	And  Op = "&&"
	Or   Op = "||"
	Add  Op = "+"
	Subt Op = "-"
	Mul  Op = "*"
	Div  Op = "/"
	IDiv Op = "div"
	Mod  Op = "%"
	Coal Op = "??"
	Cat  Op = "++" // text concatenation
)

// Unary is an operator with one operand.
type Unary struct {
	Op   Op
	X    Expr
	Kind Kind
}

// Binary is an operator with two operands of one kind. Kind is the kind of the result. Of is the kind of the operands,
// with the order Enum.
type Binary struct {
	Op      Op
	L, R    Expr
	Kind    Kind
	Of      Kind
	Enum    []string
	NotNull bool // of Eq, for sameText(L, R): false if both are null
}

// Cond is a conditional expression.
type Cond struct {
	If, Then, Else Expr
	Kind           Kind
}

// Func is a built-in scalar function by its name in the language (lower, trim, length, contains, startsWith, …).
type Func struct {
	Name string
	Args []Expr
	Kind Kind
}

// InList is true if X equals an element of List: a JSON column, or a parameter or constant of kind JSON that contains a list. X is computed
// even if the list is empty.
type InList struct {
	X, List Expr
	Of      Kind
}

// InPlan is true if X equals the single column of a row of Plan.
type InPlan struct {
	X    Expr
	Plan Node
	Of   Kind
}

// Sub is the value of a plan that ends in a Reduce and runs for the current row.
type Sub struct {
	Plan *Reduce
	Kind Kind
}

// KindOf returns the kind of an expression's values.
func KindOf(x Expr) Kind { return x.kind() }

func (x *Col) kind() Kind    { return x.Kind }
func (x *Param) kind() Kind  { return x.Kind }
func (x *Const) kind() Kind  { return x.Kind }
func (x *Unary) kind() Kind  { return x.Kind }
func (x *Binary) kind() Kind { return x.Kind }
func (x *Cond) kind() Kind   { return x.Kind }
func (x *Func) kind() Kind   { return x.Kind }
func (x *InList) kind() Kind { return Bool }
func (x *InPlan) kind() Kind { return Bool }
func (x *Sub) kind() Kind    { return x.Kind }
