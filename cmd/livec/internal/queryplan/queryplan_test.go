package queryplan

import (
	"bytes"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

const tables = `table User {
  id: id
  name: string
  tags: [string] = []
  boss: id?
}

table Post {
  id: id
  author: User.id
  room: string
  score: int = 0
  at: time = now()

  index (room)
}
`

// TestPlans prints each kind of stage and expression, and how each kind of plan is kept live. SQLite explains all statements.
func TestPlans(t *testing.T) {
	for name, c := range map[string]struct {
		stream string
		want   []string // lines, in order
	}{
		"all": {"s public = User", []string{"User", "| sort .id", "kept: all rows, because there is no limit",
			"a write to User: every subscription is checked, because the query does not compare a field with a parameter by ==, <, <=, > or >="}},
		"filter": {"s(room: string) public = Post | filter .room == room && !(.score > 3)",
			[]string{"| filter (.room == room) && !(.score > 3)",
				"a write to Post: one lookup of room finds the subscriptions with the same room"}},
		"range": {"s(since: time) public = Post | filter .at > since",
			[]string{"a write to Post: a walk through the subscriptions in the order of since finds those whose range has at"}},
		"range in a room": {"s(room: string, most: int) public = Post | filter .room == room && .score <= most",
			[]string{"a write to Post: one lookup of room finds the subscriptions with the same room, " +
				"and a walk through them in the order of most those whose range has score"}},
		"window": {"s public = Post | sort (.score desc, .at) | limit 5",
			[]string{"| sort .score desc, .at, .id", "| limit 5", "kept: a window of 5 rows",
				"for each of them, a binary search finds the place of the row; when a row leaves, the next rows after the last one are read"}},
		"page": {"s public = Post | page 7", []string{"| page 7", "kept: a window of the loaded pages, 7 rows each"}},
		"join": {"s public = Post | join User on .author as author { .name }",
			[]string{"| join User on .author == author.id as author { .name }"}},
		"optional": {"s public = User | join User? on .boss as boss { .name }", []string{"| join User? on .boss == boss.id as boss { .name }"}},
		"map": {"s public = User | map { .id, label: upper(.name), n: if .name == \"x\" then 1 else -2 }",
			[]string{"| map { .id, label: upper(.name), n: if .name == \"x\" then 1 else -2 }"}},
		"inner": {"s public = User as u | map { .id, posts: (Post | filter .author == u.id | count()) }",
			[]string{"| map { .id, posts: (Post | filter .author == outer.id | count()) }",
				"a write to Post: one lookup of author finds the windows that show the row"}},
		"in plan": {"s public = Post | filter .author in (User | filter .name == \"x\" | map .id)",
			[]string{"| filter .author in (User | filter .name == \"x\" | map .id)"}},
		"in list": {"s(ids: [id]) public = Post | filter .author in ids", []string{"| filter .author in ids"}},
		"group": {"s public = Post | group .room { .room, n: count(), best: max(.score) }",
			[]string{"| group { .room, n: count(), best: max(.score) }", "kept: the aggregates of each group"}},
		"value": {"s public = Post | sum(.score)", []string{"| sum(.score)", "kept: one value",
			"for each of them, the aggregate is updated; a minimum or maximum that leaves is read again"}},
		"first":     {"s public = Post | sort .at desc | first()", []string{"| first()", "kept: the first row"}},
		"any":       {"s public = Post | any(.score > 9)", []string{"| any(.score > 9)"}},
		"parameter": {"s(n: int) public = Post | filter .score > n * 2", []string{"| filter .score > `n * 2`", "with ?1 = `n * 2`"}},
		"again": {"s public = Post | limit 5 | filter .score > 1 | limit 2",
			[]string{"kept: the last result; the query runs again after each write that may change it, because",
				"for each of them, the query runs again"}},
	} {
		t.Run(name, func(t *testing.T) {
			app, list := compiler.Compile("app", []*source.File{{Path: "app.live", Module: "app", Text: tables + "stream " + c.stream + "\n"}})
			if list.HasErrors() {
				_ = diag.Text(t.Output(), list, diag.RenderOptions{}) // to the log
				t.Fatal("it does not compile")
			}
			db, err := Open(app)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }() // it is in memory, so there is nothing to lose
			var out bytes.Buffer
			if err := New(app, db, true).Text(&out, app.Program.Queries[0]); err != nil {
				t.Fatal(err)
			}
			rest := out.String()
			for _, line := range c.want {
				_, after, ok := strings.Cut(rest, "  "+line)
				if !ok {
					t.Fatalf("no line %q, or not in this order, in:\n%s", line, out.String())
				}
				rest = after
			}
			if strings.Contains(out.String(), "cannot tell") {
				t.Errorf("SQLite does not explain:\n%s", out.String())
			}
		})
	}
}

// TestTablesOfOneName checks that tables with the same name are shown with their modules.
func TestTablesOfOneName(t *testing.T) {
	file := func(name string) *source.File {
		return &source.File{Path: name + ".live", Module: name, Text: "table Item { id: id }\nstream items public = Item\n"}
	}
	app, list := compiler.Compile("app", []*source.File{file("a"), file("b")})
	if list.HasErrors() {
		t.Fatal(list)
	}
	db, err := Open(app)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // it is in memory, so there is nothing to lose
	var out bytes.Buffer
	if err := New(app, db, false).Text(&out, app.Program.Queries[1]); err != nil || !strings.Contains(out.String(), "\n  b/Item\n") {
		t.Errorf("%v: %s", err, out.String())
	}
}
