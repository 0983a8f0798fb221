package sqlite_test

import (
	"io"
	"log/slog"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/relation/sql"
	flavour "github.com/livec-lang/livec/relation/sqlite"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// sample has two columns of each kind, one of them nullable.
var sample = func() *relation.Table {
	t := &relation.Table{Name: "Sample", Columns: relation.Schema{{Name: "n", Kind: relation.Int}}, Key: []int{0}}
	for _, k := range []relation.Kind{relation.Bool, relation.Int, relation.Float, relation.Text, relation.ID, relation.Time,
		relation.Duration, relation.Bytes, relation.Enum, relation.JSONKind} {
		for _, nullable := range []bool{false, true} {
			c := relation.Column{Name: "c" + string(rune(96+len(t.Columns))), Kind: k, Nullable: nullable}
			if k == relation.Enum {
				c.Enum = []string{"low", "mid", "high"}
			}
			t.Columns = append(t.Columns, c)
		}
	}
	return t
}()

func open(t testing.TB, tables ...*relation.Table) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Memory, tables, sqlite.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var (
	texts  = []string{"", "a", "A", "ab", "É", "é", "ß", "İ", "𝄞x", "x\x00y", " a\u00a0", "10", "%_", "'"}
	ints   = []int64{0, 1, -1, 2, 7, -7, 1<<53 - 1, -(1<<53 - 1), 86400000}
	floats = []float64{0, 0.1, -0.1, 0.3, 1, -2.5, 3.5, 1e16, 1e300, -1e300, 5e-324, 123456789.123456789}
	lists  = []string{`[]`, `["a","é",null]`, `[0,1,7]`, `[0.1,1]`, `[true]`, `["low","ab"]`, `{"a":1,"x":{"y":"é"}}`, `{"x":{"y":7}}`,
		`null`, `"text"`}
)

func drawValue(t *rapid.T, c relation.Column) relation.Value {
	if c.Nullable && rapid.Bool().Draw(t, "null") {
		return nil
	}
	switch c.Kind {
	case relation.Bool:
		return rapid.Bool().Draw(t, "bool")
	case relation.Int, relation.Time, relation.Duration:
		return rapid.SampledFrom(ints).Draw(t, "int")
	case relation.Float:
		return rapid.OneOf(rapid.SampledFrom(floats), rapid.Float64Range(-1e6, 1e6)).Draw(t, "float")
	case relation.Enum:
		return rapid.SampledFrom(c.Enum).Draw(t, "enum")
	case relation.Bytes:
		return []byte(rapid.SampledFrom(texts).Draw(t, "bytes"))
	case relation.JSONKind:
		return relation.JSON(rapid.SampledFrom(lists).Draw(t, "json"))
	}
	return rapid.SampledFrom(texts).Draw(t, "text")
}

// exprs draws expressions of a kind over rows of sample.
type exprs struct {
	t      *rapid.T
	params []relation.Column
	values []relation.Value
}

func (g *exprs) leaf(k relation.Kind, nullable bool) relation.Expr {
	var cols []int
	for i, c := range sample.Columns {
		if i > 0 && c.Kind == k && (nullable || !c.Nullable) {
			cols = append(cols, i)
		}
	}
	i := rapid.SampledFrom(cols).Draw(g.t, "column")
	c := sample.Columns[i]
	switch rapid.IntRange(0, 2).Draw(g.t, "leaf") {
	case 0:
		g.params = append(g.params, c)
		g.values = append(g.values, drawValue(g.t, c))
		return &relation.Param{Index: len(g.params) - 1, Kind: k, Enum: c.Enum}
	case 1:
		return &relation.Const{Value: drawValue(g.t, c), Kind: k}
	}
	return &relation.Col{Index: i, Kind: k, Enum: c.Enum}
}

// listsOf are lists of values of a kind. A text may also be one of the names of a map.
var listsOf = map[relation.Kind][]string{
	relation.Bool: {`[]`, `[true]`, `[false,null]`}, relation.Int: {`[]`, `[0,1,-7,9007199254740991]`, `[7,null]`}, relation.Float: {`[]`,
		`[0.1,1]`, `[0.3,1e300,null]`},
	relation.Text: {`[]`, `["a","é",null]`, `["'","%_","𝄞x"]`,
		`{"a":1,"É":{"y":"é"}}`}, relation.ID: {`["a","É"]`}, relation.Enum: {`["low","high"]`, `["mid",null]`},
	relation.Time: {`["1970-01-01T00:00:00.001Z"]`, `[null,"1970-01-02T00:00:00.000Z"]`}, relation.Duration: {`[1,7]`, `[86400000,null]`},
	relation.Bytes: {`["YQ==",""]`}, relation.JSONKind: {`[[],{}]`, `["text",null]`},
}

func (g *exprs) list(of relation.Kind) relation.Expr {
	v := relation.JSON(rapid.SampledFrom(listsOf[of]).Draw(g.t, "list"))
	if rapid.Bool().Draw(g.t, "constant") {
		return &relation.Const{Value: v, Kind: relation.JSONKind}
	}
	g.params = append(g.params, relation.Column{Name: "list", Kind: relation.JSONKind})
	g.values = append(g.values, v)
	return &relation.Param{Index: len(g.params) - 1, Kind: relation.JSONKind}
}

// oneOf draws x in [a, b, …], and After, which computes a value that nothing uses.
func (g *exprs) oneOf(of relation.Kind, depth int) relation.Expr {
	x := g.expr(of, true, depth)
	elems := make([]relation.Expr, rapid.IntRange(0, 3).Draw(g.t, "elements"))
	for i := range elems {
		elems[i] = g.expr(of, true, depth)
	}
	if rapid.Bool().Draw(g.t, "unused") {
		return relation.After(relation.Computed(elems...), g.expr(relation.Bool, false, depth))
	}
	return relation.OneOf(x, of, nil, elems...)
}

var scalarKinds = []relation.Kind{relation.Bool, relation.Int, relation.Float, relation.Text, relation.ID, relation.Time,
	relation.Duration, relation.Bytes, relation.Enum, relation.JSONKind}

func (g *exprs) expr(k relation.Kind, nullable bool, depth int) relation.Expr {
	if depth == 0 || rapid.IntRange(0, 3).Draw(g.t, "end") == 0 {
		return g.leaf(k, nullable)
	}
	sub := func(k relation.Kind) relation.Expr { return g.expr(k, false, depth-1) }
	fn := func(name string, args ...relation.Expr) relation.Expr {
		return &relation.Func{Name: name, Args: args, Kind: k}
	}
	pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(g.t, "form") }
	switch pick(6) {
	case 0:
		return &relation.Cond{If: sub(relation.Bool), Then: g.expr(k, nullable, depth-1), Else: g.expr(k, nullable, depth-1), Kind: k}
	case 1:
		return &relation.Binary{Op: relation.Coal, L: g.expr(k, true, depth-1), R: g.expr(k, nullable, depth-1), Kind: k, Of: k}
	case 2:
		if nullable {
			path := rapid.SampledFrom([][]string{{"a"}, {"x", "y"}, {"x"}}).Draw(g.t, "path")
			return &relation.Col{Index: len(sample.Columns) - 2, Kind: k, Path: path}
		}
	}
	switch k {
	case relation.Bool:
		of := rapid.SampledFrom(scalarKinds).Draw(g.t, "of")
		switch pick(8) {
		case 0:
			return &relation.Unary{Op: relation.Not, X: sub(relation.Bool), Kind: k}
		case 1:
			return &relation.Binary{Op: rapid.SampledFrom([]relation.Op{relation.And, relation.Or}).Draw(g.t, "op"), L: sub(relation.Bool),
				R: sub(relation.Bool), Kind: k, Of: relation.Bool}
		case 2:
			return fn(rapid.SampledFrom([]string{"contains", "startsWith", "endsWith"}).Draw(g.t, "fn"), sub(relation.Text), sub(relation.Text))
		case 3:
			return &relation.InList{X: g.expr(of, true, depth-1), List: g.list(of), Of: of}
		case 4:
			l, r := g.expr(relation.Text, true, depth-1), g.expr(relation.Text, true, depth-1)
			return &relation.Binary{Op: relation.Eq, L: l, R: r, Kind: k, Of: relation.Text, NotNull: true}
		case 5:
			return g.oneOf(of, depth-1)
		}
		op := rapid.SampledFrom([]relation.Op{relation.Eq, relation.Ne, relation.Lt, relation.Le, relation.Gt, relation.Ge}).Draw(g.t, "op")
		b := &relation.Binary{Op: op, L: g.expr(of, true, depth-1), R: g.expr(of, true, depth-1), Kind: k, Of: of}
		if of == relation.Enum {
			b.Enum = []string{"low", "mid", "high"}
		}
		return b
	case relation.Int:
		switch pick(7) {
		case 0:
			return &relation.Unary{Op: relation.Neg, X: sub(k), Kind: k}
		case 4:
			return fn("millis", sub(relation.Duration))
		case 5:
			return fn("div", sub(k), sub(k))
		case 1:
			return fn("length", sub(rapid.SampledFrom([]relation.Kind{relation.Text, relation.Bytes, relation.JSONKind}).Draw(g.t, "of")))
		case 2:
			return fn(rapid.SampledFrom([]string{"int", "floor", "ceil", "round"}).Draw(g.t, "fn"), sub(relation.Float))
		case 3:
			return fn(rapid.SampledFrom([]string{"year", "month", "day", "weekday", "hour", "minute", "second"}).Draw(g.t, "fn"), sub(relation.Time))
		}
		op := rapid.SampledFrom([]relation.Op{relation.Add, relation.Subt, relation.Mul, relation.Mod, relation.IDiv}).Draw(g.t, "op")
		return &relation.Binary{Op: op, L: sub(k), R: sub(k), Kind: k, Of: k}
	case relation.Float:
		if pick(3) == 0 {
			return fn(rapid.SampledFrom([]string{"float", "sqrt", "abs"}).Draw(g.t, "fn"), sub(k))
		}
		op := rapid.SampledFrom([]relation.Op{relation.Add, relation.Subt, relation.Mul, relation.Div, relation.Mod}).Draw(g.t, "op")
		return &relation.Binary{Op: op, L: sub(k), R: sub(k), Kind: k, Of: k}
	case relation.Text:
		switch pick(5) {
		case 0:
			return &relation.Binary{Op: relation.Cat, L: sub(k), R: sub(k), Kind: k, Of: k}
		case 1:
			return fn("string", sub(rapid.SampledFrom([]relation.Kind{relation.Bool, relation.Int, relation.Float, relation.Time,
				relation.Duration, relation.Enum}).Draw(g.t, "of")))
		case 2:
			return fn("replace", sub(k), sub(k), sub(k))
		case 3:
			n := &relation.Const{Value: int64(pick(5) - 2), Kind: relation.Int}
			switch pick(4) {
			case 0:
				return fn("slice", sub(k), n)
			case 1:
				return fn("padStart", sub(k), n, sub(k))
			case 2:
				return fn("repeat", sub(k), n)
			}
			return fn("slice", sub(k), &relation.Const{Value: int64(pick(4) - 2), Kind: relation.Int},
				&relation.Const{Value: int64(pick(4)), Kind: relation.Int})
		}
		return fn(rapid.SampledFrom([]string{"lower", "upper", "trim"}).Draw(g.t, "fn"), sub(k))
	case relation.Duration:
		if pick(2) == 0 {
			return fn("duration", sub(relation.Int))
		}
		return fn(rapid.SampledFrom([]string{"min", "max"}).Draw(g.t, "fn"), sub(k), sub(k))
	case relation.ID:
		return fn(rapid.SampledFrom([]string{"min", "max"}).Draw(g.t, "fn"), sub(k), sub(k))
	}
	return g.leaf(k, nullable)
}

