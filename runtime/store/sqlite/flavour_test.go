package sqlite

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/plantest"
	"github.com/livec-lang/livec/relation/sql"
	"github.com/livec-lang/livec/relation/sqlite"
	"github.com/livec-lang/livec/runtime/store"
)

// scans is a flavour that computes nothing: the database only reads tables.
func scans(*rapid.T) *sql.Flavour {
	f := *sqlite.Flavour
	f.Pushes = func(p relation.Part) bool {
		switch p.(type) {
		case *relation.Scan, *relation.Map, *relation.Col: // what a statement for a table and its key needs
			return true
		}
		return false
	}
	return &f
}

// some is a flavour that computes some kinds of nodes, operators and functions.
func some(t *rapid.T) *sql.Flavour {
	drawn := map[string]bool{}
	f := *sqlite.Flavour
	f.Pushes = func(p relation.Part) bool {
		name := fmt.Sprintf("%T", p)
		switch p := p.(type) {
		case *relation.Scan, *relation.Map, *relation.Col:
			return true
		case *relation.Unary:
			name += string(p.Op)
		case *relation.Binary:
			name += string(p.Op)
		case *relation.Func:
			name += p.Name
		case *relation.Reduce:
			name += p.Agg.Func.String()
		}
		yes, known := drawn[name]
		if !known {
			yes = rapid.IntRange(0, 3).Draw(t, name) > 0
			drawn[name] = yes
		}
		return yes
	}
	return &f
}

// plain is a flavour without Go functions, as for another database, with another form of parameters.
func plain(*rapid.T) *sql.Flavour {
	f := *sqlite.Flavour
	f.Placeholder = func(n int) string { return fmt.Sprintf("$%d", n) }
	f.Arith = func(relation.Op, bool, string, string) string { return "" }
	f.Function = func(string, []string) string { return "" }
	f.Member = func(string, []string, relation.Kind) string { return "" }
	f.Pack = func([]string) string { return "" }
	f.Unpack = func(string, int) string { return "" }
	f.Float = func(float64) string { return "" }
	only := func(sql string) string {
		if strings.Contains(sql, "live_") {
			return ""
		}
		return sql
	}
	f.InList = func(x, list string, of relation.Kind, nullable, fallible bool) string {
		return only(sqlite.Flavour.InList(x, list, of, nullable, fallible))
	}
	f.Aggregate = func(fn relation.AggFunc, x string, kind relation.Kind) string {
		return only(sqlite.Flavour.Aggregate(fn, x, kind))
	}
	return &f
}

var dollar = regexp.MustCompile(`\$([0-9]+)`)

// TestFlavoursAgree runs random plans, and the statements that keep them up to date, once with SQLite's flavour and once with flavours that
// leave more to Go.
func TestFlavoursAgree(t *testing.T) {
	for _, c := range []struct {
		name    string
		flavour func(*rapid.T) *sql.Flavour
	}{{"scans", scans}, {"some", some}, {"plain", plain}} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { agree(t, rt, c.flavour(rt)) })
		})
	}
}

func agree(t *testing.T, rt *rapid.T, f *sql.Flavour) {
	s, err := Open(t.Context(), Memory, plantest.Tables, Options{})
	if err != nil {
		rt.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	rows, of := plantest.Fill(rt)
	if _, err := store.Write(t.Context(), s, func(tx store.Tx) error {
		for i, r := range rows {
			if err := tx.Insert(of[i], r); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		rt.Fatal(err)
	}
	g := plantest.New(rt)
	plan, _ := g.Plan()
	q := chain.NewLiveQuery("query", plan, g.Params...)
	queries := []*relation.Query{q}
	for _, st := range q.Statements {
		queries = append(queries, st.Query)
	}
	for _, q := range queries {
		same(t, rt, s, f, q, g.Values)
	}
}

// same runs a query with SQLite's flavour and with another one. Its further parameters are random.
func same(t *testing.T, rt *rapid.T, s store.Store, f *sql.Flavour, q *relation.Query, values []relation.Value) {
	first := len(values)
	if len(q.Params) < first {
		first = 0 // of a statement without the parameters of the query
	}
	values = append([]relation.Value(nil), values[:first]...)
	for _, c := range q.Params[first:] {
		switch {
		case c.Name == "limit":
			values = append(values, int64(rapid.IntRange(0, 5).Draw(rt, "limit")))
			continue
		case c.Name == "" && c.Kind == relation.ID:
			c.Name = "id"
		}
		values = append(values, plantest.Value(rt, c))
	}
	whole, err := sql.Prepare(sqlite.Flavour, q)
	if err != nil {
		rt.Fatal(err)
	}
	if !whole.Whole() {
		rt.Fatalf("SQLite does not compute all of %s", q.Name)
	}
	split, err := sql.Prepare(f, q)
	if err != nil {
		rt.Fatalf("%s: %v\n%s", q.Name, err, whole.Statements[0].SQL)
	}
	var want, got []relation.Row
	var wantErr, gotErr error
	if err := s.Read(t.Context(), func(tx store.Tx) error {
		want, wantErr = whole.Run(values, raw(tx, values))
		got, gotErr = split.Run(values, raw(tx, values))
		return nil
	}); err != nil {
		rt.Fatal(err)
	}
	ok := (wantErr == nil) == (gotErr == nil) && len(want) == len(got)
	for i := 0; ok && i < len(want); i++ {
		ok = relation.SameRow(want[i], got[i])
	}
	if !ok {
		var pushed strings.Builder
		for _, st := range split.Statements {
			fmt.Fprintf(&pushed, "%s\n", st.SQL)
		}
		rt.Fatalf("%s: %s\nwith %v gives %v %v\nbut %s\ngives %v %v", q.Name, whole.Statements[0].SQL, values, want, wantErr, &pushed, got,
			gotErr)
	}
}

// raw runs statements in a transaction.
func raw(t store.Tx, values []relation.Value) func(*sql.Statement) ([]relation.Row, error) {
	return func(st *sql.Statement) ([]relation.Row, error) {
		args := make([]any, len(st.Binds))
		for i, p := range st.Binds {
			b, err := bind(values[p])
			if err != nil {
				return nil, err
			}
			args[i] = b
		}
		return t.(*tx).rows(dollar.ReplaceAllString(st.SQL, "?$1"), args, st.Out)
	}
}
