package sql

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
)

// over writes an expression over the rows of s.
func (k *compiler) over(s *selection, x relation.Expr) (value, error) {
	k.scopes = append(k.scopes, s.cols)
	defer func() { k.scopes = k.scopes[:len(k.scopes)-1] }()
	return k.expr(x)
}

func (k *compiler) expr(x relation.Expr) (value, error) {
	if !k.pushes(x) {
		return value{}, &notPushed{x}
	}
	switch x := x.(type) {
	case *relation.Col:
		return k.column(x)
	case *relation.Param:
		return value{sql: k.param(x.Index), null: k.params[x.Index].Nullable}, nil
	case *relation.Const:
		return k.constant(x)
	case *relation.Unary:
		return k.unary(x)
	case *relation.Binary:
		return k.binary(x)
	case *relation.Cond:
		return k.cond(x)
	case *relation.Func:
		return k.function(x)
	case *relation.InList:
		return k.inList(x)
	case *relation.InPlan:
		return k.inPlan(x)
	case *relation.Sub:
		return k.sub(x)
	}
	return value{}, fmt.Errorf("an expression of type %T has no SQL", x)
}

// scalar is expr for places that do not allow a record.
func (k *compiler) scalar(x relation.Expr) (value, error) {
	v, err := k.expr(x)
	if err == nil && v.isRecord() {
		err = fmt.Errorf("a whole record cannot be used here in the database; name one of its fields")
	}
	return v, err
}

func (k *compiler) column(x *relation.Col) (value, error) {
	if x.Depth >= len(k.scopes) {
		return value{}, fmt.Errorf("a column of a row that is not there")
	}
	v := k.scopes[len(k.scopes)-1-x.Depth][x.Index]
	path := x.Path
	for len(path) > 0 && v.isRecord() {
		i := fieldIndex(v.schema, path[0])
		if i < 0 {
			return value{}, fmt.Errorf("the record has no field `%s`", path[0])
		}
		if v.fields != nil {
			v = v.fields[i]
		} else {
			f := v.schema[i]
			sql, err := supported(k.f.Unpack(v.sql, i), x)
			if err != nil {
				return value{}, err
			}
			v = value{sql: sql, null: true}
			if f.Kind == relation.Record {
				v.schema = f.Fields
			}
		}
		path = path[1:]
	}
	if len(path) > 0 {
		sql, err := supported(k.f.Member(v.sql, path, x.Kind), x)
		if err != nil {
			return value{}, err
		}
		v = value{sql: sql, null: true}
	}
	return v, nil
}

func fieldIndex(s relation.Schema, name string) int {
	for i, c := range s {
		if c.Name == name {
			return i
		}
	}
	return -1
}

func (k *compiler) constant(x *relation.Const) (value, error) {
	var sql string
	switch v := x.Value.(type) {
	case nil:
		return value{sql: "NULL", null: true}, nil
	case bool:
		return value{sql: k.f.bool(v)}, nil
	case int64:
		return value{sql: strconv.FormatInt(v, 10)}, nil
	case float64:
		sql = k.f.Float(v)
	case string:
		sql = k.f.Text(v)
	case relation.JSON:
		sql = k.f.Text(string(v))
	case []byte:
		sql = k.f.Bytes(v)
	default:
		return value{}, fmt.Errorf("a constant of type %T has no SQL", x.Value)
	}
	sql, err := supported(sql, x)
	return value{sql: sql}, err
}

// truth returns a condition that is never null.
func (k *compiler) truth(v value) string {
	if v.null {
		return "coalesce(" + v.sql + ", " + k.f.False + ")"
	}
	return v.sql
}

// ordered returns an expression that SQL orders as the language does. An enum becomes an int.
func (k *compiler) ordered(sql string, kind relation.Kind, enum []string) string {
	if len(enum) == 0 {
		switch kind {
		case relation.Text, relation.ID, relation.Enum, relation.JSONKind:
			return sql + k.f.Collate
		}
		return sql
	}
	var b strings.Builder
	b.WriteString("CASE " + sql)
	for i, v := range enum {
		fmt.Fprintf(&b, " WHEN %s THEN %d", k.f.Text(v), i)
	}
	fmt.Fprintf(&b, " ELSE CASE WHEN %s IS NULL THEN NULL ELSE %d END END", sql, len(enum))
	return b.String()
}

