package sqlite

import (
	"encoding/hex"
	"fmt"
	"math"
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
	switch x := x.(type) {
	case *relation.Col:
		return k.column(x)
	case *relation.Param:
		return value{sql: k.param(x.Index), null: k.params[x.Index].Nullable}, nil
	case *relation.Const:
		return constant(x)
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

// scalar is expr for where a record cannot stand.
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
			v = value{sql: fmt.Sprintf("live_field(%s, %d)", v.sql, i), null: true}
			if f.Kind == relation.Record {
				v.schema = f.Fields
			}
		}
		path = path[1:]
	}
	if len(path) > 0 {
		args := make([]string, len(path))
		for i, p := range path {
			args[i] = text(p)
		}
		v = value{sql: fmt.Sprintf("live_member(%d, %s, %s)", x.Kind, v.sql, strings.Join(args, ", ")), null: true}
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

func constant(x *relation.Const) (value, error) {
	switch v := x.Value.(type) {
	case nil:
		return value{sql: "NULL", null: true}, nil
	case bool:
		if v {
			return value{sql: "1"}, nil
		}
		return value{sql: "0"}, nil
	case int64:
		return value{sql: strconv.FormatInt(v, 10)}, nil
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return value{sql: strconv.FormatFloat(v, 'f', 1, 64)}, nil
		}
		return value{sql: "live_number(" + text(strconv.FormatFloat(v, 'g', -1, 64)) + ")"}, nil // read by Go, so that it is the same number
	case string:
		return value{sql: text(v)}, nil
	case relation.JSON:
		return value{sql: text(string(v))}, nil
	case []byte:
		return value{sql: "x'" + hex.EncodeToString(v) + "'"}, nil
	}
	return value{}, fmt.Errorf("a constant of type %T has no SQL", x.Value)
}

