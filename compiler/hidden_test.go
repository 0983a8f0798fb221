package compiler

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/lang/source"
)

// TestHiddenRows compares the errors that writes to single rows declare, and what they read, with whom their table hides rows from.
func TestHiddenRows(t *testing.T) {
	const text = `
table User { id: id  seen: int = 0 }
table Member { user: User.id key }
table Note {
  id: string key
  owner: User.id
  text: string
  read if ctx.user != null && (Member | find(.owner)) != null
}
table Open { id: string key  text: string  write if .text != "" }
upgrade -> User? = session()
guard signedIn { require ctx.user != null else UNAUTHORIZED }
rpc join() guard signedIn { insert Member { user: ctx.user.id } }
rpc see() guard signedIn { update ctx.user { seen: .seen + 1 } }
rpc edit(n: Note) -> Note public { return update n { text: "x" } }
rpc drop(n: Note) public { delete n }
rpc put(id: string, text: string, owner: User.id) -> Note public { return upsert Note { id, text, owner } }
rpc putAgain(id: string, owner: User.id) -> Note public {
  let n = insert Note { id, owner, text: "" }
  return update n { text: "x" }
}
rpc editOpen(o: Open) -> Open public { return update o { text: "x" } }
rpc putOpen(id: string) -> Open public { return upsert Open { id, text: "x" } }
`
	app, list := Compile("app", []*source.File{{Path: "app.live", Module: "app", Text: text}})
	if list.HasErrors() {
		t.Fatal(lines(list))
	}
	want := map[string]string{
		"join": "CONFLICT UNAUTHORIZED", "see": "UNAUTHORIZED", "edit": "NOT_FOUND VALIDATION reads Member",
		"drop": "NOT_FOUND VALIDATION reads Member",
		"put":  "FORBIDDEN VALIDATION reads Member Note", "putAgain": "CONFLICT VALIDATION",
		"editOpen": "FORBIDDEN VALIDATION", "putOpen": "FORBIDDEN VALIDATION reads Open",
	}
	for _, r := range app.Program.Modules[0].RPCs {
		does := app.Facts.Footprint(r)
		got := strings.Join(does.Errors, " ")
		for i, read := range does.Reads {
			if i == 0 {
				got += " reads"
			}
			got += " " + read.Row.Name
		}
		if got != want[r.Name] {
			t.Errorf("%s: %s, want %s", r.Name, got, want[r.Name])
		}
	}
}