func (k *compiler) unary(x *relation.Unary) (value, error) {
	in, err := k.scalar(x.X)
	if err != nil {
		return in, err
	}
	switch x.Op {
	case relation.Not:
		return value{sql: "(NOT " + k.truth(in) + ")"}, nil
	case relation.Neg:
		return value{sql: "(- " + in.sql + ")", null: in.null}, nil
	}
	return value{}, fmt.Errorf("the operator %s has no SQL", x.Op)
}

func (k *compiler) binary(x *relation.Binary) (value, error) {
	l, err := k.expr(x.L)
	if err != nil {
		return l, err
	}
	r, err := k.expr(x.R)
	if err != nil {
		return r, err
	}
	if l.isRecord() || r.isRecord() {
		return recordTest(x, l, r)
	}
	null := l.null || r.null
	switch x.Op {
	case relation.And:
		return k.conjunction(x, l, r), nil
	case relation.Or:
		if relation.MayFail(x.R) || skipsLeft(x) {
			return value{sql: "CASE WHEN " + k.truth(l) + " THEN " + k.f.True + " ELSE " + k.truth(r) + " END"}.parens(), nil
		}
		return value{sql: "(" + k.truth(l) + " OR " + k.truth(r) + ")"}, nil
	case relation.Coal:
		return value{sql: "coalesce(" + l.sql + ", " + r.sql + ")", null: r.null}, nil
	case relation.Cat:
		return value{sql: "(" + l.sql + " || " + r.sql + ")", null: null}, nil
	case relation.Eq, relation.Ne, relation.Lt, relation.Le, relation.Gt, relation.Ge:
		sql := k.comparison(x.Op, l, r, x.Of, x.Enum)
		if x.NotNull && l.null && r.null {
			sql = "(" + sql + " AND " + l.sql + " IS NOT NULL)"
		}
		return value{sql: sql}, nil
	}
	if eval.IsArith(x.Op) {
		float := x.Kind == relation.Float || x.Op == relation.Div
		sql, err := supported(k.f.Arith(x.Op, float, l.sql, r.sql), x)
		return value{sql: sql, null: null}, err
	}
	return value{}, fmt.Errorf("the operator %s has no SQL", x.Op)
}

func (v value) parens() value {
	v.sql = "(" + v.sql + ")"
	return v
}

func (k *compiler) conjunction(x *relation.Binary, l, r value) value {
	if relation.MayFail(x.R) || skipsLeft(x) {
		return value{sql: "CASE WHEN " + k.truth(l) + " THEN " + k.truth(r) + " ELSE " + k.f.False + " END"}.parens()
	}
	return value{sql: "(" + k.truth(l) + " AND " + k.truth(r) + ")"}
}

// skipsLeft reports whether the left side of an AND or OR may fail and a database may skip it. SQLite first computes a
// side without subqueries (exprEvalRhsFirst in https://sqlite.org/src/file/src/expr.c), and skips both sides next to a
// constant that decides the result.
func skipsLeft(x *relation.Binary) bool {
	asks := false
	relation.WalkExprs(x.L, func(x relation.Expr, _ int) bool {
		switch x.(type) {
		case *relation.InList, *relation.InPlan, *relation.Sub:
			asks = true
		}
		return !asks
	})
	return relation.MayFail(x.L) && (asks || folds(x.R))
}

// folds reports whether a database can tell before it runs a statement that a condition is always true or always false.
func folds(x relation.Expr) bool {
	switch x := x.(type) {
	case *relation.Const:
		return true
	case *relation.Unary:
		return folds(x.X)
	case *relation.Binary:
		return (x.Op == relation.And || x.Op == relation.Or) && (folds(x.L) || folds(x.R))
	}
	return false
}

// recordTest compares a record with null.
func recordTest(x *relation.Binary, l, r value) (value, error) {
	if r.isRecord() {
		l, r = r, l
	}
	if r.sql != "NULL" || x.Op != relation.Eq && x.Op != relation.Ne {
		return value{}, fmt.Errorf("whole records cannot be compared in the database")
	}
	there := "(" + l.sql + ")"
	if l.fields == nil {
		there = "(" + l.sql + " IS NOT NULL)"
	}
	if x.Op == relation.Eq {
		return value{sql: "(NOT " + there + ")"}, nil
	}
	return value{sql: there}, nil
}