// text writes a text literal.
func text(s string) string {
	if strings.ContainsRune(s, 0) {
		return "CAST(x'" + hex.EncodeToString([]byte(s)) + "' AS TEXT)"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// truth is a condition that is never null.
func (v *value) truth() string {
	if v.null {
		return "ifnull(" + v.sql + ", 0)"
	}
	return v.sql
}

// ordered is an expression that SQL orders as the language does.
func ordered(sql string, enum []string) string {
	if len(enum) == 0 {
		return sql
	}
	var b strings.Builder
	b.WriteString("CASE " + sql)
	for i, v := range enum {
		fmt.Fprintf(&b, " WHEN %s THEN %d", text(v), i)
	}
	fmt.Fprintf(&b, " ELSE iif(%s IS NULL, NULL, %d) END", sql, len(enum))
	return b.String()
}

func (k *compiler) unary(x *relation.Unary) (value, error) {
	in, err := k.scalar(x.X)
	if err != nil {
		return in, err
	}
	switch x.Op {
	case relation.Not:
		return value{sql: "(NOT " + in.truth() + ")"}, nil
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
		return conjunction(x, l, r), nil
	case relation.Or:
		if fallible(x.R) {
			return value{sql: "CASE WHEN " + l.truth() + " THEN 1 ELSE " + r.truth() + " END"}.parens(), nil
		}
		return value{sql: "(" + l.truth() + " OR " + r.truth() + ")"}, nil
	case relation.Coal:
		return value{sql: "coalesce(" + l.sql + ", " + r.sql + ")", null: r.null}, nil
	case relation.Cat:
		return value{sql: "(" + l.sql + " || " + r.sql + ")", null: null}, nil
	case relation.Eq, relation.Ne, relation.Lt, relation.Le, relation.Gt, relation.Ge:
		sql := comparison(x.Op, l, r, x.Enum)
		if x.NotNull && l.null && r.null {
			sql = "(" + sql + " AND " + l.sql + " IS NOT NULL)"
		}
		return value{sql: sql}, nil
	}
	if eval.IsArith(x.Op) {
		float := x.Kind == relation.Float || x.Op == relation.Div
		return value{sql: "live_" + ArithName(x.Op, float) + "(" + l.sql + ", " + r.sql + ")", null: null}, nil
	}
	return value{}, fmt.Errorf("the operator %s has no SQL", x.Op)
}

func (v value) parens() value {
	v.sql = "(" + v.sql + ")"
	return v
}

func conjunction(x *relation.Binary, l, r value) value {
	if fallible(x.R) {
		return value{sql: "CASE WHEN " + l.truth() + " THEN " + r.truth() + " ELSE 0 END"}.parens()
	}
	return value{sql: "(" + l.truth() + " AND " + r.truth() + ")"}
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

// comparison compares two values. null is equal to null and before all others.
func comparison(op relation.Op, l, r value, enum []string) string {
	both := !l.null && !r.null
	switch op {
	case relation.Eq:
		if both {
			return "(" + l.sql + " = " + r.sql + ")"
		}
		return "(" + l.sql + " IS " + r.sql + ")"
	case relation.Ne:
		if both {
			return "(" + l.sql + " <> " + r.sql + ")"
		}
		return "(" + l.sql + " IS NOT " + r.sql + ")"
	}
	a, b := ordered(l.sql, enum), ordered(r.sql, enum)
	plain := "(" + a + " " + string(op) + " " + b + ")"
	switch {
	case both:
		return plain
	case op == relation.Lt:
		return "ifnull(" + plain + ", " + l.sql + " IS NULL AND " + r.sql + " IS NOT NULL)"
	case op == relation.Le:
		return "ifnull(" + plain + ", " + l.sql + " IS NULL)"
	case op == relation.Gt:
		return "ifnull(" + plain + ", " + r.sql + " IS NULL AND " + l.sql + " IS NOT NULL)"
	}
	return "ifnull(" + plain + ", " + r.sql + " IS NULL)"
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
	return value{sql: "(CASE WHEN " + test.truth() + " THEN " + then.sql + " ELSE " + other.sql + " END)", null: then.null || other.null}, nil
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
	return value{sql: "live_" + fn.Name + "(" + strings.Join(args, ", ") + ")", null: null}, nil
}

// inList writes a test whether a list, or the names of a map, has a value. Where the list is the same for all rows, an index on the value can be used.
func (k *compiler) inList(x *relation.InList) (value, error) {
	in, err := k.scalar(x.X)
	if err != nil {
		return in, err
	}
	list, err := k.scalar(x.List)
	if err != nil {
		return list, err
	}
	switch x.Of {
	case relation.Text, relation.ID, relation.Enum, relation.Int, relation.Duration:
		const element = "iif(typeof(key) = 'text', key, value)"
		if in.null {
			return value{sql: "EXISTS (SELECT 1 FROM json_each(" + list.sql + ") WHERE " + element + " IS " + in.sql + ")"}, nil
		}
		return value{sql: "(" + in.sql + " IN (SELECT " + element + " FROM json_each(" + list.sql + ") WHERE type <> 'null'))"}, nil
	}
	return value{sql: fmt.Sprintf("live_in(%d, %s, %s)", x.Of, in.sql, list.sql)}, nil
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
		return value{}, fmt.Errorf("`in` needs a pipeline that gives single values")
	}
	if k.few {
		if s.limit != "" {
			s = k.wrap(s)
		}
		s.order, s.by = nil, nil
		s.where = append(s.where[:len(s.where):len(s.where)], comparison(relation.Eq, s.cols[0], in, nil))
		return value{sql: "EXISTS (" + s.text([]string{"1"}) + ")"}, nil
	}
	if !in.null && !s.cols[0].null {
		return value{sql: "(" + in.sql + " IN (" + s.text(flat(s.cols)) + "))"}, nil
	}
	if s.limit != "" {
		s = k.wrap(s)
	}
	col := s.cols[0].sql
	with := func(cond string) string {
		c := *s
		c.order, c.by = nil, nil
		c.where = append(append([]string(nil), s.where...), cond)
		return "(" + c.text([]string{col}) + ")"
	}
	some := "(" + in.sql + " IN " + with(col+" IS NOT NULL") + ")"
	if !in.null {
		return value{sql: some}, nil
	}
	return value{sql: "(CASE WHEN " + in.sql + " IS NULL THEN EXISTS " + with(col+" IS NULL") + " ELSE " + some + " END)"}, nil
}

func (k *compiler) sub(x *relation.Sub) (value, error) {
	s, err := k.plan(x.Plan.Input)
	if err != nil {
		return value{}, err
	}
	return k.reduce(s, x.Plan.Agg, relation.SchemaOf(x.Plan.Input))
}

// ArithName is the name, without live_, of the function that an arithmetic operator becomes.
func ArithName(op relation.Op, float bool) string {
	name := map[relation.Op]string{
		relation.Add: "add", relation.Subt: "sub", relation.Mul: "mul", relation.Div: "div", relation.IDiv: "idiv", relation.Mod: "mod",
	}[op]
	if float {
		return name + "_of_floats"
	}
	return name + "_of_ints"
}
