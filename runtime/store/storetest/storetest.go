// Package storetest is the conformance suite of package store: tests that every backend must pass. The tests of a backend call Run.
package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

// Backend is the backend under test.
type Backend struct {
	// Open opens the database in a folder, and creates it if there is none. Each test has a folder of its own.
	Open func(ctx context.Context, dir string, tables []*relation.Table) (store.Store, error)
}

// Run runs the suite.
func Run(t *testing.T, b Backend) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *fixture)
	}{
		{"values", testValues},
		{"rows", testRows},
		{"unique", testUnique},
		{"rollback", testRollback},
		{"panic", testPanic},
		{"sequence", testSequence},
		{"net changes", testNetChanges},
		{"commits before answers", testCommitsBeforeAnswers},
		{"touched", testTouched},
		{"system tables", testSystemTables},
		{"hidden tables", testHiddenTables},
		{"query", testQuery},
		{"after the end", testAfterEnd},
		{"snapshot", testSnapshot},
		{"readers do not write", testReadOnly},
		{"order of submission", testSubmitOrder},
		{"context", testContext},
		{"close", testClose},
		{"reopen", testReopen},
		{"model", testModel},
		{"hooks", testHooks},
		{"net changes for hooks", testHookChanges},
		{"order of hooks", testHookOrder},
		{"rounds of hooks", testHookRounds},
		{"hooks without end", testHooksWithoutEnd},
		{"errors of hooks", testHookErrors},
		{"deadline of hooks", testHookDeadline},
		{"hooks in groups", testHookGroups},
		{"model with hooks", testHookModel},
		{"readers and writers", testConcurrency},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, newFixture(t, b)) })
	}
}

// fixture is an open store with tables and queries.
type fixture struct {
	Backend
	store.Store
	dir string
	log []store.Commit // all commits so far; read only between calls

	user, membership, sample *relation.Table
	system, hidden           *relation.Table // of the runtime
	tables                   []*relation.Table
	byAge, all               *relation.Query
}

func newFixture(t *testing.T, b Backend) *fixture {
	t.Helper()
	f := &fixture{Backend: b, dir: t.TempDir()}
	f.user = &relation.Table{Name: "User", Columns: relation.Schema{
		{Name: "id", Kind: relation.ID}, {Name: "name", Kind: relation.Text}, {Name: "age", Kind: relation.Int, Nullable: true},
	}, Key: []int{0}, Unique: [][]int{{1}}, Index: [][]int{{2}}}
	f.membership = &relation.Table{Name: "Membership", Columns: relation.Schema{
		{Name: "board", Kind: relation.ID}, {Name: "user", Kind: relation.ID}, {Name: "canWrite", Kind: relation.Bool},
	}, Key: []int{1, 0}}
	f.sample = &relation.Table{Name: "Sample", Columns: relation.Schema{
		{Name: "id", Kind: relation.Int},
		{Name: "bool", Kind: relation.Bool, Nullable: true},
		{Name: "int", Kind: relation.Int, Nullable: true},
		{Name: "float", Kind: relation.Float, Nullable: true},
		{Name: "text", Kind: relation.Text, Nullable: true},
		{Name: "ref", Kind: relation.ID, Nullable: true},
		{Name: "time", Kind: relation.Time, Nullable: true},
		{Name: "duration", Kind: relation.Duration, Nullable: true},
		{Name: "bytes", Kind: relation.Bytes, Nullable: true},
		{Name: "phase", Kind: relation.Enum, Nullable: true, Enum: []string{"open", "closed"}},
		{Name: "json", Kind: relation.JSONKind, Nullable: true},
	}, Key: []int{0}}
	f.system = systemTable("test")
	f.hidden = systemTable("hidden")
	f.hidden.Hidden = true
	f.tables = []*relation.Table{f.user, f.membership, f.sample, f.system, f.hidden}
	col := func(i int) relation.Expr {
		return &relation.Col{Index: i, Kind: f.user.Columns[i].Kind}
	}
	byID := []relation.SortKey{{Expr: col(0)}}
	f.all = chain.NewQuery("all", &relation.Sort{Input: &relation.Scan{Table: f.user}, By: byID})
	f.byAge = chain.NewQuery("byAge", &relation.Sort{Input: &relation.Filter{
		Input: &relation.Scan{Table: f.user},
		Cond: &relation.Binary{
			Op: relation.Eq, L: col(2), R: &relation.Param{Index: 0, Kind: relation.Int}, Kind: relation.Bool, Of: relation.Int,
		},
	}, By: byID}, relation.Column{Name: "age", Kind: relation.Int, Nullable: true})
	f.open(t)
	t.Cleanup(func() { must(t, f.Close()) })
	return f
}

func systemTable(name string) *relation.Table {
	return &relation.Table{
		Name:    relation.SystemPrefix + name,
		Columns: relation.Schema{{Name: "k", Kind: relation.Text}, {Name: "v", Kind: relation.Int}},
		Key:     []int{0},
	}
}

func (f *fixture) open(t testing.TB) {
	t.Helper()
	s, err := f.Backend.Open(t.Context(), f.dir, f.tables)
	must(t, err)
	f.Store = s
	s.OnCommit(func(c store.Commit) { f.log = append(f.log, c) })
}

// write runs fn, which must succeed.
func (f *fixture) write(t testing.TB, fn func(store.Tx) error) store.Commit {
	t.Helper()
	c, err := store.Write(t.Context(), f, fn)
	must(t, err)
	return c
}

// read runs fn on a snapshot, which must succeed.
func (f *fixture) read(t testing.TB, fn func(store.Tx) error) {
	t.Helper()
	must(t, f.Read(t.Context(), fn))
}

// users is the rows of table User, by id.
func (f *fixture) users(t testing.TB) (rows []relation.Row) {
	t.Helper()
	f.read(t, func(tx store.Tx) (err error) {
		rows, err = tx.Query(f.all)
		return err
	})
	return rows
}

func user(id, name string, age any) relation.Row {
	if n, ok := age.(int); ok {
		age = int64(n)
	}
	return relation.Row{id, name, age}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// try is must inside an fn of Write, which runs on a goroutine of the store, where t.Fatal must not be called.
func try(err error) {
	if err != nil {
		panic(err)
	}
}

func wantError(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}