// comparison compares two values of a kind. null equals null and comes before all other values.
func (k *compiler) comparison(op relation.Op, l, r value, kind relation.Kind, enum []string) string {
	either := l.null || r.null
	switch {
	case op == relation.Eq && either:
		return "(" + l.sql + " " + k.f.Same + " " + r.sql + ")"
	case op == relation.Eq:
		return "(" + l.sql + " = " + r.sql + ")"
	case op == relation.Ne && either:
		return "(" + l.sql + " " + k.f.Differ + " " + r.sql + ")"
	case op == relation.Ne:
		return "(" + l.sql + " <> " + r.sql + ")"
	}
	a, b := k.ordered(l.sql, kind, enum), k.ordered(r.sql, kind, enum)
	plain := "(" + a + " " + string(op) + " " + b + ")"
	switch {
	case !either:
		return plain
	case op == relation.Lt:
		return "coalesce(" + plain + ", " + l.sql + " IS NULL AND " + r.sql + " IS NOT NULL)"
	case op == relation.Le:
		return "coalesce(" + plain + ", " + l.sql + " IS NULL)"
	case op == relation.Gt:
		return "coalesce(" + plain + ", " + r.sql + " IS NULL AND " + l.sql + " IS NOT NULL)"
	}
	return "coalesce(" + plain + ", " + r.sql + " IS NULL)"
}

func (k *compiler) cond(x *relation.Cond) (value, error) {
	test, err := k.scalar(x.If)
	if err != nil {
		return test, err
	}
	then, err := k.scalar(x.Then)
	if err != nil {
		return then, err
	}
	other, err := k.scalar(x.Else)
	if err != nil {
		return other, err
	}
	return value{sql: "(CASE WHEN " + k.truth(test) + " THEN " + then.sql + " ELSE " + other.sql + " END)", null: then.null || other.null}, nil
}

func (k *compiler) function(x *relation.Func) (value, error) {
	fn, err := eval.Resolve(x)
	if err != nil {
		return value{}, err
	}
	args := make([]string, len(x.Args))
	null := false
	for i, a := range x.Args {
		v, err := k.scalar(a)
		if err != nil || fn == nil {
			return v, err
		}
		args[i] = v.sql
		null = null || v.null
	}
	sql, err := supported(k.f.Function(fn.Name, args), x)
	return value{sql: sql, null: null}, err
}

func (k *compiler) inList(x *relation.InList) (value, error) {
	in, err := k.scalar(x.X)
	if err != nil {
		return in, err
	}
	list, err := k.scalar(x.List)
	if err != nil {
		return list, err
	}
	sql, err := supported(k.f.InList(in.sql, list.sql, x.Of, in.null, relation.MayFail(x.X)), x)
	return value{sql: sql}, err
}

func (k *compiler) inPlan(x *relation.InPlan) (value, error) {
	in, err := k.scalar(x.X)
	if err != nil {
		return in, err
	}
	s, err := k.plan(x.Plan)
	if err != nil {
		return value{}, err
	}
	if len(s.cols) != 1 || s.cols[0].isRecord() {
		return value{}, fmt.Errorf("`in` needs a pipeline of single values")
	}
	if k.few && !relation.MayFail(x.X) { // EXISTS computes the value only for rows that there are
		s = k.open(s)
		s.by = nil
		s.where = append(s.where[:len(s.where):len(s.where)], k.comparison(relation.Eq, s.cols[0], in, x.Of, nil))
		return value{sql: "EXISTS (" + k.text(s, []string{"1"}) + ")"}, nil
	}
	if !in.null && !s.cols[0].null {
		return value{sql: "(" + in.sql + " IN (" + k.text(s, flat(s.cols)) + "))"}, nil
	}
	s = k.open(s)
	col := s.cols[0].sql
	with := func(cond string) string {
		c := *s
		c.by = nil
		c.where = append(append([]string(nil), s.where...), cond)
		return "(" + k.text(&c, []string{col}) + ")"
	}
	some := "(" + in.sql + " IN " + with(col+" IS NOT NULL") + ")"
	if !in.null {
		return value{sql: some}, nil
	}
	return value{sql: "(CASE WHEN " + in.sql + " IS NULL THEN EXISTS " + with(col+" IS NULL") + " ELSE " + some + " END)"}, nil
}

func (k *compiler) sub(x *relation.Sub) (value, error) {
	if !k.pushes(x.Plan) {
		return value{}, &notPushed{x.Plan}
	}
	s, err := k.plan(x.Plan.Input)
	if err != nil {
		return value{}, err
	}
	return k.reduce(s, x.Plan)
}