// TestSQLAndGoAgree computes random expressions over random rows in the database and in Go. Both must return the same
// value, or both must fail. go test ./relation/sqlite -run TestSQLAndGoAgree -rapid.checks=200000 computes more.
func TestSQLAndGoAgree(t *testing.T) {
	s := open(t, sample)
	n := int64(0)
	rapid.Check(t, func(rt *rapid.T) {
		row := make(relation.Row, len(sample.Columns))
		n++
		row[0] = n
		for i, c := range sample.Columns[1:] {
			row[i+1] = drawValue(rt, c)
		}
		g := &exprs{t: rt}
		k := rapid.SampledFrom(scalarKinds).Draw(rt, "kind")
		x := g.expr(k, true, 3)
		if _, err := store.Write(t.Context(), s, func(tx store.Tx) error { return tx.Insert(sample, row) }); err != nil {
			rt.Fatal(err)
		}
		params := append(g.params, relation.Column{Name: "n", Kind: relation.Int})
		values := append(g.values, n)
		plan := &relation.Map{
			Input: &relation.Filter{
				Input: &relation.Scan{Table: sample},
				Cond: &relation.Binary{Op: relation.Eq, L: &relation.Col{Kind: relation.Int},
					R: &relation.Param{Index: len(params) - 1, Kind: relation.Int}, Kind: relation.Bool, Of: relation.Int},
			},
			Exprs: []relation.Named{{Column: relation.Column{Kind: k, Nullable: true}, Expr: x}},
		}
		q := chain.NewQuery("test", plan, params...)
		prepared, err := sql.Prepare(flavour.Flavour, q)
		if err != nil {
			rt.Fatal(err)
		}
		st := prepared.Statements[0]
		fn, err := eval.Compile(x)
		if err != nil {
			rt.Fatal(err)
		}
		want, wantErr := fn(&eval.Params{Values: values}, row)
		var got relation.Value
		gotErr := s.Read(t.Context(), func(tx store.Tx) error {
			rows, err := tx.Query(q, values...)
			if err == nil {
				got = rows[0][0]
			}
			return err
		})
		if (gotErr != nil) != (wantErr != nil) {
			rt.Fatalf("SQL: %v %v\nGo: %v %v\n%s\n%v %v", got, gotErr, want, wantErr, st.SQL, values, row)
		}
		if gotErr == nil && !eval.Equal(got, want) {
			rt.Fatalf("SQL: %#v\nGo:  %#v\n%s\n%q %q", got, want, st.SQL, values, row)
		}
	})
}
